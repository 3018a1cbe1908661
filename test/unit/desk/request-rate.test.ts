import { expect, test } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { RequestRate } from '../../../src-main/desk/remote/request-rate'

test('requests of the last minute are counted, and older ones forgotten', () => {
  const clock = new ManualClock(1_000_000)
  const rate = new RequestRate(clock)
  expect(rate.perMinute).toBe(0)
  for (let second = 0; second < 90; second++) {
    rate.note()
    rate.note()
    clock.advance(1000)
  }
  expect(rate.perMinute).toBeGreaterThanOrEqual(118)
  expect(rate.perMinute).toBeLessThanOrEqual(120)
  clock.advance(61_000)
  expect(rate.perMinute).toBe(0)
})
