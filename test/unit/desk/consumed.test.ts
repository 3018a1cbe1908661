import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reachOf } from '../../../src-main/desk/groups/reach'
import type { PartitionReader } from '../../../src-main/desk/source/clients'
import { batchOf, TestBroker } from '../../support/core'
import { TestDesk } from '../../support/desk'
import { Sharer, setGroupConfig } from '../../support/sharer'

const reader = (fields: Partial<PartitionReader>): PartitionReader => ({
  topic: 'orders',
  partition: 0,
  clientId: 'app',
  remoteAddress: '127.0.0.1',
  groupIds: new Set(),
  offset: 10,
  from: 4,
  at: 1000,
  committedOnly: false,
  ...fields,
})
const member = { clientId: 'app', clientHost: '/127.0.0.1' }
const group = { groupId: 'one' }

describe('how far a member was given a partition', () => {
  test('is told by the only connection that fits', () => {
    const others = [reader({ clientId: 'other', offset: 99 }), reader({ remoteAddress: '10.0.0.1', offset: 99 })]
    expect(reachOf(group, member, [reader({}), ...others])).toEqual({
      least: 10,
      most: 10,
      last: { from: 4, at: 1000 },
    })
    expect(reachOf(group, member, others)).toBeNull()
  })

  test('is told by a connection of IPv6, whose host members have as Java writes it', () => {
    const six = reader({ remoteAddress: '::1' })
    for (const clientHost of ['/0:0:0:0:0:0:0:1', '/::1']) {
      expect(reachOf(group, { clientId: 'app', clientHost }, [six])).toMatchObject({ least: 10 })
    }
    expect(reachOf(group, { clientId: 'app', clientHost: '/0:0:0:0:0:0:0:2' }, [six])).toBeNull()
  })

  test('is told by the connection that also speaks for the group', () => {
    const both = [reader({ groupIds: new Set(['one']) }), reader({ groupIds: new Set(['two']), offset: 50 })]
    expect(reachOf(group, member, both)).toMatchObject({ least: 10, most: 10 })
    expect(reachOf({ groupId: 'two' }, member, both)).toMatchObject({ least: 50, most: 50 })
  })

  test('is between two connections that only fetch, where two groups share a client id', () => {
    expect(reachOf(group, member, [reader({}), reader({ offset: 50 })])).toEqual({ least: 10, most: 50, last: null })
  })
})

describe('who consumed a message', () => {
  let broker: TestBroker
  let desk: TestDesk
  beforeEach(async () => {
    broker = new TestBroker()
    desk = new TestDesk(broker)
    await broker.client().create('orders', 1)
    await broker.client().produce('orders', batchOf(['a', 'b', 'c', 'd', 'e', 'f']), 0)
  })
  afterEach(async () => {
    await desk.dispose()
    await broker.dispose()
    expect(desk.faults).toEqual([])
  })

  /** A member with the whole topic, whose connection joins; `fetches` reads from an offset over a connection of its own. */
  async function joined(groupId: string) {
    const client = broker.client()
    const subscription = Buffer.from([0, 0, 0, 0, 0, 1, 0, 6, ...Buffer.from('orders'), 255, 255, 255, 255])
    const join = (memberId: string) =>
      client.ask('JoinGroup', 5, {
        groupId,
        sessionTimeoutMs: 30_000,
        rebalanceTimeoutMs: 30_000,
        memberId,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: subscription }],
      })
    const { memberId } = await join('')
    const again = join(memberId)
    broker.clock.advance(1)
    const { generationId } = await again
    const assignment = Buffer.from([
      0,
      0,
      0,
      0,
      0,
      1,
      0,
      6,
      ...Buffer.from('orders'),
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      0,
      255,
      255,
      255,
      255,
    ])
    await client.ask('SyncGroup', 3, { groupId, generationId, memberId, assignments: [{ memberId, assignment }] })
    const commit = (offset: number) =>
      client.ask('OffsetCommit', 7, {
        groupId,
        generationIdOrMemberEpoch: generationId,
        memberId,
        topics: [
          {
            name: 'orders',
            partitions: [{ partitionIndex: 0, committedOffset: BigInt(offset), committedMetadata: '' }],
          },
        ],
      })
    return { memberId, commit }
  }

  const fetch = (from: number, client = broker.client()) =>
    client.ask('Fetch', 4, {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1,
      isolationLevel: 0,
      topics: [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: BigInt(from), partitionMaxBytes: 1 }] }],
    })

  const reach = async (offset: number) =>
    Object.fromEntries(
      (await desk.page.ask('messages.detail', { topic: 'orders', partition: 0, offset })).consumedBy.map((one) => [
        one.groupId,
        [one.state, one.member?.memberId ?? null, one.deliveredAt],
      ]),
    )

  test('committed, delivered when and to which member, or not reached', async () => {
    const { memberId, commit } = await joined('one')
    expect(await reach(0)).toEqual({ one: ['not reached', memberId, null] })
    broker.clock.advance(1000)
    await fetch(0)
    await broker.client().produce('orders', batchOf(['g']), 0)
    const at = broker.clock.now()
    expect(await reach(5)).toEqual({ one: ['delivered', memberId, at] })
    expect(await reach(6)).toEqual({ one: ['not reached', memberId, null] })
    await commit(3)
    expect(await reach(2)).toEqual({ one: ['committed', memberId, at] })
    expect(await reach(3)).toEqual({ one: ['delivered', memberId, at] })
  })

  test('of two groups whose members share a client id, one does not show the progress of the other', async () => {
    const [one, two] = [await joined('one'), await joined('two')]
    const [first, second] = [broker.client(), broker.client()]
    await fetch(0, first)
    await broker.client().produce('orders', batchOf(['g', 'h']), 0)
    await fetch(0, second)
    await fetch(6, second)
    await one.commit(1)
    expect(await reach(0)).toMatchObject({ one: { 0: 'committed' }, two: ['delivered', two.memberId, null] })
    expect(await reach(5)).toMatchObject({ one: { 0: 'delivered' }, two: { 0: 'delivered' } })
    // One of both has got it; which one nobody tells.
    expect(await reach(7)).toEqual({
      one: ['ambiguous', one.memberId, null],
      two: ['ambiguous', two.memberId, null],
    })
    const { items } = await desk.watch('group', { groupId: 'one' })
    expect(items.at(-1)?.partitions).toMatchObject([{ fetched: null }])
  })

  test('what became of it in a share group: acquired, released, acknowledged, archived, or not reached', async () => {
    const topicId = broker.core.topics.find('orders')?.id ?? ''
    const client = broker.client()
    await setGroupConfig(client, 'workers', 'share.auto.offset.reset', 'earliest')
    const [first, second] = ['worker-1', 'worker-2'].map((id) => new Sharer(broker.client(), id, topicId, 'workers'))
    if (!first || !second) throw new Error('there are no members')
    await first.join()
    await first.fetch()
    const at = broker.clock.now()
    await broker.client().produce('orders', batchOf(['g']), 0)
    await second.join()
    await first.join()
    const states = async () => {
      const found = [0, 1, 2, 3, 4, 6].map((offset) =>
        desk.page.ask('messages.detail', { topic: 'orders', partition: 0, offset }),
      )
      return (await Promise.all(found)).map(({ consumedBy: [one] }) => [
        one?.state,
        one?.member?.memberId ?? null,
        one?.deliveries,
        one?.archivedAs,
      ])
    }
    // 0 stays acquired; 1 is accepted, 2 released, 3 rejected, 4 released; nobody has fetched 6.
    expect(await first.acknowledge([1, 4, 1, 2, 3, 2])).toBe(0)
    expect(await states()).toEqual([
      ['acquired', 'worker-1', 1, null],
      ['acknowledged', null, 1, null],
      ['released', 'worker-1', 1, null],
      ['archived', 'worker-1', 1, 'rejected'],
      ['released', 'worker-1', 1, null],
      ['not reached', null, null, null],
    ])
    const { consumedBy } = await desk.page.ask('messages.detail', { topic: 'orders', partition: 0, offset: 0 })
    expect(consumedBy).toMatchObject([{ groupId: 'workers', committed: 0, deliveredAt: at }])
    // With the front finished its start offset moves on: of what lies before that only what is remembered can be told.
    expect(await first.acknowledge([0, 0, 1])).toBe(0)
    await second.fetch({ maxRecords: 1, batchSize: 1 })
    expect((await states()).slice(0, 4)).toEqual([
      ['finished', null, null, null],
      ['finished', null, null, null],
      ['acquired', 'worker-2', 2, null],
      ['archived', 'worker-1', 1, 'rejected'],
    ])
    await second.acknowledge([2, 2, 3])
    expect((await states())[2]).toEqual(['archived', 'worker-2', 2, 'rejected'])
  })

  test('who wrote it is told by the producer id, else by who writes to the topic', async () => {
    const { writtenBy } = await desk.page.ask('messages.detail', { topic: 'orders', partition: 0, offset: 0 })
    expect(writtenBy).toMatchObject({ isExact: false, clients: [{ clientId: 'tester' }] })
    const writer = broker.client()
    const { producerId, producerEpoch } = await writer.ask('InitProducerId', 4, {
      transactionalId: null,
      transactionTimeoutMs: 0,
      producerId: -1n,
      producerEpoch: -1,
    })
    await writer.produce('orders', batchOf(['x'], { producerId, producerEpoch, baseSequence: 0 }), 0)
    const exact = await desk.page.ask('messages.detail', { topic: 'orders', partition: 0, offset: 6 })
    expect(exact.writtenBy).toEqual({
      isExact: true,
      clients: [{ connectionId: writer.connection.id, clientId: 'tester' }],
    })
  })
})
