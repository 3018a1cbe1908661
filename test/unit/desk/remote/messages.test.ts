import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../../../src-main/contract/client'
import type { AskName, Contract, FeedName } from '../../../../src-main/contract/contract'
import type { AnswerOf, InputOf, ItemOf } from '../../../../src-main/contract/define'
import { ReadAhead } from '../../../../src-main/desk/remote/read-ahead'
import { encodeBatch } from '../../../../src-main/records/encode'
import { batchOf, start } from '../../../support/core'
import { OrdersCluster, overTime, type SearchPage } from '../../../support/orders-cluster'
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

const counted = (...[page, input]: Parameters<OrdersCluster['counted']>) => shop.counted(page, input)

describe('messages of a cluster elsewhere', () => {
  it.each([
    ['oldest', {}],
    ['newest', { from: 'newest' }],
    ['newest, a few', { from: 'newest', limit: 4 }],
    ['from an offset', { from: 'offset', value: 2 }],
    ['from a time', { from: 'time', value: start + 1 }],
    ['from a group', { from: 'group', groupId: 'billing' }],
    ['with a text', { find: 'b3' }],
    ['with a script', { script: "value === 'c1'" }],
    ['of one partition, committed ones', { partitions: [1], committed: true }],
  ] as const)('finds the same messages: %s', async (_, input) => {
    await open(true)
    const [theirs, ours] = [await searched(remote, input), await searched(embedded, input)]
    expect(theirs).toEqual(ours)
    expect(ours.length).toBeGreaterThan(0)
  })

  it('shows transactions as the broker itself does: committed, aborted, and open', async () => {
    const tester = shop.cluster.broker.client()
    const { producerId, producerEpoch } = await tester.ask('InitProducerId', 4, {
      transactionalId: 'till',
      transactionTimeoutMs: 60_000,
    })
    const write = async (value: string, baseSequence: number) => {
      await tester.ask('AddPartitionsToTxn', 3, {
        v3AndBelowTransactionalId: 'till',
        v3AndBelowProducerId: producerId,
        v3AndBelowProducerEpoch: producerEpoch,
        v3AndBelowTopics: [{ name: 'orders', partitions: [0] }],
      })
      const batch = batchOf([value], { producerId, producerEpoch, baseSequence, isTransactional: true })
      expect((await tester.produce('orders', batch, 0, 'till')).errorCode).toBe(0)
    }
    const end = (committed: boolean) =>
      tester.ask('EndTxn', 3, { transactionalId: 'till', producerId, producerEpoch, committed })
    await write('good', 0)
    await end(true)
    await write('bad', 1)
    await end(false)
    await write('open', 2)
    await open(true)
    for (const input of [{}, { from: 'newest' }, { committed: true }] as const) {
      expect(await searched(remote, input)).toEqual(await searched(embedded, input))
    }
    const [theirs, ours] = [
      await pictured(remote, 'transactions', undefined),
      await pictured(embedded, 'transactions', undefined),
    ]
    const known = ({ transactionalId, state, producerId: id, partitions }: (typeof ours)[number]) => ({
      transactionalId,
      state,
      id,
      partitions,
    })
    expect(theirs.map(known)).toEqual(ours.map(known))
  })

  it('gives the latest value of each key page after page, and takes no batch twice', async () => {
    await open(true)
    const tester = shop.cluster.broker.client()
    await tester.create('prices', 2)
    for (let n = 0; n < 60; n++) {
      const [key, value] = [Buffer.from(`k${n % 40}`), Buffer.from(String(n))]
      await tester.produce('prices', encodeBatch([{ key, value, timestamp: start + n }]), n % 2)
    }
    const taken: string[] = []
    const { batches } = ReadAhead.prototype
    const spy = vi.spyOn(ReadAhead.prototype, 'batches').mockImplementation(async function (
      this: ReadAhead,
      place,
      window,
    ) {
      const found = await batches.call(this, place, window)
      taken.push(...found.map(({ batch }) => `${place.partition}:${batch.baseOffset}`))
      return found
    })
    const offsets: number[] = []
    let before: SearchPage | undefined
    do {
      const after = before?.next ?? null
      const found: SearchPage = await shop.page(remote, { topics: ['prices'], from: 'latest', limit: 7, after })
      before?.close()
      before = found
      before = found
      offsets.push(...found.rows.map(({ timestamp }) => timestamp - start))
    } while (before.next)
    spy.mockRestore()
    expect(offsets).toEqual(Array.from({ length: 40 }, (_, n) => 59 - n))
    expect(new Set(taken).size).toBe(60)
    expect(taken).toHaveLength(60)
  })

  it('shows one message as the broker itself does', async () => {
    await open(true)
    for (const place of [
      { topic: 'orders', partition: 0, offset: 4 },
      { topic: 'orders', partition: 1, offset: 0 },
    ]) {
      for (const name of ['messages.detail', 'messages.exact', 'messages.at'] as const) {
        // A cluster does not tell who is connected.
        const known = name === 'messages.detail' ? { writtenBy: null } : {}
        const ours = await asked(embedded, name, place)
        expect(await asked(remote, name, place)).toEqual(ours && { ...ours, ...known })
      }
    }
    const times = { topic: 'orders', partition: 0, steps: 4 }
    expect(await asked(remote, 'partition.times', times)).toEqual(await asked(embedded, 'partition.times', times))
    const at = { topic: 'orders', partition: 0, at: start + 2 }
    expect(await asked(remote, 'partition.at', at)).toEqual(await asked(embedded, 'partition.at', at))
    const all = { topic: 'orders', at: start + 2 }
    expect(await asked(remote, 'topic.offsetsAt', all)).toEqual(await asked(embedded, 'topic.offsetsAt', all))
  })

  it('counts messages over time as the broker itself does, but by offsets', async () => {
    await open(true)
    const tester = shop.cluster.broker.client()
    await tester.create('timed', 2)
    for (const [i, at] of [0, 40, 41, 300, 301, 302, 900].entries()) {
      const value = Buffer.from(`${i}`)
      await tester.produce('timed', encodeBatch([{ key: null, value, timestamp: start + at }]), i % 2)
    }
    const timed = { ...overTime, topics: ['timed'] }
    for (const input of [timed, { ...timed, partitions: [1], committed: true }, { ...timed, buckets: 3 }]) {
      const ours = await counted(embedded, input)
      expect(ours.counts.length).toBeGreaterThan(1)
      expect(await counted(remote, input)).toEqual({ ...ours, unit: 'offsets' })
    }
    const none = { ...overTime, topics: ['empty'] }
    expect((await pictured(remote, 'messages.histogram', none)).fromAt).toBe(-1)
    await expect(pictured(remote, 'messages.histogram', { ...overTime, find: 'a' })).rejects.toThrow(
      'not how many of them match a filter',
    )
  })
})
