import { afterEach, describe, expect, it } from 'vitest'
import { keyOf } from '../../../src-main/base/topic-partition'
import { committedOffsets } from '../../../src-main/client/admin/groups'
import type { KafkaClient } from '../../../src-main/client/client'
import { GroupConsumer } from '../../../src-main/client/consumer/consumer'
import { rangeAssignment } from '../../../src-main/client/consumer/range'
import { KafkaError } from '../../../src-main/client/failures'
import { type Fetched, fetchRecords } from '../../../src-main/client/fetch'
import { nextOffset, recordsOf } from '../../../src-main/client/fetched-records'
import type { Isolation } from '../../../src-main/client/offsets'
import { Producer } from '../../../src-main/client/producer'
import { codecs } from '../../../src-main/records/batch'
import type { NewRecord } from '../../../src-main/records/encode'
import { start } from '../../support/core'
import { FakeCluster } from '../../support/fake-cluster'

let cluster: FakeCluster
afterEach(() => cluster.dispose())

const record = (value: string, key: string | null = null): NewRecord => ({
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(value),
  timestamp: start,
})

async function fetched(client: KafkaClient, offset = 0, isolation: Isolation = 'read_uncommitted'): Promise<Fetched> {
  const position = { topic: 't', partition: 0, offset, maxBytes: 1_000_000 }
  const answer = (await cluster.settle(fetchRecords(client, [position], { isolation }))).get(keyOf('t', 0))
  if (answer === undefined || answer instanceof KafkaError) throw answer ?? new Error('no answer')
  return answer
}

async function valuesOf(client: KafkaClient, isolation: Isolation = 'read_uncommitted', from = 0): Promise<string[]> {
  return [...recordsOf(await fetched(client, from, isolation), from, isolation)].map(({ value }) => String(value))
}

describe('a producer', () => {
  it.each(codecs)('writes what a fetch reads (%s)', async (codec) => {
    cluster = new FakeCluster()
    await cluster.broker.client().create('t')
    const client = cluster.client()
    const producer = new Producer(client, { codec })
    await cluster.settle(producer.send('t', [record('a'), record('b')]))
    expect(await cluster.settle(producer.send('t', [record('c')]))).toEqual([
      { topic: 't', partition: 0, baseOffset: 2n },
    ])
    expect(await valuesOf(client)).toEqual(['a', 'b', 'c'])
    expect(await valuesOf(client, 'read_uncommitted', 1)).toEqual(['b', 'c'])
  })

  it('chooses the partition by the key, as Java does', async () => {
    cluster = new FakeCluster()
    await cluster.broker.client().create('t', 10)
    const producer = new Producer(cluster.client())
    const written = await cluster.settle(producer.send('t', [record('x', '21'), record('y', '21'), record('z', 'abc')]))
    // Utils.murmur2 of "21" is -973932308.
    expect(written.map(({ partition }) => partition)).toContain((-973932308 & 0x7fffffff) % 10)
    expect(written).toHaveLength(2)
  })

  it('writes nothing twice when an answer was lost', async () => {
    cluster = new FakeCluster()
    await cluster.broker.client().create('t')
    let lost = 2
    cluster.on('Produce', async ({ serve }) => {
      const body = await serve()
      return lost-- > 0 ? 'close' : { body }
    })
    const client = cluster.client()
    const producer = new Producer(client)
    await cluster.settle(Promise.all(['a', 'b', 'c'].map((value) => producer.send('t', [record(value)]))))
    expect(await valuesOf(client)).toEqual(['a', 'b', 'c'])
    expect(cluster.requests('Produce')).toHaveLength(5)
  })

  it('goes on after a batch that was too large', async () => {
    cluster = new FakeCluster()
    await cluster.broker.client().create('t', 1, { 'max.message.bytes': '1000' })
    const client = cluster.client()
    const producer = new Producer(client)
    await cluster.settle(producer.send('t', [record('a')]))
    await expect(cluster.settle(producer.send('t', [record('x'.repeat(2000))]))).rejects.toThrow('MESSAGE_TOO_LARGE')
    await cluster.settle(producer.send('t', [record('b')]))
    expect(await valuesOf(client)).toEqual(['a', 'b'])
    expect(cluster.requests('InitProducerId')).toHaveLength(1)
  })

  it('writes transactions, of which a consumer sees the committed ones', async () => {
    cluster = new FakeCluster()
    await cluster.broker.client().create('t')
    const client = cluster.client()
    const producer = new Producer(client, { transactionalId: 'till' })
    for (const [value, isGood] of [
      ['a', true],
      ['b', false],
      ['c', true],
    ] as const) {
      producer.begin()
      await cluster.settle(producer.send('t', [record(value)]))
      await cluster.settle(isGood ? producer.commit() : producer.abort())
    }
    expect(await valuesOf(client)).toEqual(['a', 'b', 'c'])
    expect(await valuesOf(client, 'read_committed')).toEqual(['a', 'c'])
    // Three records and three markers: the next position is behind the last marker.
    expect(nextOffset(await fetched(client), 0)).toBe(6)
    // From inside the aborted transaction.
    expect(await valuesOf(client, 'read_committed', 2)).toEqual(['c'])
  })

  it('is fenced by its successor', async () => {
    cluster = new FakeCluster()
    await cluster.broker.client().create('t')
    const older = new Producer(cluster.client(), { transactionalId: 'till' })
    await cluster.settle(older.init())
    await cluster.settle(new Producer(cluster.client(), { transactionalId: 'till' }).init())
    older.begin()
    await expect(cluster.settle(older.send('t', [record('a')]))).rejects.toThrow(/FENCED|INVALID_PRODUCER_EPOCH/)
  })
})

describe('a fetch', () => {
  it('outside the log has the error of the partition', async () => {
    cluster = new FakeCluster()
    await cluster.broker.client().create('t')
    await expect(fetched(cluster.client(), 5)).rejects.toThrow('t-0 cannot be read: OFFSET_OUT_OF_RANGE.')
  })

  it('names topics by name where the cluster has no ids', async () => {
    cluster = new FakeCluster()
    await cluster.broker.client().create('t')
    cluster.on('ApiVersions', async ({ serve }) => {
      const answer = await serve()
      const apiKeys = answer.apiKeys.map((one) => (one.apiKey === 3 ? { ...one, maxVersion: 9 } : one))
      return { body: { ...answer, apiKeys } }
    })
    const client = cluster.client()
    await cluster.settle(new Producer(client).send('t', [record('a')]))
    expect(await valuesOf(client)).toEqual(['a'])
    expect(cluster.requests('Fetch')).toEqual(['1 v12'])
  })

  it('of half a batch gives the whole ones before it', async () => {
    cluster = new FakeCluster()
    await cluster.broker.client().create('t')
    const client = cluster.client()
    const producer = new Producer(client)
    for (const value of ['a', 'b']) await cluster.settle(producer.send('t', [record(value)]))
    const whole = await fetched(client)
    for (const cut of [1, 30, 60]) {
      const part = { ...whole, records: whole.records.subarray(0, whole.records.length - cut) }
      expect([...recordsOf(part, 0, 'read_uncommitted')].map(({ value }) => String(value))).toEqual(['a'])
      expect(nextOffset(part, 0)).toBe(1)
    }
  })
})

describe('a consumer of a group', () => {
  const consumer = (client: KafkaClient, seen: string[], errors: unknown[] = []) =>
    new GroupConsumer(client, {
      groupId: 'g',
      topics: ['t'],
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      heartbeatMs: 1000,
      commitEveryMs: 1000,
      isolation: 'read_committed',
      reset: 'earliest',
      onRecords: (_, records) => seen.push(...records.map(({ value }) => String(value))),
      onError: (error) => errors.push(error),
    })

  it('reads, commits, shares with a second one, and leaves', async () => {
    cluster = new FakeCluster()
    await cluster.broker.client().create('t', 2)
    const producer = new Producer(cluster.client())
    const write = (partition: number, value: string) => cluster.settle(producer.sendTo('t', partition, [record(value)]))
    await write(0, 'a')
    await write(1, 'b')
    const [one, two]: [string[], string[]] = [[], []]
    const errors: unknown[] = []
    const first = consumer(cluster.client(), one, errors)
    first.start()
    await until(() => one.length === 2)
    const second = consumer(cluster.client(), two, errors)
    second.start()
    const members = () => cluster.broker.core.groups.list().length
    await until(() => cluster.requests('SyncGroup').length >= 3 && members() === 1)
    await write(0, 'c')
    await write(1, 'd')
    await until(() => one.length + two.length === 4)
    expect([...one, ...two].sort()).toEqual(['a', 'b', 'c', 'd'])
    expect(two).toHaveLength(1)
    await cluster.settle(Promise.all([first.close(), second.close()]))
    const committed = await cluster.settle(committedOffsets(cluster.client(), 'g'))
    expect([...committed.values()].map(({ offset }) => offset)).toEqual([2n, 2n])
    expect(cluster.requests('LeaveGroup')).toHaveLength(2)
    expect(errors).toEqual([])
  })

  /** Lets time pass until something is so. */
  async function until(isSo: () => boolean): Promise<void> {
    for (let i = 0; i < 400; i++) {
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
      if (isSo()) return
      cluster.clock.advance(50)
    }
    throw new Error('it did not come to that')
  }
})

describe('the range assignor', () => {
  it('gives each topic in ranges, the first members one more', () => {
    const members = ['b', 'a', 'c'].map((memberId) => ({ memberId, topics: memberId === 'c' ? ['u'] : ['t', 'u'] }))
    const counts: Record<string, number> = { t: 5, u: 3 }
    const assigned = rangeAssignment(members, (topic) => counts[topic] ?? 0)
    const texts = [...assigned].map(([id, places]) => [
      id,
      places.map(({ topic, partition }) => topic + partition).join(),
    ])
    expect(Object.fromEntries(texts)).toEqual({ a: 't0,t1,t2,u0', b: 't3,t4,u1', c: 'u2' })
  })
})
