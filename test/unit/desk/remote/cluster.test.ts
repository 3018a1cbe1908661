import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { committedOffsets } from '../../../../src-main/client/admin/groups'
import type { Client } from '../../../../src-main/contract/client'
import type { AskName, Contract, FeedName } from '../../../../src-main/contract/contract'
import type { AnswerOf, InputOf, ItemOf } from '../../../../src-main/contract/define'
import { WriteLock } from '../../../../src-main/desk/remote/write-lock'
import { batchOf, start } from '../../../support/core'
import { OrdersCluster } from '../../../support/orders-cluster'
import { asked as askedOf, pictured as picturedOf, type RemoteDesk } from '../../../support/remote-desk'

let shop: OrdersCluster
let embedded: Client
let desk: RemoteDesk
let remote: Client

async function open(isReadOnly: boolean): Promise<void> {
  desk = await shop.open(isReadOnly)
  remote = desk.page
}

beforeEach(async () => {
  shop = await OrdersCluster.start()
  embedded = shop.embedded.page
})
afterEach(() => shop.dispose())

const asked = <N extends AskName>(page: Client, name: N, input: InputOf<Contract[N]>): Promise<AnswerOf<Contract[N]>> =>
  askedOf(shop.cluster, page, name, input)

const pictured = <N extends FeedName>(
  page: Client,
  name: N,
  input: InputOf<Contract[N]>,
): Promise<ItemOf<Contract[N]>> => picturedOf(shop.cluster, page, name, input)

const searched = (...[page, input]: Parameters<OrdersCluster['searched']>) => shop.searched(page, input)

describe('a cluster elsewhere', () => {
  it('says of each thing that it can be asked, or why not', async () => {
    await open(true)
    const can = await asked(remote, 'can', undefined)
    for (const [name, sentence] of Object.entries(can)) {
      if (sentence !== true) expect([name, sentence]).toEqual([name, expect.stringMatching(/^[A-Z].*\.$/)])
    }
    expect(can).toMatchObject({ topics: true, 'messages.search': true, groups: true, transactions: true })
    expect(can['topic.create']).toBe('This cluster is opened read-only. Start with --writable to change it.')
    await open(false)
    expect(await asked(remote, 'can', undefined)).toMatchObject({ 'topic.create': true, 'messages.produce': true })
  })

  it('is named by the band above the pages', async () => {
    await open(true)
    const status = await pictured(remote, 'workspace', undefined)
    expect(status.cluster).toEqual({
      name: 'node:1',
      stage: null,
      color: null,
      isReadOnly: true,
      canUnlock: false,
      unlockedForMs: null,
      requestsPerMinute: 0,
    })
    expect((await pictured(embedded, 'workspace', undefined)).cluster).toBeNull()
  })

  it('answers about topics as the broker itself does', async () => {
    await open(true)
    const [theirs, ours] = [await pictured(remote, 'topics', undefined), await pictured(embedded, 'topics', undefined)]
    // Internal topics of the broker itself have no log on disk.
    const sorted = (lines: typeof ours) => lines.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    expect(sorted(theirs)).toEqual(sorted(ours))
    for (const topic of ['orders', 'empty']) {
      expect(await pictured(remote, 'topic.partitions', { topic })).toEqual(
        await pictured(embedded, 'topic.partitions', { topic }),
      )
      expect(await asked(remote, 'topic.configs', { topic })).toEqual(await asked(embedded, 'topic.configs', { topic }))
    }
    await expect(asked(remote, 'topic.configs', { topic: 'nope' })).rejects.toThrow('nope')
  })

  it('tells before a deletion what it takes away, and whom it concerns', async () => {
    const tester = shop.cluster.broker.client()
    const { producerId, producerEpoch } = await tester.ask('InitProducerId', 4, {
      transactionalId: null,
      transactionTimeoutMs: 0,
    })
    await tester.produce('orders', batchOf(['d'], { producerId, producerEpoch, baseSequence: 0 }), 1)
    await open(true)
    const input = { topics: ['orders', 'empty'] }
    const [theirs, ours] = [await asked(remote, 'topics.impact', input), await asked(embedded, 'topics.impact', input)]
    const [orders, empty] = ours
    expect(orders).toMatchObject({ topic: 'orders', partitions: 2, records: 16, newestAt: start + 2 })
    expect(orders?.groups).toEqual([
      { groupId: 'billing', state: 'Empty', members: 0, committed: [{ partition: 0, offset: 4 }] },
    ])
    expect(orders?.producers).toEqual([{ producerId: String(producerId), lastAt: start }])
    expect(orders?.writers).toEqual(['tester'])
    expect(empty).toMatchObject({ records: 0, groups: [], producers: [], writers: [] })
    // A cluster does not tell who is connected.
    expect(theirs).toEqual(ours.map((one) => ({ ...one, writers: null })))
    await expect(asked(remote, 'topics.impact', { topics: ['nope'] })).rejects.toThrow('nope')
  })

  it('is not changed by looking: every request is one that only reads', async () => {
    await open(true)
    await pictured(remote, 'topics', undefined)
    await pictured(remote, 'groups', undefined)
    await searched(remote, { from: 'newest' })
    const { forbids } = new WriteLock({ name: 'node:1', stage: null, writing: 'never' }, shop.cluster.clock)
    expect(shop.cluster.asked.filter(({ name }) => forbids(name) !== undefined)).toEqual([])
    await expect(asked(remote, 'topic.create', { topic: 'new', partitions: 1, configs: {} })).rejects.toThrow(
      'read-only',
    )
    expect(shop.cluster.broker.core.topics.find('new')).toBeUndefined()
    expect(desk.faults).toEqual([])
  })

  it('in production takes messages only after somebody allowed it; all else needs no such answer', async () => {
    desk = await shop.open(false, 'production')
    remote = desk.page
    const message = { timestamp: null, partition: 0, key: 'k', value: 'v', headers: [] }
    const selection = { marked: [{ topic: 'orders', partition: 0, offset: 0 }] }
    const resend = { selection, target: { topic: 'empty' }, maxTimes: 1, skipResent: false, perSecond: null }
    const writes = [
      () => asked(remote, 'messages.produce', { ...message, topic: 'empty', codec: 'none', count: 1 }),
      () => asked(remote, 'messages.import', { topic: 'empty', codec: 'none', messages: [message] }),
      () => asked(remote, 'resend.start', resend),
      () => asked(remote, 'topic.clone', { topic: 'orders', name: 'full', messages: true }),
    ]
    expect(await asked(remote, 'can', undefined)).toMatchObject({ 'messages.produce': true, 'resend.start': true })
    expect(await asked(remote, 'cluster.asksForMessages', undefined)).toBe('node:1')
    for (const write of writes) await expect(write()).rejects.toThrow('node:1 is marked as production: first confirm')
    await asked(remote, 'topic.clone', { topic: 'orders', name: 'bare', messages: false })
    expect(shop.cluster.requests('Produce')).toEqual([])
    expect(shop.cluster.broker.core.topics.find('full')).toBeUndefined()
    expect(shop.cluster.broker.core.topics.find('bare')).toBeDefined()
    await expect(asked(remote, 'cluster.allowMessages', { name: 'node:2' })).rejects.toThrow('This cluster is node:1')
    await asked(remote, 'cluster.allowMessages', { name: 'node:1' })
    expect(await asked(remote, 'cluster.asksForMessages', undefined)).toBeNull()
    for (const write of writes) await write()
    expect(shop.cluster.requests('Produce').length).toBeGreaterThan(1)
    expect(desk.faults).toEqual([])
  })

  it('that is writable is changed: topics, configs, messages, and offsets with an undo', async () => {
    await open(false)
    await asked(remote, 'topic.create', { topic: 'new', partitions: 1, configs: { 'retention.ms': '1000' } })
    await asked(remote, 'topic.grow', { topic: 'new', partitions: 3 })
    await asked(remote, 'topic.alter', { topic: 'new', config: 'retention.ms', value: null })
    const message = {
      topic: 'new',
      partition: 2,
      key: 'k',
      value: 'v',
      headers: [],
      codec: 'zstd',
      count: 1,
      timestamp: null,
    } as const
    expect(await asked(remote, 'messages.produce', message)).toEqual({ partition: 2, offset: 0 })
    expect(await searched(remote, { topics: ['new'] })).toHaveLength(1)
    await asked(remote, 'topic.deleteRecords', { topic: 'new', before: [{ partition: 2, offset: 1 }] })
    expect(await searched(remote, { topics: ['new'] })).toEqual([])
    await expect(
      asked(remote, 'topic.deleteRecords', { topic: 'new', before: [{ partition: 2, offset: 9 }] }),
    ).rejects.toThrow('The records of new-2 cannot be deleted')
    await asked(remote, 'messages.produce', message)
    await asked(remote, 'topics.purge', { topics: ['new'] })
    expect(await searched(remote, { topics: ['new'] })).toEqual([])
    await asked(remote, 'messages.produce', message)
    await asked(remote, 'topic.recreate', { topic: 'new' })
    expect(await searched(remote, { topics: ['new'] })).toEqual([])
    expect(shop.cluster.broker.core.topics.find('new')?.partitionCount).toBe(3)
    await asked(remote, 'topics.delete', { topics: ['new'] })
    expect(shop.cluster.broker.core.topics.find('new')).toBeUndefined()

    const committed = async () =>
      [...(await shop.cluster.settle(committedOffsets(desk.client, 'billing'))).values()].map(({ offset }) => offset)
    const to = { to: 'earliest', value: null, groupId: null, offsets: null } as const
    const reset = { groupId: 'billing', to, topics: [], partitions: null }
    const plan = await asked(remote, 'reset.plan', reset)
    expect(await asked(embedded, 'reset.plan', reset)).toMatchObject({ lines: plan.lines })
    await asked(remote, 'reset.apply', { ...reset, fence: false })
    expect(await committed()).toEqual([0n, 0n])
    const [entry] = await asked(remote, 'reset.history', { groupId: 'billing' })
    await asked(remote, 'reset.undo', { groupId: 'billing', id: entry?.id ?? 0, fence: false })
    expect(await committed()).toEqual([4n])
  })
})
