import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { writeSubscription } from '../../../src-main/protocol/embedded/consumer-protocol'
import { encodeBatch } from '../../../src-main/records/encode'
import { StorageFailure } from '../../../src-main/storage'
import { batchOf, start, TestBroker, type TestClient } from '../../support/core'
import { settled, TestDesk } from '../../support/desk'

let broker: TestBroker
let client: TestClient
let desk: TestDesk
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  desk = new TestDesk(broker)
  await client.create('orders')
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

async function commit(offset: number): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset: BigInt(offset), committedMetadata: '' }]
  await client.ask('OffsetCommit', 7, { groupId: 'g', topics: [{ name: 'orders', partitions }] })
}

/** One transaction of so many records, which are one batch. */
async function transaction(records: number, committed = true): Promise<void> {
  const { producerId, producerEpoch } = await client.ask('InitProducerId', 4, {
    transactionalId: 'tx',
    transactionTimeoutMs: 60_000,
  })
  await client.ask('AddPartitionsToTxn', 3, {
    v3AndBelowTransactionalId: 'tx',
    v3AndBelowProducerId: producerId,
    v3AndBelowProducerEpoch: producerEpoch,
    v3AndBelowTopics: [{ name: 'orders', partitions: [0] }],
  })
  const options = { producerId, producerEpoch, baseSequence: 0, isTransactional: true }
  await client.produce('orders', batchOf(Array(records).fill('v'), options), 0, 'tx')
  await client.ask('EndTxn', 3, { transactionalId: 'tx', producerId, producerEpoch, committed })
}

const group = async () => (await desk.watch('groups', undefined)).items.at(-1)?.[0]
const topic = async () => (await desk.watch('topics', undefined)).items.at(-1)?.find(({ name }) => name === 'orders')

describe('records are counted, not offsets', () => {
  test('and what could not be counted on a full disk is counted when there is room', async () => {
    const records = async () => (await desk.source.topics.logs(['orders'])).get('orders')?.map((log) => log.records)
    await client.produce('orders', batchOf(['a', 'b']))
    expect(await records()).toEqual([2])
    const full = vi.spyOn(broker.workspace, 'settled').mockRejectedValue(new StorageFailure('the disk is full'))
    await client.produce('orders', batchOf(['c', 'd', 'e']))
    expect(await records()).toEqual([2])
    full.mockRestore()
    expect(await records()).toEqual([5])
  })

  test('without the markers of transactions', async () => {
    await transaction(10)
    await transaction(3)
    expect(await topic()).toMatchObject({ messages: 13 })
    await commit(10)
    expect(await group()).toMatchObject({ lag: 3, uncommitted: 0 })
    // All records are committed: what is left is a marker.
    await commit(14)
    broker.clock.advance(60_000)
    await settled()
    expect(await group()).toMatchObject({ lag: 0, lagMs: 0 })
  })

  test('also within a batch, and in one that was compacted', async () => {
    await client.produce('orders', batchOf(['a', 'b', 'c', 'd', 'e', 'f']))
    await commit(2)
    expect(await group()).toMatchObject({ lag: 4 })
    const log = broker.core.topics.find('orders')?.partition(0)
    const [batch] = log ? broker.workspace.batches.rows(log.facts, 0, 10, 10, 1e9) : []
    if (!log || !batch) throw new Error('no batch')
    broker.workspace.write(() => {
      const record = (offset: number) => ({ key: null, value: Buffer.from('x'), timestamp: start, offset })
      const bytes = encodeBatch([record(1), record(3), record(5)], { baseOffset: 0, lastOffset: 5 })
      broker.workspace.batches.rewrite(log.facts, [{ row: batch, bytes }])
      log.touch(0)
    })
    await settled()
    expect(await topic()).toMatchObject({ messages: 3 })
    expect(await group()).toMatchObject({ lag: 2 })
    await commit(4)
    expect(await group()).toMatchObject({ lag: 1 })
  })

  test('as they come and go', async () => {
    for (let i = 0; i < 5; i++) {
      await client.produce('orders', batchOf(['a', 'b', 'c']))
      expect(await topic()).toMatchObject({ messages: (i + 1) * 3 })
    }
    await desk.page.ask('topics.purge', { topics: ['orders'] })
    expect(await topic()).toMatchObject({ messages: 0 })
    await client.produce('orders', batchOf(['a']))
    expect(await topic()).toMatchObject({ messages: 1 })
    await commit(0)
    expect(await group()).toMatchObject({ lag: 1 })
  })

  test('in what a reset would pass', async () => {
    await transaction(10)
    await transaction(3)
    await commit(15)
    const to = { to: 'earliest', value: null, groupId: null, offsets: null } as const
    const plan = await desk.page.ask('reset.plan', { groupId: 'g', to, topics: [], partitions: null })
    expect(plan.lines).toMatchObject([{ current: 15, next: 0, replayed: 13, skipped: 0 }])
  })
})

/** A member that is subscribed to a topic and has no assignment yet. */
async function joined(topic: string): Promise<void> {
  const subscription = { topics: [topic], userData: null, ownedPartitions: [], generationId: -1, rackId: null }
  const answer = client.ask('JoinGroup', 2, {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from(writeSubscription(subscription)) }],
  })
  broker.clock.advance(1)
  await answer
}

describe('a group', () => {
  test('that has committed nothing has no lag, and says of how many partitions', async () => {
    await client.create('more', 3)
    await client.produce('more', batchOf(['a']))
    await joined('more')
    expect(await group()).toMatchObject({ lag: null, lagMs: null, uncommitted: 3 })
    expect((await desk.watch('workspace.lag', undefined)).items.at(-1)).toEqual({ total: 0, uncommitted: 3 })
    expect((await desk.watch('workspace.messages', undefined)).items.at(-1)).toBe(1)
  })

  test('forgets the offsets of a topic that is deleted, also when it is created again: no lag, no chart', async () => {
    await client.produce('orders', batchOf(['a', 'b', 'c']))
    await commit(1)
    await desk.advance(1000)
    const { items } = await desk.watch('group.lag', { groupId: 'g' })
    await desk.advance(1000)
    await desk.advance(1000)
    expect(items.at(-1)?.points.at(-1)).toMatchObject({ lag: 2 })
    await client.ask('DeleteTopics', 5, { topicNames: ['orders'], timeoutMs: 1000 })
    await client.create('orders')
    await client.produce('orders', batchOf(['d']))
    await desk.advance(1000)
    await desk.advance(1000)
    expect(await group()).toMatchObject({ lag: null, topics: [], uncommitted: 0 })
    expect((await desk.watch('group', { groupId: 'g' })).items.at(-1)).toMatchObject({ lag: null, partitions: [] })
    expect(items.at(-1)?.points).toEqual([])
  })

  test('that reads a topic which does not exist says so', async () => {
    await joined('orders')
    expect(await group()).toMatchObject({ topics: ['orders'], missingTopics: [] })
    await client.ask('DeleteTopics', 5, { topicNames: ['orders'], timeoutMs: 1000 })
    await settled()
    expect(await group()).toMatchObject({ topics: ['orders'], missingTopics: ['orders'], uncommitted: 0 })
    const { items } = await desk.watch('group', { groupId: 'g' })
    expect(items.at(-1)).toMatchObject({ missingTopics: ['orders'], partitions: [] })
  })

  test('whose committed offset is beyond the end of the log is behind by nothing, and the offset is shown', async () => {
    await client.produce('orders', batchOf(['a']))
    await commit(7)
    const { items } = await desk.watch('group', { groupId: 'g' })
    expect(items.at(-1)).toMatchObject({ lag: 0, beyondEnd: 1, partitions: [{ end: 1, committed: 7, lag: 0 }] })
    expect(await group()).toMatchObject({ lag: 0, beyondEnd: 1 })
    await commit(1)
    expect(await group()).toMatchObject({ lag: 0, beyondEnd: 0 })
  })
})
