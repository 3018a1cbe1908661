import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  clockTime,
  presetTimes,
  readTime,
  showTimes,
  timeText,
  timeTrack,
  zoneName,
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
