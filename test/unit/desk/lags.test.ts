import { afterEach, beforeEach, expect, test } from 'vitest'
import { Lags, lagMsOf, lagOf } from '../../../src-main/desk/groups/lags'
import { batchOf, TestBroker } from '../../support/core'

let broker: TestBroker
beforeEach(async () => {
  broker = new TestBroker()
  await broker.client().create('orders')
})
afterEach(() => broker.dispose())

function commit(offset: number): void {
  broker.core.groups.offsets.set('g', [
    { topic: 'orders', partition: 0, offset, leaderEpoch: -1, metadata: '', committedAt: 0, expiresAt: null },
  ])
}

test('lag is told in messages and as the age of the oldest that is not committed', async () => {
  await broker.client().produce('orders', batchOf(['a', 'b', 'c']))
  commit(1)
  broker.clock.advance(5000)
  expect([lagOf(broker.core, 'g'), lagMsOf(broker.core, 'g')]).toEqual([2, 5000])
  commit(3)
  expect([lagOf(broker.core, 'g'), lagMsOf(broker.core, 'g')]).toEqual([0, 0])
})

test('a history stays small however long it gets, and goes back some hours', () => {
  commit(0)
  const lags = new Lags(broker.core)
  const since = broker.clock.now()
  for (let second = 0; second < 4 * 3600; second++) {
    lags.sample()
    broker.clock.advance(1000)
  }
  const { points, since: begun } = lags.history('g')
  expect(begun).toBe(since)
  expect(points.length).toBeLessThanOrEqual(720)
  expect(points[0]?.at).toBe(since)
  expect(broker.clock.now() - (points.at(-1)?.at ?? 0)).toBeLessThanOrEqual(60_000)
  expect(lags.recent('g')).toHaveLength(120)
})
