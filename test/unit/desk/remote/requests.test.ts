import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FeedName } from '../../../../src-main/contract/contract'
import type { ApiName } from '../../../../src-main/protocol/api-types'
import { batchOf, type TestClient } from '../../../support/core'
import { FakeCluster } from '../../../support/fake-cluster'
import { RemoteDesk } from '../../../support/remote-desk'

let cluster: FakeCluster
let tester: TestClient
let desk: RemoteDesk
let closes: (() => void)[]

const groupIds = ['billing', 'mailing', 'packing', 'shipping']

beforeEach(async () => {
  cluster = new FakeCluster()
  tester = cluster.broker.client()
  for (const topic of ['orders', 'payments', 'parcels']) {
    await tester.create(topic, 2)
    await tester.produce(topic, batchOf(['a', 'b']))
  }
  for (const groupId of groupIds) await commit(groupId, 1n)
  desk = await RemoteDesk.open(cluster, true)
  closes = []
})
afterEach(async () => {
  for (const close of closes) close()
  expect(desk.faults).toEqual([])
  desk.dispose()
  await cluster.dispose()
})

async function commit(groupId: string, committedOffset: bigint): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: '' }]
  await tester.ask('OffsetCommit', 8, { groupId, topics: [{ name: 'orders', partitions }] })
}

function watch(name: FeedName, input: unknown = undefined): void {
  closes.push(
    desk.page.feed(name, input as never, {
      items: () => {},
      failed: (message) => closes.push(() => expect(message).toBe('')),
    }),
  )
}

/** Requests of the second minute that these feeds are open, by API. */
async function perMinute(): Promise<Partial<Record<ApiName, number>>> {
  const pass = async () => {
    for (let i = 0; i < 60; i++) {
      cluster.clock.advance(1000)
      await cluster.quiet()
    }
  }
  await pass()
  const before = cluster.asked.length
  await pass()
  const counts: Partial<Record<ApiName, number>> = {}
  for (const { name } of cluster.asked.slice(before)) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

describe('what a page asks a cluster elsewhere in a minute', () => {
  it('is what its frame shows: topics and groups are counted, and not looked into', async () => {
    watch('workspace')
    const { Metadata = 0, ListGroups = 0, ...others } = await perMinute()
    expect(others).toEqual({})
    expect([Metadata <= 12, ListGroups <= 12]).toEqual([true, true])
  })

  it('is no more where it needs the names of topics', async () => {
    const names: string[][] = []
    closes.push(
      desk.page.feed('topics.names', undefined, {
        items: (items) => names.push(...items.map((topics) => topics.map(({ name }) => name))),
        failed: (message) => closes.push(() => expect(message).toBe('')),
      }),
    )
    const { Metadata = 0, ...others } = await perMinute()
    expect(others).toEqual({})
    expect([Metadata > 0, Metadata <= 6]).toEqual([true, true])
    expect(names).toEqual([['__consumer_offsets', 'orders', 'parcels', 'payments']])
    await tester.create('audit', 1)
    await perMinute()
    expect(names.slice(1)).toEqual([['__consumer_offsets', 'audit', 'orders', 'parcels', 'payments']])
  })

  it('is no more where it needs the names of groups', async () => {
    watch('workspace')
    const names: (readonly string[])[] = []
    closes.push(
      desk.page.feed('groups.names', undefined, {
        items: (items) => names.push(...items),
        failed: (message) => closes.push(() => expect(message).toBe('')),
      }),
    )
    const { Metadata = 0, ListGroups = 0, ...others } = await perMinute()
    expect(others).toEqual({})
    expect([Metadata <= 12, ListGroups <= 12]).toEqual([true, true])
    expect(names).toEqual([groupIds])
    await commit('auditing', 1n)
    await perMinute()
    expect(names.slice(1)).toEqual([['auditing', ...groupIds]])
  })

  it('is about one group where it shows one', async () => {
    watch('workspace')
    watch('group', { groupId: 'billing' })
    watch('group.lag', { groupId: 'billing' })
    const described: string[][] = []
    cluster.on('DescribeGroups', async ({ body, serve }) => {
      described.push([...body.groups])
      return { body: await serve() }
    })
    const { DescribeGroups = 0, OffsetFetch = 0 } = await perMinute()
    expect([DescribeGroups <= 12, OffsetFetch <= 30]).toEqual([true, true])
    expect(new Set(described.flat())).toEqual(new Set(['billing']))
  })

  it('is about all groups where it lists them, once for each portion', async () => {
    watch('workspace')
    watch('groups')
    const { DescribeGroups = 0, ListGroups = 0, OffsetFetch = 0 } = await perMinute()
    expect(DescribeGroups).toBeGreaterThan(0)
    expect([DescribeGroups <= 12, ListGroups <= 24, OffsetFetch <= 6]).toEqual([true, true, true])
  })

  it('is about no members where it lists topics, and about each log once', async () => {
    watch('workspace')
    watch('topics')
    const { DescribeGroups = 0, ListOffsets = 0 } = await perMinute()
    // Starts, ends and stable ends every two seconds; the newest times every ten.
    expect([DescribeGroups, ListOffsets <= 96]).toEqual([0, true])
  })

  it('is what an alert needs, which is told with no page that shows its group', async () => {
    watch('workspace')
    await desk.ask('alert.set', {
      id: null,
      kind: 'lag',
      subject: 'billing',
      threshold: 0,
      notifies: false,
      webhook: null,
    })
    const { DescribeGroups = 0 } = await perMinute()
    expect(DescribeGroups).toBe(0)
    const alert = async () => (await desk.picture('alerts', undefined))[0]
    expect(await alert()).toMatchObject({ value: 1, since: expect.any(Number) })
    await commit('billing', 2n)
    await perMinute()
    expect(await alert()).toMatchObject({ value: 0, since: null })
  })
})
