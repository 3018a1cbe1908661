import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Kafka, logLevel } from 'kafkajs'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { alterGroupConfigs } from '../../src-main/client/admin/configs'
import { describeStreamsGroup } from '../../src-main/client/admin/streams-groups'
import { KafkaClient } from '../../src-main/client/client'
import { defaultSettings } from '../../src-main/client/settings'
import { BrokerProcess } from '../support/broker'
import { kafkaStreams, needsJava, runJava, startJava } from '../support/java'
import { takePort } from '../support/ports'
import { itNeeds } from '../support/require'

const source = join(__dirname, 'clients/WordCount.java')
const words = ['tea', 'milk', 'bread', 'jam', 'honey', 'salt', 'rice', 'oil']

/** As short as the classic protocol's in clients/WordCount.java. */
const configs = [
  'group.streams.min.session.timeout.ms=6000',
  'group.streams.session.timeout.ms=6000',
  'group.streams.min.heartbeat.interval.ms=500',
  'group.streams.heartbeat.interval.ms=500',
  'group.streams.initial.rebalance.delay.ms=500',
]

/** On the listener SASL_PLAINTEXT, alice may do only what an ACL allows. */
const authorizer = [
  'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users=User:ANONYMOUS;User:admin',
  'sasl.jaas.config=PlainLoginModule required user_admin="admin-secret" user_alice="alice-secret";',
]

let broker: BrokerProcess
let secured: string
let apps: ChildProcess[]
beforeEach(async () => {
  const taken = await takePort()
  await taken.release()
  secured = `127.0.0.1:${taken.port}`
  broker = await BrokerProcess.start({
    args: [
      ...['--listener', `sasl_plaintext://${secured}`],
      ...[...configs, ...authorizer].flatMap((config) => ['--config', config]),
    ],
  })
  apps = []
})
afterEach(async () => {
  for (const app of apps) app.kill('SIGKILL')
  await broker.dispose()
})

type Protocol = 'classic' | 'streams'

async function startApp(protocol: Protocol, state = 'state'): Promise<ChildProcess> {
  const app = await startJava(source, [broker.address, join(broker.folder, state), protocol], [kafkaStreams])
  app.stderr?.resume()
  apps.push(app)
  const lines = createInterface({ input: app.stdout as NonNullable<typeof app.stdout> })
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => line === 'state RUNNING' && resolve())
    app.once('exit', (code) => reject(new Error(`the application ended with ${code}`)))
  })
  return app
}

describe.each<Protocol>(['classic', 'streams'])('Kafka Streams, exactly_once_v2, group.protocol=%s', (protocol) => {
  itNeeds(
    [needsJava()],
    'counts words exactly, though it is killed and started again while another instance joins',
    async () => {
      const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
      const admin = kafka.admin()
      await admin.connect()
      await admin.createTopics({
        topics: [
          { topic: 'lines', numPartitions: 3 },
          { topic: 'counts', numPartitions: 1 },
        ],
      })
      const producer = kafka.producer()
      await producer.connect()
      const expected = new Map<string, number>()
      let sent = 0
      const send = async (lines: number) => {
        const messages = Array.from({ length: lines }, () => {
          const line = [words[sent % 8], words[(sent * 3) % 8], words[(sent * 5 + 1) % 8]] as string[]
          sent++
          for (const word of line) expected.set(word, (expected.get(word) ?? 0) + 1)
          return { partition: sent % 3, value: line.join(' ') }
        })
        await producer.send({ topic: 'lines', messages })
      }
      const counts = new Map<string, number>()
      const backward: string[] = []
      const consumer = kafka.consumer({ groupId: 'check', readUncommitted: false })
      await consumer.connect()
      await consumer.subscribe({ topic: 'counts', fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ message }) => {
          const word = String(message.key)
          const count = Number(message.value?.readBigInt64BE())
          // A count that is not larger than the one before it was lost, or counted twice.
          if (count <= (counts.get(word) ?? 0)) backward.push(`${word} ${counts.get(word)} ${count}`)
          counts.set(word, count)
        },
      })
      const total = () => [...counts.values()].reduce((sum, count) => sum + count, 0)
      for (let round = 0; round < 3; round++) {
        // The last one joins while the one before it works, which is killed then.
        const app = await startApp(protocol, round < 2 ? 'state' : 'other')
        for (let i = 0; i < 20; i++) await send(50)
        const before = round * 3000
        await expect.poll(total, { timeout: 60_000 }).toBeGreaterThan(before + 300)
        if (round === 0) {
          const { groups } = await admin.listGroups()
          const protocolType = protocol === 'classic' ? 'consumer' : 'streams'
          expect(groups).toContainEqual(expect.objectContaining({ groupId: 'words', protocolType }))
        }
        if (round === 1) continue
        const victim = apps[round === 0 ? 0 : 1] ?? app
        victim.kill('SIGKILL')
        await once(victim, 'exit')
      }
      for (let i = 0; i < 4; i++) await send(50)
      await expect.poll(() => Object.fromEntries(counts), { timeout: 60_000 }).toEqual(Object.fromEntries(expected))
      expect(backward).toEqual([])
      await consumer.disconnect()
      await producer.disconnect()
      await admin.disconnect()
    },
    170_000,
  )
})

describe('Kafka Streams with standby tasks', () => {
  itNeeds(
    [needsJava()],
    'an instance is killed: the standby tasks of the other one become its active tasks, and the counts go on',
    async () => {
      const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
      const admin = kafka.admin()
      await admin.connect()
      await admin.createTopics({
        topics: [
          { topic: 'lines', numPartitions: 2 },
          { topic: 'counts', numPartitions: 1 },
        ],
      })
      await admin.disconnect()
      const client = new KafkaClient(
        { ...defaultSettings, clientId: 'describe', bootstrap: [{ host: '127.0.0.1', port: broker.port }] },
        { clock: systemClock },
      )
      await alterGroupConfigs(client, 'words', { 'streams.num.standby.replicas': '1' })
      const producer = kafka.producer()
      await producer.connect()
      const send = () =>
        producer.send({ topic: 'lines', messages: [0, 1].map((partition) => ({ partition, value: 'tea milk' })) })
      const newest = new Map<string, number>()
      const consumer = kafka.consumer({ groupId: 'check', readUncommitted: false })
      await consumer.connect()
      await consumer.subscribe({ topic: 'counts', fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ message }) => {
          newest.set(String(message.key), Number(message.value?.readBigInt64BE()))
        },
      })
      const counts = () => Object.fromEntries(newest)
      const members = async () => (await describeStreamsGroup(client, 'words'))?.members ?? []
      try {
        const [victim] = await Promise.all([startApp('streams', 'one'), startApp('streams', 'two')])
        await send()
        await expect.poll(counts, { timeout: 60_000 }).toEqual({ tea: 2, milk: 2 })
        // Each instance has a copy of the counts that the other one keeps: two tasks of the subtopology with the store.
        const standby = async () => (await members()).flatMap((member) => member.standby).sort()
        await expect.poll(standby, { timeout: 60_000 }).toEqual(['1_0', '1_1'])
        const before = new Map((await members()).map(({ memberId, standby: copies }) => [memberId, copies]))
        victim.kill('SIGKILL')
        await once(victim, 'exit')
        await send()
        await expect.poll(counts, { timeout: 60_000 }).toEqual({ tea: 4, milk: 4 })
        const [survivor, ...others] = await members()
        expect(others).toEqual([])
        expect(survivor?.active.toSorted()).toEqual(['0_0', '0_1', '1_0', '1_1'])
        expect(survivor?.active).toEqual(
          expect.arrayContaining([...(before.get(survivor?.memberId ?? '') ?? ['unknown'])]),
        )
        expect(survivor?.standby).toEqual([])
      } finally {
        client.dispose()
        await consumer.disconnect()
        await producer.disconnect()
      }
    },
    150_000,
  )
})

/** `name: line` and whatever else it said, by name. */
function byScenario(text: string): Map<string, string[]> {
  const scenarios = new Map<string, string[]>()
  for (const line of text.trim().split('\n')) {
    const name = line.slice(0, line.indexOf(': '))
    scenarios.set(name, [...(scenarios.get(name) ?? []), line])
  }
  return scenarios
}

/*
 * Recorded on Apache Kafka 4.4.0 with the configs above but for these:
 *   group.initial.rebalance.delay.ms=0, group.streams.initial.rebalance.delay.ms=0, group.streams.assignment.interval.ms=0
 */
describe('Kafka Streams 4.4 in all that can happen to a group', () => {
  itNeeds(
    [needsJava()],
    'scaled to five instances and back, with standby tasks, queries, static members, refusals: as on Apache Kafka',
    async () => {
      const printed = await runJava(
        join(__dirname, 'clients/StreamsGroups.java'),
        [broker.address, secured],
        [kafkaStreams],
      )
      const ours = byScenario(printed)
      const kafkas = byScenario(readFileSync(join(__dirname, 'streams/java-apache-kafka-4.4.0.txt'), 'utf8'))
      // Kafka 4.4.0 answers UNKNOWN_SERVER_ERROR to a member with application.server whose source topics are missing.
      kafkas.set('missing-endpoint', [
        'missing-endpoint: MissingSourceTopicException: Missing source topics: Source topics endpoint-in are missing.. Timeout exceeded after N ms.',
      ])
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(kafkas))
    },
    180_000,
  )
})
