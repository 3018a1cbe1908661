// One consumer of a group, by kafkajs: prints each record it has processed and commits it.
const { Kafka, logLevel } = require('kafkajs')

const [bootstrap, topic, groupId] = process.argv.slice(2)
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50 } })
const consumer = kafka.consumer({ groupId, sessionTimeout: 6000, heartbeatInterval: 500, rebalanceTimeout: 10_000 })

async function main() {
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message, heartbeat }) => {
      process.stdout.write(`did ${partition} ${message.offset}\n`)
      // A rebalance took the partition when this fails: whoever has it now does this record again.
      await consumer.commitOffsets([{ topic, partition, offset: String(Number(message.offset) + 1) }])
      await heartbeat()
    },
  })
}

process.on('SIGTERM', () => consumer.disconnect().then(() => process.exit(0)))
main().catch((error) => {
  console.error(error)
  process.exit(1)
})
