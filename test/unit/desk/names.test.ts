import { afterEach, beforeEach, expect, test } from 'vitest'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { TestDesk } from '../../support/desk'

let broker: TestBroker
let client: TestClient
let desk: TestDesk
let measured: number
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  measured = 0
  desk = new TestDesk(broker, (source) => ({
    ...source,
    topics: {
      ...source.topics,
      measuredLogs: (names) => {
        measured++
        return source.topics.measuredLogs(names)
      },
    },
  }))
  await client.create('orders')
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

test('the names of topics come again when a topic is created, grows or is deleted, and at no other time', async () => {
  const { items, failures } = await desk.watch('topics.names', undefined)
  const orders = { name: 'orders', internal: false, partitions: 1 }
  expect(items).toEqual([[orders]])
  await client.produce('orders', batchOf(['a', 'b']))
  await desk.page.ask('topic.alter', { topic: 'orders', config: 'retention.ms', value: '1000' })
  for (let second = 0; second < 5; second++) await desk.advance(1000)
  expect(items).toHaveLength(1)
  await client.create('audit', 3)
  await desk.advance(100)
  const audit = { name: 'audit', internal: false, partitions: 3 }
  expect(items.slice(1)).toEqual([[audit, orders]])
  await desk.page.ask('topic.grow', { topic: 'orders', partitions: 2 })
  await desk.advance(100)
  expect(items.slice(2)).toEqual([[audit, { ...orders, partitions: 2 }]])
  await desk.page.ask('topics.delete', { topics: ['audit'] })
  await desk.advance(100)
  expect(items.slice(3)).toEqual([[{ ...orders, partitions: 2 }]])
  expect(failures).toEqual([])
})

test('the names of groups come again when a group is created or deleted, and at no other time', async () => {
  const { items, failures } = await desk.watch('groups.names', undefined)
  const commit = (groupId: string, committedOffset: bigint) => {
    const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: '' }]
    return client.ask('OffsetCommit', 7, { groupId, topics: [{ name: 'orders', partitions }] })
  }
  await commit('shipping', 0n)
  await desk.advance(1000)
  await commit('billing', 0n)
  for (let offset = 1n; offset < 5n; offset++) {
    await commit('shipping', offset)
    await desk.advance(1000)
  }
  await desk.page.ask('group.delete', { groupId: 'shipping' })
  await desk.advance(1000)
  expect(items).toEqual([[], ['shipping'], ['billing', 'shipping'], ['billing']])
  expect(failures).toEqual([])
})

test('a page of rebalances is sent nothing while 500 groups commit, though the list of groups is sent each time', async () => {
  const groupIds = Array.from({ length: 500 }, (_, i) => `group-${String(i).padStart(3, '0')}`)
  const commitAll = async (committedOffset: bigint) => {
    const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: '' }]
    for (const groupId of groupIds)
      await client.ask('OffsetCommit', 7, { groupId, topics: [{ name: 'orders', partitions }] })
  }
  await commitAll(0n)
  const { items, failures } = await desk.watch('rebalances.groups', undefined)
  const { items: full } = await desk.watch('groups', undefined)
  const before = full.length
  for (let second = 1; second <= 3; second++) {
    await commitAll(BigInt(second))
    await desk.advance(1000)
  }
  expect(items).toHaveLength(1)
  expect(items[0]).toHaveLength(500)
  expect(items[0]?.[7]).toEqual({
    groupId: 'group-007',
    type: 'classic',
    state: 'Empty',
    epoch: 0,
    protocol: '',
    members: 0,
    rebalancedAt: null,
  })
  expect(full.length - before).toBeGreaterThanOrEqual(3)
  expect(failures).toEqual([])
})

test('the groups of a page of rebalances come again when one rebalances, is created or is deleted', async () => {
  const { items, failures } = await desk.watch('rebalances.groups', undefined)
  const joined = client.ask('JoinGroup', 2, {
    groupId: 'shipping',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  })
  await desk.advance(1)
  const { memberId, generationId } = await joined
  await client.ask('SyncGroup', 2, { groupId: 'shipping', generationId, memberId, assignments: [] })
  const rebalancedAt = broker.clock.now()
  await desk.advance(100)
  const shipping = { groupId: 'shipping', type: 'classic', state: 'Stable', epoch: 1, protocol: 'range', members: 1 }
  expect(items.at(-1)).toEqual([{ ...shipping, rebalancedAt }])
  // A commit alone creates a group without a step of its own.
  const partitions = [{ partitionIndex: 0, committedOffset: 0n, committedMetadata: '' }]
  await client.ask('OffsetCommit', 7, { groupId: 'billing', topics: [{ name: 'orders', partitions }] })
  await desk.advance(1000)
  await desk.advance(1000)
  expect(items.at(-1)).toMatchObject([{ groupId: 'billing', rebalancedAt: null }, shipping])
  await desk.page.ask('group.delete', { groupId: 'billing' })
  await desk.advance(1000)
  await desk.advance(1000)
  expect(items.at(-1)).toEqual([{ ...shipping, rebalancedAt }])
  expect(failures).toEqual([])
})

test('the groups of a topic come again when one of them or its lag there changes, and no log is measured for them', async () => {
  const { items, failures } = await desk.watch('topic.groups', { topic: 'orders' })
  await client.create('audit')
  const commit = (groupId: string, topic: string, committedOffset: bigint) => {
    const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: '' }]
    return client.ask('OffsetCommit', 7, { groupId, topics: [{ name: topic, partitions }] })
  }
  const told = async () => {
    for (let second = 0; second < 2; second++) await desk.advance(1000)
    return items.splice(0)
  }
  expect(await told()).toEqual([[]])
  await client.produce('orders', batchOf(['a', 'b', 'c']))
  await commit('shipping', 'orders', 1n)
  await commit('billing', 'orders', 3n)
  expect((await told()).at(-1)).toEqual([
    { groupId: 'billing', state: 'Empty', members: 0, lag: 0 },
    { groupId: 'shipping', state: 'Empty', members: 0, lag: 2 },
  ])
  // Other topics do not count, and the same commit again changes nothing.
  await client.produce('audit', batchOf(['a']))
  await commit('shipping', 'audit', 0n)
  await commit('auditing', 'audit', 0n)
  await commit('shipping', 'orders', 1n)
  expect(await told()).toEqual([])
  await desk.page.ask('group.delete', { groupId: 'shipping' })
  expect((await told()).at(-1)).toEqual([{ groupId: 'billing', state: 'Empty', members: 0, lag: 0 }])
  // A member that has committed nothing yet reads it all the same.
  const heartbeat = {
    groupId: 'archive',
    memberId: 'one',
    memberEpoch: 0,
    rebalanceTimeoutMs: 10_000,
    topicPartitions: [],
  }
  await client.ask('ConsumerGroupHeartbeat', 1, { ...heartbeat, subscribedTopicNames: ['orders'] })
  expect((await told()).at(-1)?.[0]).toEqual({ groupId: 'archive', state: 'Stable', members: 1, lag: null })
  expect(measured).toBe(0)
  expect(failures).toEqual([])
})

test('what a page of messages watches measures no log', async () => {
  await desk.watch('workspace', undefined)
  await desk.watch('topics.names', undefined)
  await desk.watch('topic.views', { topic: '*' })
  await desk.watch('messages.arrived', { topics: ['orders'], partitions: null, search: 1 })
  const search = {
    topics: ['orders'],
    partitions: null,
    from: 'newest',
    value: null,
    until: null,
    groupId: null,
  } as const
  const rest = {
    limit: 100,
    committed: false,
    find: '',
    script: '',
    conditions: [],
    follow: null,
    after: null,
    columns: [],
  }
  const { items } = await desk.watch('messages.search', { ...search, ...rest })
  await client.produce('orders', batchOf(['a']))
  for (let second = 0; second < 5; second++) await desk.advance(1000)
  expect(items.length).toBeGreaterThan(0)
  expect(measured).toBe(0)
  await desk.watch('topics', undefined)
  expect(measured).toBeGreaterThan(0)
})
