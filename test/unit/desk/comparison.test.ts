import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../../src-main/base/user-error'
import { commitOffsets } from '../../../src-main/client/admin/groups'
import { createTopics } from '../../../src-main/client/admin/topics'
import { changesNothing } from '../../../src-main/client/read-only'
import { comparisonSource } from '../../../src-main/compare-pages'
import type { ConnectionKeeper } from '../../../src-main/connections/keeper'
import type { ComparisonItem } from '../../../src-main/contract/comparison'
import { comparisonHandlers } from '../../../src-main/desk/comparison/handlers'
import { ownCluster } from '../../../src-main/own-cluster'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { TestDesk } from '../../support/desk'
import { FakeCluster } from '../../support/fake-cluster'

let broker: TestBroker
let client: TestClient
let desk: TestDesk
let elsewhere: FakeCluster
let clusterId: string | null

beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  desk = new TestDesk(broker)
  elsewhere = new FakeCluster()
  clusterId = null
  await client.create('orders', 2)
  await client.produce('orders', batchOf(['a', 'b', 'c']))
})
afterEach(async () => {
  expect(desk.faults).toEqual([])
  await desk.dispose()
  await broker.dispose()
  await elsewhere.dispose()
})

const keeper = {
  async dialSettings(id: string) {
    if (id !== 'staging') throw new UserError('This connection was deleted.')
    const settings = { 'bootstrap.servers': 'node:1' }
    return { name: 'staging', color: null, stage: null, settings, clusterId }
  },
} as Partial<ConnectionKeeper> as ConnectionKeeper

/** All items of a comparison, as a page gets them. */
function compared(a: string | null, b: string | null): Promise<ComparisonItem[]> {
  const here = ownCluster(desk.source)
  const { comparison } = comparisonHandlers(
    comparisonSource({ here, keeper, clock: elsewhere.clock, dial: elsewhere.dial }),
  )
  return elsewhere.settle(
    new Promise((resolve, reject) => {
      const items: ComparisonItem[] = []
      comparison({ a, b }, { push: (item) => void items.push(item), end: () => resolve(items), fail: reject })
    }),
  )
}

const rowsOf = (items: readonly ComparisonItem[]) =>
  items
    .flatMap((item) => (item.type === 'rows' ? item.rows : []))
    .map(({ kind, name, what, a, b }) => `${kind} ${name}, ${what}: ${a} | ${b}`)
    .sort()

describe('a comparison of this broker with a stored connection', () => {
  it('gives rows of topics, configs and groups, and writes nothing', async () => {
    const other = elsewhere.client()
    await elsewhere.settle(
      createTopics(other, [{ name: 'orders', partitions: 3, configs: { 'retention.ms': '1000' } }]),
    )
    await elsewhere.settle(createTopics(other, [{ name: 'payments', partitions: 1 }]))
    await elsewhere.settle(commitOffsets(other, 'billing', [{ topic: 'orders', partition: 0, offset: 0n }]))
    const offsets = [
      { name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 2n, committedMetadata: '' }] },
    ]
    await client.ask('OffsetCommit', 7, { groupId: 'billing', topics: offsets })
    const before = elsewhere.asked.length
    const items = await compared(null, 'staging')
    expect(rowsOf(items)).toEqual([
      'config orders, retention.ms: 604800000 | 1000',
      'group billing, lag: 1 | 0',
      'group billing, offsets of orders: 0: 2 | 0: 0',
      'group billing, topics: orders | orders',
      'group billing, type: classic | classic',
      'topic orders, partitions: 2 | 3',
      'topic payments, partitions: null | 1',
    ])
    expect(items.filter(({ type }) => type === 'reached')).toHaveLength(2)
    expect(items.filter(({ type }) => type === 'done')).toHaveLength(3)
    expect(items.filter(({ type }) => type === 'untold')).toEqual([
      { type: 'untold', side: 'b', part: 'subjects', isAll: true, why: 'No schema registry is set for it.' },
    ])
    expect(elsewhere.asked.slice(before).filter(({ name }) => !changesNothing(name))).toEqual([])
  })

  it('reads this broker whatever its ACLs permit, with its schemas', async () => {
    await desk.page.ask('schema.register', { subject: 's', type: 'AVRO', schema: '"int"', references: [] })
    // Pages call the registry's topic internal, and Metadata does not: it is compared, as that of the other side.
    expect([...(await ownCluster(desk.source).topics(() => {})).keys()]).toEqual(['_schemas', 'orders'])
    const own = await ownCluster(desk.source).subjects()
    expect([...(own?.get('s')?.versions ?? [])]).toEqual([[1, { id: 1, schemaType: 'AVRO', schema: '"int"' }]])
  })

  it('says what one side does not tell, and gives the rest', async () => {
    elsewhere.on('ListGroups', async ({ serve }) => ({ body: { ...(await serve()), errorCode: 31 } }))
    elsewhere.on('DescribeConfigs', async ({ serve }) => {
      const answer = await serve()
      return { body: { ...answer, results: answer.results.map((one) => ({ ...one, errorCode: 29, configs: [] })) } }
    })
    await elsewhere.settle(createTopics(elsewhere.client(), [{ name: 'orders', partitions: 2 }]))
    const items = await compared('staging', null)
    const untold = items.flatMap((item) => (item.type === 'untold' ? [item] : []))
    expect(untold.map(({ side, part, isAll }) => `${side} ${part} ${isAll}`).sort()).toEqual([
      'a groups true',
      'a subjects true',
      'a topics false',
    ])
    expect(untold.find(({ part }) => part === 'topics')?.why).toContain('TOPIC_AUTHORIZATION_FAILED')
    expect(rowsOf(items)).toEqual(['topic orders, partitions: 2 | 2'])
  })

  it('ends at once when one side cannot be asked at all', async () => {
    expect(await compared(null, 'gone')).toEqual([
      { type: 'untold', side: 'b', part: null, isAll: true, why: 'This connection was deleted.' },
    ])
    clusterId = 'another-cluster'
    const [item] = (await compared('staging', null)).filter(({ type }) => type === 'untold')
    expect(item).toMatchObject({
      side: 'a',
      part: null,
      isAll: true,
      why: expect.stringContaining('This is another cluster'),
    })
  })

  it('closes its connections when the page closes it', async () => {
    elsewhere.on('Metadata', () => 'silence')
    const { comparison } = comparisonHandlers(
      comparisonSource({ here: ownCluster(desk.source), keeper, clock: elsewhere.clock, dial: elsewhere.dial }),
    )
    let ended = false
    const stop = comparison(
      { a: null, b: 'staging' },
      { push: () => {}, end: () => void (ended = true), fail: () => void (ended = true) },
    )
    await elsewhere.settle(expect.poll(() => elsewhere.received('Metadata'), { interval: 1 }).toBeGreaterThan(0), 0)
    stop()
    await expect.poll(() => ended, { interval: 1 }).toBe(true)
  })
})
