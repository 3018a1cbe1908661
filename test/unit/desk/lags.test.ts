import { afterEach, beforeEach, expect, test } from 'vitest'
import { Lags, lagsOf } from '../../../src-main/desk/groups/lags'
import type { ClusterSource } from '../../../src-main/desk/source/source'
import { batchOf, TestBroker } from '../../support/core'
import { sourceOf } from '../../support/desk'

let broker: TestBroker
let source: ClusterSource
beforeEach(async () => {
  broker = new TestBroker()
  source = sourceOf(broker, (error) => expect.unreachable(String(error)))
  await broker.client().create('orders')
})
afterEach(() => broker.dispose())

/** As `kafka-consumer-groups` commits. */
async function commit(offset: number): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset: BigInt(offset), committedMetadata: '' }]
  await broker.client().ask('OffsetCommit', 7, { groupId: 'g', topics: [{ name: 'orders', partitions }] })
}

async function lagOf(groupId: string) {
  const lag = (await lagsOf(source, [groupId], broker.clock.now())).get(groupId)
  return lag && [lag.lag, lag.lagMs]
}

test('lag is told in messages and as the age of the oldest that is not committed', async () => {
  await broker.client().produce('orders', batchOf(['a', 'b', 'c']))
  expect(await lagOf('g')).toBeUndefined()
  await commit(1)
  broker.clock.advance(5000)
  expect(await lagOf('g')).toEqual([2, 5000])
  await commit(3)
  expect(await lagOf('g')).toEqual([0, 0])
})

test('a history stays small however long it gets, and goes back some hours', async () => {
  await commit(0)
  const lags = new Lags(source, broker.clock)
  const since = broker.clock.now()
  for (let second = 0; second < 4 * 3600; second++) {
    await lags.sample()
    broker.clock.advance(1000)
  }
  const { points, since: begun } = lags.history('g')
  expect(begun).toBe(since)
  expect(points.length).toBeLessThanOrEqual(720)
  expect(points[0]?.at).toBe(since)
  expect(broker.clock.now() - (points.at(-1)?.at ?? 0)).toBeLessThanOrEqual(60_000)
  expect(lags.recent('g')).toHaveLength(120)
})

test('a history is kept with the workspace where the lag moved, and goes with its group', async () => {
  await commit(0)
  const lags = new Lags(source, broker.clock)
  const since = broker.clock.now()
  const pass = async (minutes: number) => {
    for (let second = 0; second <= minutes * 60; second++) {
      await lags.sample()
      broker.clock.advance(1000)
    }
  }
  await pass(2)
  await broker.client().produce('orders', batchOf(['a', 'b', 'c']))
  await pass(2)
  const again = new Lags(source, broker.clock)
  await again.sample()
  const { points, since: begun } = again.history('g')
  expect(begun - since).toBeLessThan(60_000)
  expect([points[0]?.lag, points.at(-2)?.lag]).toEqual([0, 3])
  expect(again.recent('g')).toEqual([3])
  const stored = () => broker.workspace.documents.list('lag-history').map(({ key, value }) => [key, value] as const)
  const before = stored()
  await pass(3)
  // Nothing moved: nothing is written.
  expect(stored()).toEqual(before)
  await source.groups.delete('g')
  await pass(2)
  expect(stored()).toEqual([])
})

test('after a restart the lag is what it was until then, and does not go to its new value little by little', async () => {
  await broker.client().produce('orders', batchOf(['a', 'b', 'c']))
  await commit(0)
  const lags = new Lags(source, broker.clock)
  const start = broker.clock.now()
  const passSeconds = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      await lags.sample()
      broker.clock.advance(1000)
    }
  }
  await passSeconds(59)
  await commit(3)
  await passSeconds(3)
  // Ten minutes during which it was closed; then a message comes before the first look.
  broker.clock.advance(600_000)
  await broker.client().produce('orders', batchOf(['d']))
  const again = new Lags(source, broker.clock)
  await again.sample()
  const seconds = again.history('g').points.map(({ at, lag }) => [Math.round((at - start) / 1000), lag])
  expect(seconds.slice(-3)).toEqual([
    [60, 0],
    [662, 0],
    [662, 1],
  ])
  // What is not committed becomes older meanwhile.
  const age = again.history('g').points.at(-1)?.lagMs ?? 0
  broker.clock.advance(300_000)
  await again.sample()
  expect(again.history('g').points.at(-2)).toMatchObject({ lag: 1, lagMs: age + 299_999 })
})

test('a history goes on when the clock is set back', async () => {
  await commit(0)
  const lags = new Lags(source, broker.clock)
  for (let second = 0; second < 60; second++) {
    await lags.sample()
    broker.clock.advance(1000)
  }
  const begun = broker.clock.now()
  broker.clock.setBack(30_000)
  for (let second = 0; second < 5; second++) {
    await lags.sample()
    broker.clock.advance(1000)
  }
  const times = lags.history('g').points.map(({ at }) => at)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(begun - (times.at(-1) ?? 0)).toBe(26_000)
})
