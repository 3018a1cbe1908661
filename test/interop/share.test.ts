import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ResponseOf } from '../../src-main/protocol/api-types'
import { readBatches } from '../../src-main/records/batch'
import { readRecords } from '../../src-main/records/record'
import { BrokerProcess } from '../support/broker'
import { needsJava, runJava } from '../support/java'
import { needsPython, outputOf, runPython } from '../support/python'
import { itNeeds } from '../support/require'
import { Admin, Member, Play } from './share/play'

/** What the same program prints on Apache Kafka 4.4.0, with the same setting. */
const javaOnKafka = [
  'implicit: 10 records, counts [1]',
  'implicit: lag 0',
  'explicit: [0, 1, 2, 3] then [1] counts [2]',
  'explicit: lag 0',
  'exhausted: deliveries [1, 2, 3, 4, 5], then 0',
  'exhausted: lag 0',
  'lock: [0, 1] counts [2], late: [none]',
  'renew: stolen 0',
  'renew: lag 0',
  'closed: [0, 1, 2] counts [2]',
  'shared: 300 records, twice 0',
  'limit: 20 records, at most 1 at once',
  'reset: while active: GroupNotEmptyException',
  'reset: [2, 3, 4]',
  'reset: Empty members 0',
  'reset: groups 0',
]

/** And the one of franz-go. */
const goOnKafka = [
  'accepted: 0 x1, 1 x1, 2 x1, 3 x1, 4 x1',
  'accepted, then: ',
  'each: 0 x1, 1 x1, 2 x1, 3 x1',
  'each, then: 1 x2',
  'each, last: ',
  'renewed: 0 x1',
  'renewed, others: ',
  'closed: 0 x1, 1 x1, 2 x1',
  'closed, then: 1 again, 2 again',
  'exact: 10 records, at most 2 at once',
]

/** And the one of librdkafka. */
const pythonOnKafka = [
  'implicit: [0, 1, 2, 3, 4] [1]',
  'implicit, then: []',
  'explicit: [0, 1, 2, 3] then [1] [2]',
  "explicit, committed: ['None']",
  'explicit, last: []',
  'closed: [0, 1, 2] [2]',
  'late: [0, 1] [2] [None]',
]

const accepted = 1
const released = 2
const rejected = 3

/** Delivery counts by offset, of what a fetch acquired. */
function countsOf({ responses }: ResponseOf<'ShareFetch'>): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { firstOffset, lastOffset, deliveryCount } of responses[0]?.partitions[0]?.acquiredRecords ?? []) {
    for (let offset = Number(firstOffset); offset <= Number(lastOffset); offset++) counts.set(offset, deliveryCount)
  }
  return counts
}

/** Offsets that dead letters are about. */
function lettersIn({ responses }: ResponseOf<'ShareFetch'>): number[] {
  const batches = [...readBatches(responses[0]?.partitions[0]?.records ?? new Uint8Array())]
  return batches.flatMap((batch) =>
    [...readRecords(batch)].map(({ headers }) =>
      Number(headers.find(({ key }) => key === '__dlq.errors.offset')?.value ?? Number.NaN),
    ),
  )
}

/** Topics with a group of the same name, which begins at the first record; the locks of some groups are short. */
async function prepare(address: string, names: readonly string[], locks: Record<string, string>): Promise<void> {
  const play = new Play({ open: address, secured: '' })
  const admin = await Admin.of(play)
  for (const name of names) {
    await admin.create(name)
    await admin.begin(name, name)
  }
  for (const [group, ms] of Object.entries(locks)) {
    await admin.configure(32, group, { 'share.record.lock.duration.ms': ms })
  }
  play.dispose()
}

const needsGo = spawnSync('go', ['version']).status === 0 ? {} : { missing: 'no go' }

let broker: BrokerProcess
beforeAll(async () => {
  broker = await BrokerProcess.start({ args: ['--config', 'group.share.min.record.lock.duration.ms=1000'] })
})
afterAll(() => broker.dispose())

describe('share groups do what those of Apache Kafka 4.4 do', () => {
  itNeeds([needsJava()], 'for KafkaShareConsumer 4.4', async () => {
    const printed = await runJava(join(__dirname, 'clients/ShareGroups.java'), [broker.address])
    expect(printed.trim().split('\n')).toEqual(javaOnKafka)
  })

  // OTTLA_COMPARE_WITH=HOST:PORT plays on that broker instead.
  itNeeds([needsGo], 'for franz-go', async () => {
    const address = process.env.OTTLA_COMPARE_WITH ?? broker.address
    const names = ['go-accepted', 'go-each', 'go-renewed', 'go-closed', 'go-exact']
    await prepare(address, names, { 'go-renewed': '3000' })
    const child = spawn('go', ['run', './share', address], { cwd: join(__dirname, 'clients/franz-go') })
    const printed = await outputOf(child, 'franz-go')
    expect(printed.trimEnd().split('\n')).toEqual(goOnKafka)
  })

  it('survives kill -9: what was decided is kept, what was held is delivered again', async () => {
    await prepare(broker.address, ['killed'], {})
    const play = new Play({ open: broker.address, secured: '' })
    const admin = await Admin.of(play)
    const topicId = await admin.known('killed', 1)
    for (const value of ['v0', 'v1', 'v2', 'v3']) await admin.produce('killed', [value])
    const a = await Member.of(play, 'a', 'killed', topicId)
    await a.asked({ batchSize: 1 })
    await a.acknowledge([
      [0, 0, 1],
      [2, 2, 2],
      [3, 3, 3],
    ])
    await broker.kill()
    await broker.startAgain()
    play.dispose()
    const after = new Play({ open: broker.address, secured: '' })
    const b = await Member.of(after, 'b', 'killed', topicId)
    const { responses } = await b.asked({})
    expect(responses[0]?.partitions[0]?.acquiredRecords).toEqual([
      { firstOffset: 1n, lastOffset: 1n, deliveryCount: 1 },
      { firstOffset: 2n, lastOffset: 2n, deliveryCount: 2 },
    ])
    after.dispose()
  })

  it('survives kill -9 between acknowledgements: each one that was answered is kept, with its dead letter', async () => {
    const name = 'killed-often'
    const dlq = 'dlq.killed'
    await prepare(broker.address, [name, dlq], {})
    const first = new Play({ open: broker.address, secured: '' })
    const admin = await Admin.of(first)
    await admin.connection.ask('UpdateFeatures', {
      featureUpdates: [{ feature: 'share.version', maxVersionLevel: 2, upgradeType: 1 }],
      validateOnly: false,
      timeoutMs: 30_000,
    })
    await admin.configure(2, dlq, { 'errors.deadletterqueue.group.enable': 'true' })
    await admin.configure(32, name, { 'share.delivery.count.limit': '10', 'errors.deadletterqueue.topic.name': dlq })
    await admin.produce(
      name,
      Array.from({ length: 400 }, (_, i) => `v${i}`),
    )
    const topicId = await admin.known(name, 1)
    const dlqId = await admin.known(dlq, 1)
    first.dispose()
    const givenUp: number[] = []
    /** Delivery counts of the records that are not finished, as they were answered. */
    let expected = new Map(Array.from({ length: 400 }, (_, offset) => [offset, 1]))
    /** What was asked and never answered: it may be stored or not. */
    let unsure: readonly [offset: number, type: number] | undefined
    for (let round = 0; round < 3; round++) {
      const play = new Play({ open: broker.address, secured: '' })
      const member = await Member.of(play, `m${round}`, name, topicId)
      const held = countsOf(await member.asked({}))
      if (unsure) {
        const [offset, type] = unsure
        const count = expected.get(offset) ?? 0
        if (type === released && held.get(offset) === count + 1) expected.set(offset, count + 1)
        if (type !== released && !held.has(offset)) {
          expected.delete(offset)
          if (type === rejected) givenUp.push(offset)
        }
      }
      expect([...held]).toEqual([...expected])
      unsure = undefined
      let killed: Promise<void> | undefined
      let answered = 0
      for (const [offset, count] of held) {
        const type = [accepted, released, rejected, released][(offset + round) % 4] ?? released
        const outcome = await member.acknowledge([[offset, offset, type]]).then(
          () => 'answered',
          () => 'lost',
        )
        if (outcome === 'lost') {
          unsure = [offset, type]
          break
        }
        if (type === released) expected.set(offset, count + 1)
        else expected.delete(offset)
        if (type === rejected) givenUp.push(offset)
        if (++answered === 150) killed = broker.kill()
      }
      play.dispose()
      expect(killed).toBeDefined()
      await killed
      // They are delivered in the order of their offsets.
      expected = new Map([...expected].sort(([a], [b]) => a - b))
      await broker.startAgain()
    }
    const play = new Play({ open: broker.address, secured: '' })
    const last = await Member.of(play, 'last', name, topicId)
    const left = countsOf(await last.asked({}))
    if (unsure && unsure[1] === rejected && !left.has(unsure[0])) givenUp.push(unsure[0])
    const reader = await Member.of(play, 'reader', dlq, dlqId)
    expect(lettersIn(await reader.asked({ maxRecords: 1000, batchSize: 1000 }))).toEqual(givenUp)
    play.dispose()
  }, 60_000)

  itNeeds([needsPython('share', 'confluent_kafka', '2.16.1')], 'for librdkafka', async () => {
    const address = process.env.OTTLA_COMPARE_WITH ?? broker.address
    await prepare(address, ['rd-implicit', 'rd-explicit', 'rd-closed', 'rd-late'], { 'rd-late': '1000' })
    const printed = await runPython('share', join(__dirname, 'clients/share_confluent.py'), [address])
    expect(printed.trim().split('\n')).toEqual(pythonOnKafka)
  })
})
