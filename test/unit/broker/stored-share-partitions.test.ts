import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Commits } from '../../../src-main/broker/commits'
import type { OpenSharePartition } from '../../../src-main/broker/share/share-partitions'
import { StoredSharePartitions, shareKeyOf } from '../../../src-main/broker/share/stored-partitions'
import { storedRuns } from '../../../src-main/groups/share/stored-runs'
import { StorageFailure, type Workspace } from '../../../src-main/storage'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { type Acknowledged, Sharer, setGroupConfig } from '../../support/sharer'

const records = 10_000
const accept = 1
const release = 2

let broker: TestBroker
let admin: TestClient
let sharer: Sharer

/** A member of a group that may hold all records of the topic. */
async function open(size: number, configs: Record<string, string> = {}): Promise<void> {
  broker = new TestBroker({ 'group.share.max.partition.max.record.locks': String(records), ...configs })
  admin = broker.client()
  await admin.create('orders')
  await setGroupConfig(admin, 'g', 'share.auto.offset.reset', 'earliest')
  await setGroupConfig(admin, 'g', 'share.partition.max.record.locks', String(records))
  await admin.produce('orders', batchOf(Array.from({ length: size }, () => 'v')))
  sharer = new Sharer(broker.client(), 'm', broker.core.topics.find('orders')?.id ?? '')
  await sharer.join()
  await acquire()
}

const acquire = () => sharer.fetch({ maxRecords: records, batchSize: records })

/** One type for each offset from 0 on: every second record is released. */
const everySecond = (size: number): Acknowledged => [
  0,
  size - 1,
  ...Array.from({ length: size }, (_, i) => (i % 2 === 0 ? release : accept)),
]

const window = () => broker.core.share.partitions.openOf('g')[0] as OpenSharePartition
const key = () => shareKeyOf('g', sharer.topicId, 0)
const updates = () => broker.workspace.documents.list('share-update')

/** The state that a broker would find in the file now. */
function found(workspace: Workspace = broker.workspace) {
  const parts = { workspace, commits: new Commits(workspace), mostUpdates: () => 500 }
  return new StoredSharePartitions(parts).get(key())
}

/** The file says what memory does. */
function isStored(): void {
  const { value } = window()
  const stored = found()
  expect(stored?.startOffset).toBe(value.startOffset)
  expect(JSON.stringify(stored?.packed) === JSON.stringify(storedRuns(value)), 'the runs in the file').toBe(true)
}

afterEach(() => broker.dispose())

describe('an acknowledgement with ten thousand records in flight, each unlike its neighbours', () => {
  beforeEach(async () => {
    await open(records)
    await sharer.acknowledge(everySecond(records))
    await acquire()
    expect(window().value.batches[0]?.lasts.length).toBe(records)
  })

  it('writes what it changes, and now and then the whole window', async () => {
    const set = vi.spyOn(broker.workspace.documents, 'set')
    const written = () => {
      const bytes = set.mock.calls.reduce((sum, [, name, value]) => sum + name.length + (value?.length ?? 0), 0)
      set.mockClear()
      return bytes
    }
    const sizes: number[] = []
    for (let offset = 2; offset <= 1200; offset += 2) {
      expect(await sharer.acknowledge([offset, offset, release])).toBe(0)
      sizes.push(written())
    }
    set.mockRestore()
    const large = sizes.filter((size) => size > 120)
    expect(large.length).toBe(1)
    expect(large[0]).toBeGreaterThan(60_000)
    expect(sizes.reduce((sum, size) => sum + size, 0) / sizes.length).toBeLessThan(300)
    isStored()
  })

  it('writes the whole window again after share.coordinator.snapshot.update.records.per.snapshot updates', async () => {
    expect(updates().length).toBe(0)
    for (let offset = 2; offset <= 1000; offset += 2) await sharer.acknowledge([offset, offset, release])
    expect(updates().length).toBe(500)
    isStored()
    await sharer.acknowledge([1002, 1002, release])
    expect(updates().length).toBe(0)
    isStored()
  })

  it('writes it again when the updates are as large as the window', async () => {
    const everyOther = (from: number): Acknowledged[] =>
      Array.from({ length: records / 4 }, (_, i) => [from + 2 * i, from + 2 * i, release])
    const left: number[] = []
    for (let round = 0; round < 2; round++) {
      for (const from of [0, records / 2]) {
        await sharer.acknowledge(...everyOther(from))
        left.push(updates().length)
      }
      await acquire()
    }
    expect(left).toEqual([1, 2, 3, 0])
    isStored()
  })
})

describe('a share-partition in the file', () => {
  it('is the same after each commit, whatever is done to it', async () => {
    await open(400)
    await sharer.acknowledge(everySecond(400))
    isStored()
    await setGroupConfig(admin, 'g', 'share.delivery.count.limit', '10')
    const steps: (() => Promise<unknown>)[] = [
      acquire,
      () => sharer.acknowledge([20, 20, accept], [40, 40, release]),
      // The same record twice.
      acquire,
      () => sharer.acknowledge([40, 40, accept]),
      // The front is finished, the start offset moves.
      () => sharer.acknowledge([0, 0, accept], [2, 2, accept]),
      () => sharer.fetch({}, [[100, 100, 3]]),
      async () => broker.clock.advance(30_000),
      acquire,
      () =>
        admin.ask('DeleteRecords', 2, {
          topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: 50n }] }],
          timeoutMs: 1000,
        }),
      acquire,
      () => sharer.acknowledge([60, 60, accept]),
    ]
    const counts: number[] = []
    for (const step of steps) {
      await step()
      await broker.workspace.committed()
      isStored()
      counts.push(updates().length)
    }
    expect(Math.max(...counts)).toBeGreaterThan(1)
    const { startOffset } = window().value
    expect(startOffset).toBe(50)
    broker.broker.closed(sharer.client.connection)
    await broker.workspace.committed()
    expect(broker.core.share.partitions.openOf('g')).toEqual([])
    expect(broker.core.share.partitions.value('g', sharer.topicId, 0)).toMatchObject({ startOffset })
    expect(broker.core.share.partitions.stored('g', sharer.topicId, 0)).toEqual(found())
  })

  it('has no updates left when it is set, written by another broker, or deleted', async () => {
    await open(400)
    const withUpdates = async () => {
      sharer.epoch = 0
      await acquire()
      await sharer.acknowledge(everySecond(400))
      await acquire()
      await sharer.acknowledge([100, 100, release], [102, 102, release])
      expect(updates().length).toBe(1)
    }
    const { partitions } = broker.core.share
    await withUpdates()
    partitions.initialize('g', sharer.topicId, 0, 1, 0)
    expect(updates().length).toBe(0)
    await withUpdates()
    const stored = partitions.stored('g', sharer.topicId, 0)
    expect(stored).toMatchObject({ startOffset: 0 })
    if (stored) partitions.write(stored)
    expect(updates().length).toBe(0)
    expect(found()).toEqual(stored)
    partitions.initialize('g', sharer.topicId, 0, 1, 0)
    await withUpdates()
    partitions.delete('g')
    await broker.workspace.committed()
    expect(updates().length).toBe(0)
    expect(found()).toBeUndefined()
  })

  it('stays as it was when an update is not stored, and the next one is', async () => {
    await open(400)
    await sharer.acknowledge(everySecond(400))
    await acquire()
    await sharer.acknowledge([10, 10, release])
    const [before, value] = [found(), window().value]
    const fail = () => {
      throw new Error('no room')
    }
    const answer = sharer.acknowledge([12, 12, release])
    expect(() => broker.workspace.write(fail)).toThrow('no room')
    expect(await answer).toBe(56)
    expect(found()).toEqual(before)
    expect(window().value).toBe(value)
    sharer.epoch = broker.core.share.sessions.find('g', 'm')?.epoch ?? 0
    expect(await sharer.acknowledge([12, 12, accept])).toBe(0)
    expect(updates().map(({ key: name }) => name)).toEqual([`${key()} 1`, `${key()} 2`])
    isStored()
  })

  it('is found by its group, after changes that are stored and changes that are not', async () => {
    broker = new TestBroker()
    const { workspace, commits } = broker.core
    const { partitions } = broker.core.share
    const topicId = 'AAAAAAAAAAAAAAAAAAAAAQ'
    const places = (of: Pick<StoredSharePartitions, 'placesOf'>, groupId: string) =>
      of.placesOf(groupId).map(({ partition }) => partition)
    for (const [groupId, partition] of [
      ['a', 0],
      ['b', 0],
      ['a', 1],
    ] as const) {
      partitions.initialize(groupId, topicId, partition, 0, 0)
    }
    await commits.settled
    partitions.delete('a', topicId, 0)
    partitions.delete('b')
    partitions.initialize('a', topicId, 2, 0, 0)
    partitions.initialize('c', topicId, 0, 0, 0)
    expect(['a', 'b', 'c'].map((groupId) => places(partitions, groupId))).toEqual([[1, 2], [], [0]])
    const fail = () => {
      throw new Error('no room')
    }
    expect(() => workspace.write(fail)).toThrow('no room')
    await expect(commits.settled).rejects.toThrow(StorageFailure)
    expect(['a', 'b', 'c'].map((groupId) => places(partitions, groupId))).toEqual([[0, 1], [0], []])
    const again = new StoredSharePartitions({ workspace, commits: new Commits(workspace), mostUpdates: () => 500 })
    expect(['a', 'b', 'c'].map((groupId) => places(again, groupId))).toEqual([[0, 1], [0], []])
  })

  it('of an older workspace has its runs as objects', async () => {
    await open(4)
    await sharer.acknowledge([0, 0, accept], [2, 2, release])
    const { documents } = broker.workspace
    const [before] = documents.list('share-partition')
    const { packed, ...rest } = JSON.parse(before?.value ?? '{}')
    expect(packed).toEqual([2, 1, 0, 1])
    const runs = [{ first: 2, last: 2, state: 'available', deliveryCount: 1 }]
    broker.workspace.write(() => documents.set('share-partition', key(), JSON.stringify({ ...rest, runs })))
    expect(found()).toEqual({ ...rest, packed })
  })
})
