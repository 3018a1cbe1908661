import type { LogTime } from '../../../src-main/contract/reset'

export interface Span {
  readonly from: number
  readonly to: number
}

/** Maps offsets of a log to places on its strip, from 0 to 1, and back. */
export interface Scale {
  place(offset: number): number
  offsetAt(place: number): number
}

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))

/** A scale with the same number of messages per pixel in all strips: the longest log fills its strip. */
export function offsetScale(start: number, end: number, longest: number): Scale {
  const size = Math.max(1, longest)
  return {
    place: (offset) => within((offset - start) / size, 0, 1),
    offsetAt: (place) => within(Math.round(start + place * size), start, end),
  }
}

/** Shorter logs have places between two offsets. */
const enoughForEveryPlace = 100

/** The offsets, counted from the start of a log, at some places of the axis (0 to 1); `null` for a place between two offsets. */
export function offsetsAtPlaces(longest: number, places: readonly number[]): (number | null)[] {
  return places.map((place) => {
    const offset = longest * place
    return Number.isInteger(offset) || longest >= enoughForEveryPlace ? Math.round(offset) : null
  })
}

/** A scale with the same time axis in all strips; the log end is at the right edge. */
export function timeScale(times: readonly LogTime[], start: number, end: number, { from, to }: Span): Scale {
  const size = Math.max(1, to - from)
  const curve = rising(times)
  return {
    place(offset) {
      if (offset >= end) return 1
      return within((timeAt(curve, Math.max(offset, start)) - from) / size, 0, 1)
    },
    offsetAt(place) {
      const at = from + place * size
      const last = curve[curve.length - 1]
      if (!last || at > last.at) return end
      return within(Math.round(countAt(curve, at)), start, end)
    },
  }
}

/** From the oldest to the newest record of all logs; `null` when no record has a timestamp. */
export function spanOf(logs: Iterable<readonly LogTime[]>): Span | null {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const times of logs) {
    for (const { at } of times) {
      if (at < 0) continue
      from = Math.min(from, at)
      to = Math.max(to, at)
    }
  }
  return to > from ? { from, to } : null
}

/** Messages in each of `bars` equal parts of a time span. */
export function barsOver(times: readonly LogTime[], { from, to }: Span, bars: number): number[] {
  const curve = rising(times)
  const last = curve[curve.length - 1]
  if (!last) return Array.from({ length: bars }, () => 0)
  // The last sample is the last record itself, which is included.
  const reached = (at: number) => (at >= last.at ? last.offset + 1 : countAt(curve, at))
  const edge = (i: number) => from + ((to - from) * i) / bars
  const first = curve[0] as LogTime
  return Array.from({ length: bars }, (_, i) => {
    const before = i === 0 ? first.offset : reached(edge(i))
    return Math.max(0, Math.round(reached(edge(i + 1))) - Math.round(before))
  })
}

/** Messages per ms in each of `bars` equal parts of the offsets. */
export function ratesOver(times: readonly LogTime[], start: number, end: number, bars: number): number[] {
  const curve = rising(times)
  if (curve.length < 2) return []
  const edge = (i: number) => start + ((end - start) * i) / bars
  return Array.from({ length: bars }, (_, i) => {
    const tookMs = timeAt(curve, edge(i + 1)) - timeAt(curve, edge(i))
    return (edge(1) - edge(0)) / Math.max(1, tookMs)
  })
}

/** Most messages of the log arrived at once: on a time axis its strip would be a single bar. */
export function isBurst(bars: readonly number[]): boolean {
  const sum = bars.reduce((total, count) => total + count, 0)
  return sum > 0 && Math.max(...bars) > sum * 0.6
}

/** Timestamps can decrease along the offsets; on the axis they do not. */
function rising(times: readonly LogTime[]): readonly LogTime[] {
  let latest = -1
  return times.flatMap(({ offset, at }) => {
    if (at < 0) return []
    latest = Math.max(latest, at)
    return [{ offset, at: latest }]
  })
}

/** The last of a rising list for which `isBefore`; -1 when there is none. */
function lastWhere(curve: readonly LogTime[], isBefore: (sample: LogTime) => boolean): number {
  let [low, high] = [-1, curve.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (isBefore(curve[middle] as LogTime)) low = middle
    else high = middle - 1
  }
  return low
}

function between(curve: readonly LogTime[], i: number, share: (a: LogTime, b: LogTime) => number): LogTime {
  const a = curve[Math.max(0, i)] as LogTime
  const b = curve[i + 1]
  if (i < 0 || !b) return a
  const part = share(a, b)
  return { offset: a.offset + (b.offset - a.offset) * part, at: a.at + (b.at - a.at) * part }
}

function timeAt(curve: readonly LogTime[], offset: number): number {
  if (curve.length === 0) return 0
  const i = lastWhere(curve, (sample) => sample.offset <= offset)
  return between(curve, i, (a, b) => (b.offset > a.offset ? (offset - a.offset) / (b.offset - a.offset) : 0)).at
}

function countAt(curve: readonly LogTime[], at: number): number {
  if (curve.length === 0) return 0
  const i = lastWhere(curve, (sample) => sample.at < at)
  return between(curve, i, (a, b) => (b.at > a.at ? (at - a.at) / (b.at - a.at) : 0)).offset
}
