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
