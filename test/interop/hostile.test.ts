import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Kafka, logLevel, type Producer } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { HostileFrames } from '../support/hostile-frames'

/** How long hostile clients are at work: `OTTLA_HOSTILE_SECONDS=3600` for the long run. */
const seconds = Number(process.env.OTTLA_HOSTILE_SECONDS ?? 60)
const seed = Number(process.env.OTTLA_HOSTILE_SEED ?? Date.now() % 1_000_000)
const connections = 8
const longestWaitMs = 1000

let broker: BrokerProcess
let kafka: Kafka
let producer: Producer

beforeAll(async () => {
  broker = await BrokerProcess.start()
  kafka = new Kafka({ clientId: 'probe', brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { retries: 0 } })
  const admin = kafka.admin()
  await admin.connect()
  // Its own configs, which no config of a broker overrides.
  const configEntries = [{ name: 'max.message.bytes', value: '1000000' }]
  await admin.createTopics({ topics: [{ topic: 'probe', numPartitions: 1, configEntries }] })
  await admin.disconnect()
  producer = kafka.producer()
  await producer.connect()
})
afterAll(async () => {
  await producer.disconnect()
  await broker.dispose()
})

/** Sends frames until the time is over; waits shortly for each answer, as a client with a timeout does. */
async function beHostile(frames: HostileFrames, until: number, sent: Map<string, number>): Promise<number> {
  let closed = 0
  let socket: Socket | undefined
  while (Date.now() < until) {
    if (!socket || socket.destroyed) {
      socket = connect(broker.port, '127.0.0.1')
      socket.on('error', () => {})
      await once(socket, 'connect')
    }
    const { api, bytes } = frames.next()
    sent.set(api, (sent.get(api) ?? 0) + 1)
    socket.write(bytes)
    const ended = await answered(socket)
    if (!ended) continue
    closed++
    socket.destroy()
  }
  socket?.destroy()
  return closed
}

/** How long a hostile client waits for an answer. */
const patienceMs = 50

/** Whether the connection is over: it was closed, or its client lost patience. False when an answer came. */
async function answered(socket: Socket): Promise<boolean> {
  const signal = AbortSignal.timeout(patienceMs)
  const answer = once(socket, 'data', { signal }).then(() => false)
  const end = once(socket, 'close', { signal }).then(() => true)
  return Promise.race([answer, end]).catch(() => true)
}

test(
  `hostile frames of every API for ${seconds} s (seed ${seed}): a real client never waits longer than a second`,
  async () => {
    const until = Date.now() + seconds * 1000
    const sent = new Map<string, number>()
    const hostiles = Array.from({ length: connections }, (_, i) => beHostile(new HostileFrames(seed + i), until, sent))
    let longest = 0
    let messages = 0
    while (Date.now() < until) {
      const begun = performance.now()
      await producer.send({ topic: 'probe', acks: -1, messages: [{ key: 'k', value: String(messages++) }] })
      longest = Math.max(longest, performance.now() - begun)
    }
    const closed = (await Promise.all(hostiles)).reduce((sum, each) => sum + each, 0)
    const frames = [...sent.values()].reduce((sum, each) => sum + each, 0)
    process.stderr.write(
      `hostile: ${frames} frames of ${sent.size - 1} APIs, ${closed} connections closed; ${messages} messages, the longest took ${Math.round(longest)} ms\n`,
    )
    expect(new HostileFrames(seed).apis.size).toBeGreaterThan(60)
    expect(broker.log.split('\n').filter((line) => /mistake of ours|listener failed/i.test(line))).toEqual([])
    expect(longest).toBeLessThan(longestWaitMs)
    // Nothing is lost.
    const consumer = kafka.consumer({ groupId: 'probe' })
    await consumer.connect()
    await consumer.subscribe({ topic: 'probe', fromBeginning: true })
    const read = new Set<string>()
    await new Promise<void>((resolve, reject) => {
      const run = consumer.run({
        eachMessage: async ({ message }) => {
          read.add(String(message.value))
          if (read.size === messages) resolve()
        },
      })
      run.catch(reject)
    })
    await consumer.disconnect()
    expect(read.size).toBe(messages)
  },
  (seconds + 60) * 1000,
)
