// Writes and reads with kafkajs: none and gzip are its own codecs.
const { Kafka, CompressionTypes, Partitioners, logLevel } = require('kafkajs')

const [bootstrap, topic, codec] = process.argv.slice(2)

async function main() {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR })
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  const expected = Array.from({ length: 60 }, (_, i) => ({
    key: i % 5 === 0 ? null : Buffer.from(`key-${i}`),
    value: i % 7 === 3 ? null : Buffer.from(`value-${i}`.repeat(10)),
    headers: i % 3 === 0 ? { a: Buffer.from('1') } : {},
  }))
  expected.push({ key: Buffer.from('large'), value: Buffer.alloc(1_000_000, 1), headers: {} })
  const compression = codec === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None
  for (const message of expected) await producer.send({ topic, compression, messages: [{ ...message, partition: 0 }] })
  await producer.disconnect()
  const consumer = kafka.consumer({ groupId: `read-${topic}`, maxBytesPerPartition: 2_000_000 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  let at = 0
  await new Promise((resolve, reject) => {
    const same = (a, b) => (a === null || b === null ? a === b : a.equals(b))
    consumer
      .run({
        eachMessage: async ({ message }) => {
          const wanted = expected[at]
          const isSame =
            Number(message.offset) === at && same(message.key, wanted.key) && same(message.value, wanted.value)
          if (!isSame || Object.keys(message.headers).length !== Object.keys(wanted.headers).length)
            reject(new Error(`record ${at} differs`))
          if (++at === expected.length) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  console.log('ok', at)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
