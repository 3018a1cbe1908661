import { describe, expect, test } from 'vitest'
import { keyOf } from '../../../src-main/contract/topic-partition'
import { durationMs } from '../../../src-renderer/format/duration'
import { fileOf, positionsOf } from '../../../src-renderer/pages/reset/offsets-file'
import {
  barsOver,
  isBurst,
  offsetScale,
  offsetsAtPlaces,
  spanOf,
  timeScale,
} from '../../../src-renderer/pages/reset/scale'
import { type Strategy, targetOf, wholeOf } from '../../../src-renderer/pages/reset/target'

const draft = (strategy: Strategy, text: string) => targetOf({ strategy, text, otherGroup: null, byHand: new Map() })

describe('the target of a reset', () => {
  test('an empty or invalid field is not read as zero', () => {
    for (const strategy of ['time', 'back', 'shift', 'offset'] as const) {
      for (const text of ['', ' ', 'soon', '1.5.2', '-']) {
        const { to, needs } = draft(strategy, text)
        expect({ strategy, text, needs: needs !== null, to }).toEqual({
          strategy,
          text,
          needs: true,
          to: { to: 'exact', value: null, groupId: null, offsets: [] },
        })
      }
    }
    expect(draft('offset', '-1').needs).toContain('whole number from 0')
    expect(draft('group', '').needs).toContain('no other group')
    expect(draft('offset', '0')).toMatchObject({ to: { to: 'offset', value: 0 }, needs: null })
    expect(draft('shift', '-1,000').to.value).toBe(-1000)
  })

  test('an invalid offset of a strip is named with its partition', () => {
    const byHand = new Map([
      [keyOf('orders', 3), null],
      [keyOf('orders', 1), 4],
    ])
    expect(targetOf({ strategy: 'exact', text: '', otherGroup: null, byHand }).needs).toContain('orders 3')
  })

  test('numbers that JavaScript cannot hold exactly are rejected', () => {
    expect([wholeOf('9007199254740991'), wholeOf('9007199254740993')]).toEqual([9007199254740991, null])
  })

  test('spans are short or ISO 8601', () => {
    const ms = ['15m', '1h30m', '2d', '90s', '1.5s', 'PT15M', 'P1DT2H', 'pt1h30m', ' 1 h '].map(durationMs)
    expect(ms).toEqual([900_000, 5_400_000, 172_800_000, 90_000, 1500, 900_000, 93_600_000, 5_400_000, 3_600_000])
    expect(['2 weeks', '7 days', '1 day 12 hours', '30 minutes', '250ms', '5m 1ms'].map(durationMs)).toEqual([
      1_209_600_000, 604_800_000, 129_600_000, 1_800_000, 250, 300_001,
    ])
    expect(['', 'P', 'PT', '15', 'm', '1m1h', '-5m', 'yesterday'].map(durationMs)).toEqual(Array(8).fill(null))
  })
})

describe('a file of offsets', () => {
  test('is read as Kafka writes it, of one group or of several', () => {
    expect([...positionsOf('orders,0,12\n"audit.log",1,3\r\n\n', 'g')]).toEqual([
      ['orders:0', 12],
      ['audit.log:1', 3],
    ])
    expect([...positionsOf('g,orders,0,12\nother,orders,0,99\n"a, b",orders,1,5\n', 'g')]).toEqual([['orders:0', 12]])
    expect([...positionsOf('"a, b",orders,1,5\n', 'a, b')]).toEqual([['orders:1', 5]])
    expect(() => positionsOf('orders,0,1\norders,zero,1\n', 'g')).toThrow(
      'Line 2 is not in the form topic,partition,offset',
    )
    expect(() => positionsOf('\n', 'g')).toThrow('no offsets of group g')
  })

  test('holds what moves, and can be read again', () => {
    const line = {
      topic: 'orders',
      start: 0,
      end: 9,
      replayed: 0,
      skipped: 0,
      first: null,
      problem: null,
      isChosen: true,
    }
    const text = fileOf([
      { ...line, partition: 0, current: 4, next: 2 },
      { ...line, partition: 1, current: 4, next: 4 },
      { ...line, partition: 2, current: null, next: 9 },
      { ...line, partition: 3, current: 4, next: null },
    ])
    expect(text).toBe('orders,0,2\norders,2,9\n')
    expect([...positionsOf(text, 'g').keys()]).toEqual(['orders:0', 'orders:2'])
  })
})

describe('scales', () => {
  // Ten messages a second for a minute, then silence for a minute, then one message.
  const times = [
    ...Array.from({ length: 61 }, (_, i) => ({ offset: i * 10, at: i * 1000 })),
    { offset: 601, at: 120_000 },
  ]
  const span = { from: 0, to: 120_000 }

  test('along the time, an offset lies at its time and a time at its first message', () => {
    const scale = timeScale(times, 0, 602, span)
    expect([0, 300, 602].map(scale.place)).toEqual([0, 0.25, 1])
    expect([0, 0.25, 1].map(scale.offsetAt)).toEqual([0, 300, 601])
    for (const offset of [0, 10, 250, 590]) expect(scale.offsetAt(scale.place(offset))).toBe(offset)
  })

  test('what is right of the last message is the log end', () => {
    const scale = timeScale(times, 0, 602, { from: 0, to: 240_000 })
    expect([scale.offsetAt(0.51), scale.place(601)]).toEqual([602, 0.5])
  })

  test('along the offsets, all logs have the same messages per pixel', () => {
    const scale = offsetScale(100, 150, 200)
    expect([scale.place(150), scale.offsetAt(0.1), scale.offsetAt(0.9)]).toEqual([0.25, 120, 150])
  })

  test('bars count every message once', () => {
    const bars = barsOver(times, span, 12)
    expect(bars.reduce((sum, count) => sum + count, 0)).toBe(602)
    expect(bars.slice(0, 6)).toEqual(Array(6).fill(100))
    expect(isBurst(bars)).toBe(false)
    expect(
      isBurst(
        barsOver(
          [
            { offset: 0, at: 5 },
            { offset: 99, at: 6 },
            { offset: 100, at: 9000 },
          ],
          { from: 5, to: 9000 },
          20,
        ),
      ),
    ).toBe(true)
  })

  test('timestamps that go back, or are none, do not turn a strip around', () => {
    const odd = [
      { offset: 0, at: 1000 },
      { offset: 1, at: 500 },
      { offset: 2, at: -1 },
      { offset: 3, at: 2000 },
    ]
    const scale = timeScale(odd, 0, 4, { from: 500, to: 2000 })
    expect([0, 1, 2, 3, 4].map(scale.place).every((place, i, all) => i === 0 || place >= (all[i - 1] ?? 0))).toBe(true)
    expect(spanOf([odd])).toEqual({ from: 500, to: 2000 })
    expect(spanOf([[{ offset: 0, at: -1 }]])).toBe(null)
  })
})

test('the axis names offsets that there are', () => {
  const places = [0, 0.25, 0.5, 0.75, 1]
  expect(offsetsAtPlaces(3, places)).toEqual([0, null, null, null, 3])
  expect(offsetsAtPlaces(8, places)).toEqual([0, 2, 4, 6, 8])
  expect(offsetsAtPlaces(1001, places)).toEqual([0, 250, 501, 751, 1001])
})
