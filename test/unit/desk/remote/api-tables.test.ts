import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { committedOffsets } from '../../../../src-main/client/admin/groups'
import type { Client } from '../../../../src-main/contract/client'
import type { AskName, Contract, FeedName } from '../../../../src-main/contract/contract'
import type { AnswerOf, InputOf, ItemOf } from '../../../../src-main/contract/define'
import { apiTables, cutTo, outside } from '../../../support/api-tables'
import { start } from '../../../support/core'
import { OrdersCluster, overTime } from '../../../support/orders-cluster'
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

describe.each(Object.entries(apiTables))('a cluster with the APIs of %s', (_, table) => {
  beforeEach(() => cutTo(shop.cluster, table))
  afterEach(() => {
    expect(outside(shop.cluster, table)).toEqual([])
    expect(desk.faults).toEqual([])
  })

  it('shows topics, messages and groups as the broker itself does', async () => {
    await open(true)
    const theirs = await pictured(remote, 'topics', undefined)
    const ours = await pictured(embedded, 'topics', undefined)
    const known = ({ name, partitions, messages }: (typeof ours)[number]) => ({ name, partitions, messages })
    const sorted = (lines: typeof ours) => lines.map(known).sort((a, b) => (a.name < b.name ? -1 : 1))
    expect(sorted(theirs)).toEqual(sorted(ours))
    for (const input of [
      { from: 'oldest' },
      { from: 'newest', limit: 4 },
      { from: 'time', value: start + 1 },
      { find: 'B3' },
      { from: 'newest', find: 'c', limit: 3 },
      { script: "value === 'c1'" },
      { partitions: [1], committed: true },
    ] as const) {
      const ours = await searched(embedded, input)
      expect(await searched(remote, input)).toEqual(ours)
      expect(ours.length).toBeGreaterThan(0)
    }
    const [line] = await pictured(remote, 'groups', undefined)
    expect(line).toMatchObject({ groupId: 'billing', state: 'Empty' })
    const group = await pictured(remote, 'group', { groupId: 'billing' })
    expect(group?.partitions.map(({ committed, end }) => [committed, end])).toEqual(
      (await pictured(embedded, 'group', { groupId: 'billing' }))?.partitions.map(({ committed, end }) => [
        committed,
        end,
      ]),
    )
  })

  it('counts messages over time, and writes one', async () => {
    await open(false)
    const counts = async () => (await pictured(remote, 'messages.histogram', overTime)).counts
    const before = await counts()
    expect(before.reduce((sum, count) => sum + count, 0)).toBe(15)
    const message = {
      topic: 'orders',
      partition: 1,
      key: 'k',
      value: 'v',
      headers: [],
      codec: 'none',
      count: 2,
      timestamp: null,
    } as const
    expect((await asked(remote, 'messages.produce', message)).partition).toBe(1)
    expect(await searched(remote, {})).toHaveLength(17)
    expect(await searched(remote, {})).toEqual(await searched(embedded, {}))
  })

  it('resets offsets', async () => {
    await open(false)
    const to = { to: 'earliest', value: null, groupId: null, offsets: null } as const
    await asked(remote, 'reset.apply', { groupId: 'billing', to, topics: [], partitions: null, fence: false })
    const committed = await shop.cluster.settle(committedOffsets(desk.client, 'billing'))
    expect([...committed.values()].map(({ offset }) => offset)).toEqual([0n, 0n])
  })

  it('answers with a sentence what it does not have', async () => {
    await open(true)
    const can = await asked(remote, 'can', undefined)
    const configs = asked(remote, 'topic.configs', { topic: 'orders' })
    if (table.DescribeConfigs) expect((await configs).length).toBeGreaterThan(0)
    else await expect(configs).rejects.toThrow('This cluster does not serve DescribeConfigs.')
    expect(can['topic.configs']).toBe(table.DescribeConfigs ? true : 'This cluster does not serve DescribeConfigs.')
    const transactions = pictured(remote, 'transactions', undefined)
    if (table.ListTransactions) expect(await transactions).toEqual([])
    else await expect(transactions).rejects.toThrow('This cluster does not serve ListTransactions.')
    const security = await pictured(remote, 'security', undefined)
    expect(security.problems.quotas).toBe('node:1 does not serve DescribeClientQuotas.')
  })
})
