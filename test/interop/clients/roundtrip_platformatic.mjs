// Writes and reads with @platformatic/kafka.
import { Consumer, MessagesStreamModes, Producer } from '@platformatic/kafka'

const [bootstrap, topic, codec] = process.argv.slice(2)
const bootstrapBrokers = [bootstrap]
const producer = new Producer({
  clientId: 'platformatic',
  bootstrapBrokers,
  compression: codec,
  autocreateTopics: true,
})
const expected = Array.from({ length: 60 }, (_, i) => ({
  key: Buffer.from(`key-${i}`),
  value: Buffer.from(`value-${i}`.repeat(10)),
}))
expected.push({ key: Buffer.from('large'), value: Buffer.alloc(900_000, 1) })
for (const message of expected) await producer.send({ messages: [{ topic, partition: 0, ...message }] })
await producer.close()
const consumer = new Consumer({
  clientId: 'platformatic',
  groupId: `read-${topic}`,
  bootstrapBrokers,
  maxBytes: 4_000_000,
})
const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.EARLIEST, autocommit: true })
let at = 0
for await (const message of stream) {
  const wanted = expected[at]
  if (Number(message.offset) !== at || !message.key.equals(wanted.key) || !message.value.equals(wanted.value))
    throw new Error(`record ${at} differs`)
  if (++at === expected.length) break
}
await stream.close()
await consumer.close(true)
console.log('ok', at)
