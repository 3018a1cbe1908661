// One consumer of a group, by @platformatic/kafka: prints each record it has processed and commits it.
import { Consumer, MessagesStreamFallbackModes, MessagesStreamModes } from '@platformatic/kafka'

const [bootstrap, topic, groupId] = process.argv.slice(2)
const consumer = new Consumer({
  clientId: 'platformatic',
  groupId,
  bootstrapBrokers: [bootstrap],
  sessionTimeout: 6000,
  rebalanceTimeout: 10_000,
  heartbeatInterval: 500,
  maxWaitTime: 100,
})
const stream = await consumer.consume({
  topics: [topic],
  mode: MessagesStreamModes.COMMITTED,
  fallbackMode: MessagesStreamFallbackModes.EARLIEST,
  autocommit: false,
})
stream.on('error', (error) => console.error(error.message))
process.on('SIGTERM', async () => {
  await stream.close()
  await consumer.close(true)
  process.exit(0)
})
for await (const message of stream) {
  process.stdout.write(`did ${message.partition} ${message.offset}\n`)
  try {
    await message.commit()
  } catch (error) {
    // A rebalance took the partition: whoever has it now does this record again.
    console.error('lost', error.message)
  }
}
