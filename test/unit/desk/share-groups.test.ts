import { afterEach, beforeEach, expect, test } from 'vitest'
import { redeliver } from '../../../src-main/desk/shares/redeliver'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { settled, TestDesk } from '../../support/desk'
import { Sharer, setGroupConfig } from '../../support/sharer'

let broker: TestBroker
let client: TestClient
let desk: TestDesk
let topicId: string

beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  desk = new TestDesk(broker)
  await client.create('orders')
  await client.produce('orders', batchOf(['a', 'b', 'c', 'd']))
  topicId = broker.core.topics.find('orders')?.id ?? ''
  await client.ask('AlterShareGroupOffsets', 0, {
    groupId: 'workers',
    topics: [{ topicName: 'orders', partitions: [{ partitionIndex: 0, startOffset: 0n }] }],
  })
  await beat(0)
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

async function beat(memberEpoch: number) {
  return client.ask('ShareGroupHeartbeat', 1, {
    groupId: 'workers',
    memberId: 'worker-1',
    memberEpoch,
    ...(memberEpoch === 0 ? { subscribedTopicNames: ['orders'] } : {}),
  })
}

/** Takes what there is and accepts it up to an offset. */
async function work(accepted: bigint): Promise<void> {
  const common = { groupId: 'workers', memberId: 'worker-1' }
  const none = { topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches: [] }] }
  const limits = {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1_000_000,
    maxRecords: 100,
    batchSize: 100,
    forgottenTopicsData: [],
  }
  await client.ask('ShareFetch', 1, { ...common, shareSessionEpoch: 0, ...limits, topics: [none] })
  const acknowledgementBatches = [{ firstOffset: 0n, lastOffset: accepted, acknowledgeTypes: [1] }]
  await client.ask('ShareAcknowledge', 1, {
    ...common,
    shareSessionEpoch: 1,
    topics: [{ topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches }] }],
  })
}

test('a share group shows its start offsets, its lag and its members', async () => {
  const feed = await desk.watch('group', { groupId: 'workers' })
  expect(feed.items.at(-1)).toMatchObject({ type: 'share', state: 'Stable', lag: 4, members: [{ clientId: 'tester' }] })
  await work(2n)
  await desk.advance(1000)
  expect(feed.items.at(-1)).toMatchObject({ lag: 1, partitions: [{ topic: 'orders', committed: 3, lag: 1 }] })
})

test('its start offsets are reset when it is empty, and the reset is undone', async () => {
  await work(3n)
  const reset = {
    groupId: 'workers',
    to: { to: 'earliest', value: null, groupId: null, offsets: null },
    topics: [],
    partitions: null,
    fence: false,
  } as const
  await expect(desk.page.ask('reset.apply', reset)).rejects.toThrow('has 1 active member')
  await beat(-1)
  await desk.page.ask('reset.apply', reset)
  expect(broker.core.share.partitions.stored('workers', topicId, 0)).toMatchObject({ startOffset: 0, packed: [] })
  const [newest] = await desk.page.ask('reset.history', { groupId: 'workers' })
  await desk.page.ask('reset.undo', { groupId: 'workers', id: newest?.id ?? 0, fence: false })
  await settled()
  expect(broker.core.share.partitions.stored('workers', topicId, 0)).toMatchObject({ startOffset: 4 })
  expect(broker.core.groups.offsets.has('workers')).toBe(false)
})

const lanesOf = (groupId = 'workers') => desk.watch('share.lanes', { groupId, from: 0, count: 20 })

test('the lag leaves out what is finished between unfinished records', async () => {
  const worker = new Sharer(client, 'worker-1', topicId, 'workers')
  await worker.fetch()
  await worker.acknowledge([1, 2, 1])
  const feed = await desk.watch('group', { groupId: 'workers' })
  expect(feed.items.at(-1)).toMatchObject({ lag: 2, partitions: [{ committed: 0, lag: 2 }] })
})

test('a lane shows who holds which records, until when, and their delivery counts', async () => {
  const worker = new Sharer(client, 'worker-1', topicId, 'workers')
  await worker.fetch()
  await worker.acknowledge([0, 3, 1, 2, 3, 1])
  const other = new Sharer(broker.client(), 'worker-2', topicId, 'workers')
  await other.join()
  await other.fetch()
  const { items } = await lanesOf()
  const now = broker.clock.now()
  const free = { memberId: null, acquiredAt: null, lockedUntil: null }
  expect(items.at(-1)).toMatchObject({
    at: now,
    total: 1,
    lanes: [
      {
        topic: 'orders',
        partition: 0,
        start: 1,
        windowEnd: 4,
        logEnd: 4,
        inFlight: 3,
        maxInFlight: 2000,
        lag: 1,
        moreRuns: 0,
        runs: [
          { first: 1, last: 1, state: 'acquired', deliveryCount: 2, memberId: 'worker-2', lockedUntil: now + 30_000 },
          { first: 2, last: 2, state: 'archived', deliveryCount: 1, ...free },
          { first: 3, last: 3, state: 'acknowledged', deliveryCount: 1, ...free },
        ],
        why: [{ kind: 'locked', holders: [{ memberId: 'worker-2', records: 1, lastLockEnd: now + 30_000 }] }],
        outcomes: [
          { first: 2, last: 2, kind: 'rejected', cause: 'acknowledged', memberId: 'worker-1' },
          { first: 1, last: 1, kind: 'released', cause: 'acknowledged', memberId: 'worker-1' },
        ],
      },
    ],
    workers: [
      { memberId: 'worker-1', held: 0, accepted: 2, released: 1, rejected: 1, timedOut: 0 },
      { memberId: 'worker-2', held: 1, firstLockEnd: now + 30_000 },
    ],
    counts: { acquired: 5, accepted: 2, released: 1, rejected: 1, timedOut: 0, exhausted: 0, deadLettered: 0 },
  })
})

test('a lane follows a lock to its end', async () => {
  await new Sharer(client, 'worker-1', topicId, 'workers').fetch()
  const { items } = await lanesOf()
  await desk.advance(30_000)
  await desk.advance(1000)
  expect(items.at(-1)?.lanes[0]).toMatchObject({
    runs: [{ first: 0, last: 3, state: 'available', deliveryCount: 1 }],
    outcomes: [{ kind: 'released', cause: 'lockEnded' }],
  })
  expect(items.at(-1)?.workers).toMatchObject([{ held: 0, timedOut: 4 }])
  expect(items.at(-1)?.counts).toMatchObject({ released: 0, timedOut: 4 })
})

test('the locks of a member are released from the page, and another member acquires the records', async () => {
  await new Sharer(client, 'worker-1', topicId, 'workers').fetch()
  const other = new Sharer(broker.client(), 'worker-2', topicId, 'workers')
  await other.join()
  expect((await other.fetch()).acquired).toEqual([])
  expect(await desk.page.ask('share.release', { groupId: 'workers', memberId: 'worker-1' })).toEqual({ records: 4 })
  expect((await other.fetch()).acquired).toEqual(['0-3 x2'])
  const { items } = await lanesOf()
  expect(items.at(-1)?.lanes[0]?.outcomes).toMatchObject([{ kind: 'released', cause: 'releasedByHand' }])
  await expect(desk.page.ask('share.release', { groupId: 'workers', memberId: 'worker-1' })).rejects.toThrow(
    'This member of workers holds no records.',
  )
})

test('a window of many runs is cut, and the page told how many are left', async () => {
  const worker = new Sharer(client, 'worker-1', topicId, 'workers')
  for (let batch = 0; batch < 6; batch++) {
    await client.produce('orders', batchOf(Array.from({ length: 100 }, (_, i) => `${batch}-${i}`)))
  }
  await worker.fetch({ maxRecords: 1000, batchSize: 1000 })
  await worker.acknowledge([0, 603, ...Array.from({ length: 604 }, (_, i) => (i % 2 === 0 ? 2 : 1))])
  const { items } = await lanesOf()
  expect(items.at(-1)?.lanes[0]).toMatchObject({ lag: 302, moreRuns: 354 })
  expect(items.at(-1)?.lanes[0]?.runs.length).toBe(250)
})

test('lanes are sent as a page shows them, in the order of topic and partition', async () => {
  await client.create('audit', 30)
  await client.ask('AlterShareGroupOffsets', 0, {
    groupId: 'workers-2',
    topics: [
      {
        topicName: 'audit',
        partitions: Array.from({ length: 30 }, (_, partitionIndex) => ({ partitionIndex, startOffset: 0n })),
      },
    ],
  })
  const { items } = await desk.watch('share.lanes', { groupId: 'workers-2', from: 20, count: 5 })
  expect(items.at(-1)).toMatchObject({ total: 30, from: 20 })
  expect(items.at(-1)?.lanes.map(({ partition }) => partition)).toEqual([20, 21, 22, 23, 24])
})

test('a topic from its end on says that nothing before it is delivered', async () => {
  const admin = broker.client()
  const worker = new Sharer(admin, 'late', topicId, 'latest')
  await worker.join()
  const { items } = await lanesOf('latest')
  expect(items.at(-1)?.lanes[0]).toMatchObject({
    start: null,
    why: [{ kind: 'notBegun', reset: 'latest', records: 4 }],
  })
  await worker.fetch()
  await desk.advance(1000)
  expect(items.at(-1)?.lanes[0]?.why).toEqual([
    { kind: 'nothingLeft' },
    { kind: 'beganAtLatest', reset: 'latest', records: 4 },
  ])
})

test('records that were delivered as often as the limit allows are told as archived', async () => {
  await setGroupConfig(client, 'workers', 'share.delivery.count.limit', '2')
  const worker = new Sharer(client, 'worker-1', topicId, 'workers')
  for (let attempt = 0; attempt < 2; attempt++) {
    await worker.fetch()
    await worker.acknowledge([0, 3, 2])
  }
  const { items } = await lanesOf()
  expect(items.at(-1)?.lanes[0]).toMatchObject({
    start: 4,
    lag: 0,
    why: [{ kind: 'nothingLeft' }, { kind: 'exhausted', records: 4, limit: 2 }],
    outcomes: [{ kind: 'exhausted', cause: 'acknowledged', deliveryCount: 2 }, { kind: 'released' }],
  })
  expect(items.at(-1)?.counts).toMatchObject({ released: 8, timedOut: 0, exhausted: 4, deadLettered: 0 })
})

test('records that were given up are delivered again as copies at the end of their partition', async () => {
  const worker = new Sharer(client, 'worker-1', topicId, 'workers')
  await worker.fetch()
  await worker.acknowledge([0, 3, 3, 3, 1, 1])
  const range = { groupId: 'workers', topic: 'orders', partition: 0, first: 0, last: 1, at: broker.clock.now() }
  expect(await desk.page.ask('share.redeliver', range)).toEqual({ records: 2 })
  expect((await worker.fetch()).acquired).toEqual(['4-5 x1'])
  const copy = await desk.page.ask('messages.exact', { topic: 'orders', partition: 0, offset: 5 })
  expect(copy.value).toBe('b')
  await expect(desk.page.ask('share.redeliver', { ...range, last: 20_000 })).rejects.toThrow('At most 10000 offsets')
  await desk.page.ask('topics.purge', { topics: ['orders'] })
  await expect(desk.page.ask('share.redeliver', range)).rejects.toThrow('no longer in the log')
})

test('records that are too large together are not delivered again, wherever their copies are', async () => {
  await setGroupConfig(client, 'workers', 'errors.deadletterqueue.topic.name', 'dlq.workers')
  await setGroupConfig(client, 'workers', 'errors.deadletterqueue.copy.record.enable', 'true')
  broker.core.features.set('share.version', 2)
  await client.create('dlq.workers', 1, { 'errors.deadletterqueue.group.enable': 'true' })
  for (let i = 0; i < 2; i++) await client.produce('orders', batchOf(['x'.repeat(600_000)]))
  const worker = new Sharer(client, 'worker-1', topicId, 'workers')
  await worker.fetch()
  const at = broker.clock.now()
  await worker.acknowledge([4, 5, 3])
  const again = (first: number) => {
    const lost = { groupId: 'workers', topic: 'orders', partition: 0, first, last: 5, at }
    return redeliver(desk.source, desk.source.shares!, lost, at, 1)
  }
  await expect(again(4)).rejects.toThrow('Nothing was written: these records have more than 1 MiB together.')
  expect(await again(5)).toEqual({ records: 1 })
  await desk.page.ask('topics.purge', { topics: ['orders'] })
  await expect(again(4)).rejects.toThrow('more than 1 MiB together.')
  expect(await again(5)).toEqual({ records: 1 })
})

test('records that are no longer in the log are delivered again from the dead-letter topic of their group', async () => {
  await setGroupConfig(client, 'workers', 'errors.deadletterqueue.topic.name', 'dlq.workers')
  await setGroupConfig(client, 'workers', 'errors.deadletterqueue.copy.record.enable', 'true')
  broker.core.features.set('share.version', 2)
  await client.create('dlq.workers', 2)
  broker.core.configs.set(
    { type: 'topic', name: 'dlq.workers' },
    new Map([['errors.deadletterqueue.group.enable', 'true']]),
  )
  const worker = new Sharer(client, 'worker-1', topicId, 'workers')
  await worker.fetch()
  await worker.acknowledge([0, 0, 3])
  await desk.advance(10)
  const at = broker.clock.now()
  await worker.acknowledge([1, 2, 3])
  await desk.advance(10)
  await worker.acknowledge([3, 3, 3])
  await desk.page.ask('topics.purge', { topics: ['orders'] })
  const lost = { groupId: 'workers', topic: 'orders', partition: 0, first: 1, last: 2, at }
  expect(await desk.page.ask('share.redeliver', lost)).toEqual({ records: 2 })
  expect((await worker.fetch()).acquired).toEqual(['4-5 x1'])
  const copies = await Promise.all(
    [4, 5].map((offset) => desk.page.ask('messages.exact', { topic: 'orders', partition: 0, offset })),
  )
  expect(copies).toMatchObject([
    { value: 'b', headers: [] },
    { value: 'c', headers: [] },
  ])
  await expect(desk.page.ask('share.redeliver', { ...lost, groupId: 'others' })).rejects.toThrow('in the log.')
  const other = { ...lost, first: 0, last: 0 }
  await expect(desk.page.ask('share.redeliver', other)).rejects.toThrow('dlq.workers has no copies of them')
})

test('a dead letter without a copy of its record is not delivered', async () => {
  await setGroupConfig(client, 'workers', 'errors.deadletterqueue.topic.name', 'dlq.workers')
  broker.core.features.set('share.version', 2)
  await client.create('dlq.workers')
  broker.core.configs.set(
    { type: 'topic', name: 'dlq.workers' },
    new Map([['errors.deadletterqueue.group.enable', 'true']]),
  )
  const worker = new Sharer(client, 'worker-1', topicId, 'workers')
  await worker.fetch()
  const at = broker.clock.now()
  await worker.acknowledge([0, 3, 3])
  expect(broker.core.topics.partition('dlq.workers', 0)?.highWatermark).toBe(4)
  expect((await lanesOf()).items.at(-1)?.counts).toMatchObject({ rejected: 4, deadLettered: 4 })
  await desk.page.ask('topics.purge', { topics: ['orders'] })
  const lost = { groupId: 'workers', topic: 'orders', partition: 0, first: 0, last: 3, at }
  await expect(desk.page.ask('share.redeliver', lost)).rejects.toThrow('dlq.workers has no copies of them')
})

test('the dead-letter topic of a group is named, with what keeps the broker from writing to it', async () => {
  const deadLetters = async () => (await lanesOf()).items.at(-1)?.deadLetters
  expect(await deadLetters()).toBeNull()
  await setGroupConfig(client, 'workers', 'errors.deadletterqueue.topic.name', 'dlq.workers')
  expect(await deadLetters()).toEqual({ topic: 'dlq.workers', problem: 'version' })
  broker.core.features.set('share.version', 2)
  expect(await deadLetters()).toEqual({ topic: 'dlq.workers', problem: 'missing' })
  await client.create('dlq.workers')
  expect(await deadLetters()).toEqual({ topic: 'dlq.workers', problem: 'notEnabled' })
  await desk.page.ask('topic.alter', {
    topic: 'dlq.workers',
    config: 'errors.deadletterqueue.group.enable',
    value: 'true',
  })
  expect(await deadLetters()).toEqual({ topic: 'dlq.workers', problem: null })
})

test('the session of a member of a share group is known', async () => {
  const { expiresAt } = await sessionOfWorker()
  broker.clock.advance(1000)
  await beat(0)
  expect(await sessionOfWorker()).toMatchObject({ sessionTimeoutMs: 45_000, expiresAt: expiresAt + 1000 })
})

async function sessionOfWorker() {
  const { heartbeatIntervalMs, members } = await desk.source.journal!.sessions('workers')
  expect(heartbeatIntervalMs).toBe(5000)
  return members[0]!
}
