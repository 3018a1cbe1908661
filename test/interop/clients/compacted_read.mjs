// Prints what @platformatic/kafka or kafkajs reads of a topic, up to the key `last`: offset, key, value.
import { Consumer, MessagesStreamModes } from '@platformatic/kafka'
import kafkajs from 'kafkajs'

const [client, bootstrap, topic] = process.argv.slice(2)
const show = ({ offset, key, value }) =>
  console.log(`${offset} ${key} ${value === null || value === undefined ? 'null' : value}`)
const isLast = ({ key }) => String(key) === 'last'

async function platformatic() {
  const consumer = new Consumer({
    clientId: 'read',
    groupId: `platformatic-${topic}`,
    bootstrapBrokers: [bootstrap],
    isolationLevel: 1,
  })
  const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.EARLIEST, autocommit: false })
  for await (const message of stream) {
    show(message)
    if (isLast(message)) break
  }
  await stream.close()
  await consumer.close(true)
}

async function viaKafkajs() {
  const kafka = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.ERROR })
  const consumer = kafka.consumer({ groupId: `kafkajs-${topic}`, readUncommitted: false })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message }) => {
          show(message)
          if (isLast(message)) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
}

await (client === 'kafkajs' ? viaKafkajs() : platformatic())
