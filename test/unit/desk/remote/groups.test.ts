import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../../src-main/contract/client'
import type { AskName, Contract, FeedName } from '../../../../src-main/contract/contract'
import type { AnswerOf, InputOf, ItemOf } from '../../../../src-main/contract/define'
import { OrdersCluster } from '../../../support/orders-cluster'
import { asked as askedOf, pictured as picturedOf, type RemoteDesk } from '../../../support/remote-desk'
import { Sharer, setGroupConfig } from '../../../support/sharer'

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

describe('groups of a cluster elsewhere', () => {
  it('shows groups with their lag, but for what a cluster does not tell', async () => {
    await open(true)
    const [theirs, ours] = [await pictured(remote, 'groups', undefined), await pictured(embedded, 'groups', undefined)]
    const known = ({ epoch, lagHistory, ...line }: (typeof ours)[number]) => line
    expect(theirs.map(known)).toEqual(ours.map(known))
    const [one, other] = [
      await pictured(remote, 'group', { groupId: 'billing' }),
      await pictured(embedded, 'group', { groupId: 'billing' }),
    ]
    // A cluster tells no generation of a classic group, and no time of a commit.
    expect(one).toEqual({
      ...other,
      epoch: -1,
      partitions: other?.partitions.map((line) => ({ ...line, committedAt: line.committedAt === null ? null : -1 })),
    })
  })

  it('shows share groups: members, start offsets and lag, which are moved with an undo; who holds what it does not tell', async () => {
    const admin = shop.cluster.broker.client()
    await setGroupConfig(admin, 'packing', 'share.auto.offset.reset', 'earliest')
    const orders = shop.cluster.broker.core.topics.find('orders')?.id ?? ''
    const worker = new Sharer(shop.cluster.broker.client(), 'worker-1', orders, 'packing')
    await worker.join()
    await worker.fetch()
    await worker.acknowledge([0, 2, 1], [5, 5, 1])
    await open(false)
    const lineOf = async (page: Client) =>
      (await pictured(page, 'groups', undefined)).find((one) => one.groupId === 'packing')
    const theirs = await lineOf(remote)
    expect(theirs).toMatchObject({ type: 'share', state: 'Stable', lag: 5 })
    expect({ ...theirs, lagHistory: [], rebalancedAt: null }).toEqual({
      ...(await lineOf(embedded)),
      lagHistory: [],
      rebalancedAt: null,
    })
    const [detail, ours] = [
      await pictured(remote, 'group', { groupId: 'packing' }),
      await pictured(embedded, 'group', { groupId: 'packing' }),
    ]
    // Nor what library it is; its target is its assignment.
    expect(detail?.members).toEqual(ours?.members.map((member) => ({ ...member, library: '', target: null })))
    expect(detail?.partitions).toMatchObject([
      { topic: 'orders', partition: 0, committed: 3, lag: 5 },
      { partition: 1 },
    ])
    const can = await asked(remote, 'can', undefined)
    expect(can['share.lanes']).toBe('A cluster tells where a share group is, but not which records its members hold.')

    const to = { to: 'offset', value: 7, groupId: null, offsets: null } as const
    const reset = { groupId: 'packing', to, topics: [], partitions: [{ topic: 'orders', partition: 0 }] }
    await expect(asked(remote, 'reset.apply', { ...reset, fence: false })).rejects.toThrow('has 1 active member')
    const start = () => shop.cluster.broker.core.share.partitions.stored('packing', orders, 0)?.startOffset
    expect(await asked(remote, 'reset.plan', reset)).toMatchObject({
      lines: [{ current: 3, next: 7, skipped: 4 }, { isChosen: false }],
    })
    await asked(remote, 'reset.apply', { ...reset, fence: true })
    expect(start()).toBe(7)
    expect(shop.cluster.broker.core.groups.find('packing')?.members).toEqual([])
    const [entry] = await asked(remote, 'reset.history', { groupId: 'packing' })
    await asked(remote, 'reset.undo', { groupId: 'packing', id: entry?.id ?? 0, fence: false })
    expect(start()).toBe(3)
    await asked(remote, 'group.delete', { groupId: 'packing' })
    expect(shop.cluster.broker.core.groups.find('packing')).toBeUndefined()
  })
})
