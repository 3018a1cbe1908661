import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { Deadlines } from '../../../src-main/broker/deadlines'

const graceMs = 10_000
const spanMs = 45_000

/** Deadlines by key; those that expired, with the time when they did. */
function watched(deadlines: Record<string, number>) {
  const clock = new ManualClock()
  const due = new Map(Object.entries(deadlines))
  const expired: [string, number][] = []
  const watch = new Deadlines({
    clock,
    *list() {
      for (const [key, at] of due) yield { key, at, graceMs }
    },
    expire(key, now) {
      due.delete(key)
      expired.push([key, now])
    },
    setBack(now) {
      for (const [key, at] of due) due.set(key, Math.min(at, now + spanMs))
    },
  })
  watch.armAll()
  return { clock, due, expired, watch }
}

describe('deadlines', () => {
  test('expire at their time, and leave no timer behind', () => {
    const { clock, expired } = watched({ a: 7000, b: 60_000 })
    clock.advance(59_999)
    expect(expired).toEqual([['a', 7000]])
    clock.advance(1)
    expect(expired).toEqual([
      ['a', 7000],
      ['b', 60_000],
    ])
    expect(clock.waiting).toBe(0)
  })

  test('that passed while the machine slept wait for one grace', () => {
    const { clock, expired } = watched({ a: 7000, far: 10_000_000 })
    clock.advance(3000)
    clock.sleep(3_600_000)
    expect(expired).toEqual([])
    clock.advance(graceMs - 1)
    expect(expired).toEqual([])
    clock.advance(1)
    expect(expired).toEqual([['a', 3_613_000]])
  })

  test('soon after the sleep wait as well, and later ones keep their time', () => {
    const { clock, expired } = watched({ soon: 61_000, later: 75_000 })
    clock.sleep(60_000)
    clock.advance(20_000)
    expect(expired).toEqual([
      ['soon', 70_000],
      ['later', 75_000],
    ])
  })

  test('that were moved during the grace do not expire', () => {
    const { clock, due, expired } = watched({ a: 7000 })
    clock.sleep(60_000)
    clock.advance(5000)
    due.set('a', 90_000)
    clock.advance(24_000)
    expect(expired).toEqual([])
    clock.advance(1000)
    expect(expired).toEqual([['a', 90_000]])
  })

  test('are not held back by a timer that is a little late', () => {
    const { clock, expired } = watched({ a: 7000 })
    clock.advance(6000)
    clock.sleep(2000)
    expect(expired).toEqual([['a', 8000]])
  })

  test('that had passed before the watch began expire at once', () => {
    const clock = new ManualClock(100_000)
    const expired: string[] = []
    const watch = new Deadlines({
      clock,
      list: () => (expired.length > 0 ? [] : [{ key: 'a', at: 1000, graceMs }]),
      expire: (key) => expired.push(key),
      setBack() {},
    })
    watch.armAll()
    clock.advance(0)
    expect(expired).toEqual(['a'])
  })

  test('that were set before the clock was set back expire within their span', () => {
    const { clock, expired } = watched({ a: 45_000, soon: 8000 })
    clock.advance(6000)
    clock.setBack(600_000)
    // Seen when the timer fires, 2 s later.
    clock.advance(2000 + spanMs - 1)
    expect(expired).toEqual([])
    clock.advance(1)
    expect(expired.map(([key]) => key)).toEqual(['a', 'soon'])
    expect(clock.now()).toBe(6000 - 600_000 + 2000 + spanMs)
  })

  test('are not moved by a clock that is put right by a little', () => {
    const { clock, expired } = watched({ a: 8000 })
    clock.advance(6000)
    clock.setBack(2000)
    clock.advance(4000)
    expect(expired).toEqual([['a', 8000]])
  })

  test('that a sleep holds back are free of that when the clock is then set back', () => {
    const { clock, expired } = watched({ a: 7000 })
    clock.sleep(3_600_000)
    clock.setBack(3_600_000)
    clock.advance(7000 + 5000)
    expect(expired).toEqual([['a', 7000]])
  })

  test('are held by key', () => {
    const { clock, expired, watch } = watched({ a: 1000, b: 1000 })
    watch.hold('a', 8000)
    clock.advance(8000)
    expect(expired).toEqual([
      ['b', 1000],
      ['a', 8000],
    ])
  })
})
