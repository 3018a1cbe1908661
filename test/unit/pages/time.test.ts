import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  axisTimes,
  clockTime,
  presetTimes,
  readTime,
  showTimes,
  timeText,
  timeTrack,
  zoneName,
  zoneNote,
} from '../../../src-renderer/format/time'

const at = Date.UTC(2026, 0, 31, 14, 2, 11, 204)

beforeEach(() => {
  vi.stubEnv('TZ', 'Asia/Kolkata')
  vi.useFakeTimers({ now: at })
})
afterEach(() => {
  showTimes('local')
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

describe('a time', () => {
  test('is shown as local, as UTC or as a number, everywhere', () => {
    expect([clockTime(at), timeText(at)]).toEqual(['19:32:11.204', '2026-01-31 19:32:11.204'])
    showTimes('utc')
    expect([clockTime(at), timeText(at), zoneName()]).toEqual(['14:02:11.204', '2026-01-31 14:02:11.204', 'UTC'])
    expect(clockTime(at - 86_400_000)).toBe('2026-01-30 14:02:11.204')
    showTimes('epoch')
    expect([clockTime(at), timeText(at), zoneName()]).toEqual([String(at), String(at), 'epoch ms'])
  })

  test('beyond the calendar is a number: producers can write what they like', () => {
    expect(clockTime(9_000_000_000_000_000)).toContain('9000000000000000')
    expect(clockTime(-1)).toBe('–')
  })

  test.each([
    ['2026-01-31T14:02:11.204Z', at],
    ['2026-01-31 19:32:11.204', at],
    ['2026-01-31T15:02:11.204+01:00', at],
    ['19:32', at - 11_204],
    ['2026-01-31', Date.UTC(2026, 0, 30, 18, 30)],
    [String(at), at],
    [String(Math.floor(at / 1000)), at - 204],
    ['12', null],
    ['', null],
    ['soon', null],
    ['2026-13-45', null],
    ['2026-02-30 10:00', null],
    ['2025-02-29', null],
    ['2024-02-29T00:00Z', Date.UTC(2024, 1, 29)],
    ['25:00', null],
    ['10:61', null],
  ])('is read from %j', (text, expected) => {
    expect(readTime(text)).toBe(expected)
  })

  test('of another day widens its column, so that the date is visible', () => {
    expect(timeTrack([at, undefined, -1])).toBe('104px')
    expect(timeTrack([at, at - 86_400_000])).toBe('172px')
    showTimes('epoch')
    expect(timeTrack([at - 86_400_000])).toBe('104px')
  })

  test('without a zone is in the zone that is shown', () => {
    showTimes('utc')
    expect(readTime('2026-01-31 14:02:11.204')).toBe(at)
    expect(readTime(timeText(at))).toBe(at)
  })

  test('of a preset begins and ends with the day of the zone that is shown', () => {
    const today = Date.UTC(2026, 0, 30, 18, 30)
    expect(presetTimes('Today')).toEqual({ fromAt: today, until: null })
    expect(presetTimes('Yesterday')).toEqual({ fromAt: today - 86_400_000, until: today })
    expect(presetTimes('Last hour')).toEqual({ fromAt: at - 3_600_000, until: null })
    showTimes('utc')
    expect(presetTimes('Today').fromAt).toBe(Date.UTC(2026, 0, 31))
  })
})

/** Zones, and instants around which their clocks change. */
const changes = [
  ['Europe/Berlin', Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1)],
  ['America/New_York', Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 10, 1, 6)],
  ['Australia/Lord_Howe', Date.UTC(2026, 9, 3, 15, 30), Date.UTC(2026, 3, 4, 15)],
  ['Africa/Cairo', Date.UTC(2026, 3, 23, 22), Date.UTC(2026, 9, 29, 21)],
] as const

describe('summer time', () => {
  test.each(changes)('in %s: the text of a time is read as the same time', (zone, forward, back) => {
    vi.stubEnv('TZ', zone)
    for (const change of [forward, back]) {
      for (let minutes = -180; minutes <= 180; minutes += 15) {
        const instant = change + minutes * 60_000
        expect(readTime(timeText(instant)), timeText(instant)).toBe(instant)
      }
    }
  })

  test('a time that the clocks skip is none', () => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    expect(readTime('2026-03-29 02:30')).toBeNull()
    expect(zoneNote('2026-03-29 02:30')).toEqual({ kind: 'skipped' })
    expect(readTime('2026-03-29 01:59:59.999')).toBe(Date.UTC(2026, 2, 29, 0, 59, 59, 999))
    expect(readTime('2026-03-29 03:00')).toBe(Date.UTC(2026, 2, 29, 1))
    expect([readTime('2026-03-29 02:30Z'), zoneNote('2026-03-29 02:30Z')]).toEqual([Date.UTC(2026, 2, 29, 2, 30), null])
    showTimes('utc')
    expect([readTime('2026-03-29 02:30'), zoneNote('2026-03-29 02:30')]).toEqual([Date.UTC(2026, 2, 29, 2, 30), null])
  })

  test('of a time that comes twice the first is read, and both are told apart', () => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    const [first, second] = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)]
    expect(readTime('2026-10-25 02:30')).toBe(first)
    expect(zoneNote('2026-10-25 02:30')).toEqual({ kind: 'twice', first: '+02:00', second: '+01:00' })
    expect(readTime('2026-10-25 02:30 +01:00')).toBe(second)
    expect([clockTime(first), clockTime(second)]).toEqual([
      '2026-10-25 02:30:00.000 +02:00',
      '2026-10-25 02:30:00.000 +01:00',
    ])
    expect(clockTime(second + 1_800_000)).toBe('2026-10-25 03:00:00.000')
    expect(timeTrack([first - 7_200_000, second + 7_200_000])).toBe('222px')
    expect(zoneNote('2026-10-25 01:59')).toBeNull()
  })

  test('a day that begins without its midnight begins an hour later', () => {
    vi.stubEnv('TZ', 'Africa/Cairo')
    // On 24 April 2026 the clocks go from 00:00 to 01:00.
    const now = Date.UTC(2026, 3, 24, 12)
    expect(presetTimes('Today', now).fromAt).toBe(Date.UTC(2026, 3, 23, 22))
    expect(presetTimes('Yesterday', now)).toEqual({
      fromAt: Date.UTC(2026, 3, 22, 22),
      until: Date.UTC(2026, 3, 23, 22),
    })
  })
})

describe('an axis', () => {
  const hour = 3_600_000

  test('of today has times only', () => {
    expect(axisTimes([at - hour, at])).toEqual(['18:32:11', '19:32:11'])
    expect(axisTimes([at], true)).toEqual(['19:32:11.204'])
  })

  test('has the day at the first tick of each day', () => {
    expect(axisTimes([at - 26 * hour, at - 25 * hour, at - hour, at])).toEqual([
      '01-30 17:32:11',
      '18:32:11',
      '01-31 18:32:11',
      '19:32:11',
    ])
    expect(axisTimes([at - 800 * hour])).toEqual(['2025-12-29 11:32:11'])
    showTimes('epoch')
    expect(axisTimes([at])).toEqual([String(at)])
  })
})
