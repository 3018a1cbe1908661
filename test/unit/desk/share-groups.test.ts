import { afterEach, beforeEach, expect, test } from 'vitest'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { settled, TestDesk } from '../../support/desk'

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
  expect(broker.core.share.partitions.stored('workers', topicId, 0)).toMatchObject({ startOffset: 0, runs: [] })
  const [newest] = await desk.page.ask('reset.history', { groupId: 'workers' })
  await desk.page.ask('reset.undo', { groupId: 'workers', id: newest?.id ?? 0, fence: false })
  await settled()
  expect(broker.core.share.partitions.stored('workers', topicId, 0)).toMatchObject({ startOffset: 4 })
  expect(broker.core.groups.offsets.has('workers')).toBe(false)
})
