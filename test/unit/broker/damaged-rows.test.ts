import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readBatches } from '../../../src-main/records/batch'
import { batchOf, start, TestBroker, type TestClient } from '../../support/core'
import { Sharer, setGroupConfig } from '../../support/sharer'
import { TransactionalProducer } from '../../support/transactional-producer'

/** Kafka's codes. */
const corruptMessage = 2

const hour = 3_600_000
let folder: string
let broker: TestBroker
let client: TestClient
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-damaged-'))
  open(start)
})
afterEach(async () => {
  await broker.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const file = () => join(folder, 'test.ottla')

function open(now: number): void {
  broker = new TestBroker({}, file(), now)
  client = broker.client()
}

/** Starts the broker again after `change` was made to the file. */
async function restart(change: (database: Sqlite.Database) => void, now = broker.clock.now()): Promise<void> {
  await broker.dispose()
  const database = new Sqlite(file())
  change(database)
  database.close()
  open(now)
}

const put = (topic: string, sequence: number) =>
  client.produce(
    topic,
    batchOf([`value-${sequence}`], { producerId: 5n, producerEpoch: 0, baseSequence: sequence, key: () => 'key' }),
  )

/** Two topics of two rows of ten batches each; then the first or second row of the topic `bad` is all zeros. */
async function damaged(configs: Record<string, string>, row: 1 | 2 = 1): Promise<void> {
  for (const topic of ['bad', 'good']) await client.create(topic, 1, configs)
  for (let sequence = 0; sequence < 20; sequence++) {
    for (const topic of ['bad', 'good']) await put(topic, sequence)
    // All batches have rows when the file was closed.
    if (sequence === 9) await restart(() => {})
  }
  await restart((database) => damage(database, row))
}

function damage(database: Sqlite.Database, row = 1): void {
  const partition = `SELECT partitions.id FROM partitions JOIN topics ON topics.id = topic WHERE name = 'bad'`
  database.exec(
    `UPDATE batches SET bytes = zeroblob(size_bytes) WHERE partition = (${partition}) AND last_offset =
       (SELECT last_offset FROM batches WHERE partition = (${partition}) ORDER BY last_offset LIMIT 1 OFFSET ${row - 1})`,
  )
}

const facts = (topic: string) => broker.core.topics.find(topic)!.partition(0)!.facts

const deleteRecords = async (topic: string, offset: number) => {
  const { topics } = await client.ask('DeleteRecords', 2, {
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: BigInt(offset) }] }],
    timeoutMs: 1000,
  })
  return topics[0]!.partitions[0]!.errorCode
}

describe('a row whose bytes are damaged', () => {
  test('fails the requests for its records, and no others', async () => {
    await damaged({})
    expect((await client.fetch('bad', 3)).errorCode).toBe(corruptMessage)
    const { records } = await client.fetch('bad', 10)
    expect([...readBatches(records!)].map(({ baseOffset }) => baseOffset)).toEqual([
      10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
    ])
    const { topics } = await client.ask('ListOffsets', 5, {
      replicaId: -1,
      isolationLevel: 0,
      topics: ['bad', 'good'].map((name) => ({
        name,
        partitions: [{ partitionIndex: 0, timestamp: BigInt(start), currentLeaderEpoch: -1 }],
      })),
    })
    expect(topics.map(({ partitions }) => [partitions[0]!.errorCode, partitions[0]!.offset])).toEqual([
      [corruptMessage, -1n],
      [0, 0n],
    ])
    expect(broker.logged).toHaveLength(2)
  })

  test('is an error of its partition for a member of a share group, until it is deleted', async () => {
    await damaged({})
    await setGroupConfig(client, 'g', 'share.auto.offset.reset', 'earliest')
    const sharer = new Sharer(client, 'a', broker.core.topics.find('bad')!.id)
    await sharer.join('bad')
    expect(await sharer.fetch()).toMatchObject({ error: 0, partitionError: corruptMessage, acquired: [] })
    expect(await sharer.fetch({ maxWaitMs: 60_000 })).toMatchObject({ error: 0, partitionError: corruptMessage })
    expect(await deleteRecords('bad', 10)).toBe(0)
    expect(await sharer.fetch()).toMatchObject({ error: 0, partitionError: 0, acquired: ['10-19 x1'] })
  })

  test('leaves its producer free to write, and the others known', async () => {
    await damaged({})
    expect(await put('bad', 20)).toMatchObject({ errorCode: 0, baseOffset: 20n })
    expect(await put('good', 20)).toMatchObject({ errorCode: 0, baseOffset: 20n })
    expect(await put('good', 20)).toMatchObject({ errorCode: 0, baseOffset: 20n })
    expect(broker.logged).toEqual([
      expect.stringContaining('What a producer wrote to bad-0 cannot be read, so its retries are not known'),
    ])
  })

  test('stays whole when the log begins in the middle of it, and goes as a whole', async () => {
    await damaged({})
    const { sizeBytes } = facts('bad')
    expect(await deleteRecords('bad', 5)).toBe(0)
    expect(facts('bad')).toMatchObject({ logStart: 5, sizeBytes })
    expect(await deleteRecords('bad', 10)).toBe(0)
    expect((await client.fetch('bad', 10)).errorCode).toBe(0)
    expect(facts('bad').sizeBytes).toBe(790)
  })

  test('fails nothing else when the log comes to begin before it', async () => {
    await damaged({}, 2)
    const written = put('good', 20)
    // All batches have the same time, so that the first one left is looked for.
    expect(await deleteRecords('bad', 5)).toBe(0)
    expect(await written).toMatchObject({ errorCode: 0, baseOffset: 20n })
    expect(facts('bad')).toMatchObject({ logStart: 5, offsetOfMaxTimestamp: 5, sizeBytes: 5 * 78 + 790 })
    expect(await deleteRecords('bad', 10)).toBe(0)
    expect(facts('bad')).toMatchObject({ logStart: 10, offsetOfMaxTimestamp: 10, sizeBytes: 790 })
  })

  test('with batches of several producers fails nothing when its log goes on behind it', async () => {
    await client.create('bad')
    await client.create('good')
    for (const producerId of [5n, 6n]) {
      await client.produce('bad', batchOf(['value'], { producerId, producerEpoch: 0, baseSequence: 0 }))
    }
    await restart((database) => damage(database))
    const producers = [{ name: 'bad', partitionIndexes: [0] }]
    expect((await client.ask('DescribeProducers', 0, { topics: producers })).topics[0]!.partitions).toMatchObject([
      { errorCode: 0, activeProducers: [] },
    ])
    const written = put('good', 0)
    expect(await put('bad', 0)).toMatchObject({ errorCode: 0, baseOffset: 2n })
    expect(await written).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect((await client.fetch('bad', 2)).errorCode).toBe(0)
  })

  test('keeps neither retention nor compaction from the other topics', async () => {
    await damaged({
      'retention.ms': String(hour),
      'cleanup.policy': 'compact,delete',
      'min.cleanable.dirty.ratio': '0',
    })
    await broker.broker.maintenance.run()
    expect([facts('bad').cleanedUntil, facts('good').cleanedUntil]).toEqual([0, 19])
    broker.clock.advance(2 * hour)
    await broker.broker.maintenance.run()
    expect([facts('bad').logStart, facts('good').logStart]).toEqual([20, 20])
    expect(broker.logged).toEqual([expect.stringContaining('bad-0 is not compacted until the next start')])
  })

  test('in which a log begins is deleted, and what is left has the size that it has', async () => {
    await damaged({}, 2)
    expect(await deleteRecords('bad', 9)).toBe(0)
    await restart((database) => damage(database))
    expect(await deleteRecords('bad', 10)).toBe(0)
    expect(facts('bad')).toMatchObject({ logStart: 10, sizeBytes: 790 })
  })

  test('that not even SQLite can read keeps no retention from the other topics, and is tried again', async () => {
    await damaged({ 'retention.ms': String(hour) })
    const { batches } = broker.workspace
    const start = batches.retainedStart.bind(batches)
    const failing = vi.spyOn(batches, 'retainedStart').mockImplementation((log, ...limits) => {
      if (log === facts('bad')) throw new Error('database disk image is malformed')
      return start(log, ...limits)
    })
    broker.clock.advance(2 * hour)
    for (let round = 0; round < 2; round++) await broker.broker.maintenance.run()
    expect([facts('bad').logStart, facts('good').logStart]).toEqual([0, 20])
    expect(broker.logged).toEqual([
      expect.stringContaining('Retention of bad-0 failed, and is tried again in the next round: database disk image'),
    ])
    failing.mockRestore()
    await broker.broker.maintenance.run()
    expect(facts('bad').logStart).toBe(20)
  })

  test('of an open transaction does not keep the broker from its start', async () => {
    await client.create('bad')
    const producer = await new TransactionalProducer(client, 'tx', 2).take()
    expect(await producer.produce('bad', ['a'])).toBe('NONE')
    await restart((database) => damage(database))
    expect((await client.fetch('bad', 0, { isolationLevel: 1 })).lastStableOffset).toBe(0n)
    expect((await client.fetch('bad', 0)).errorCode).toBe(corruptMessage)
  })
})
