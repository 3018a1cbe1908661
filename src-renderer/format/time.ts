export const timeStyles = ['local', 'utc', 'epoch'] as const
export type TimeStyle = (typeof timeStyles)[number]

let shown: TimeStyle = 'local'

/** Sets the style of all times. */
export function showTimes(style: TimeStyle): void {
  shown = style
}

const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** `Europe/Vienna`: the zone in which times are shown and entered. */
export function zoneName(): string {
  return shown === 'utc' ? 'UTC' : shown === 'epoch' ? 'epoch ms' : localZone
}

interface Parts {
  readonly day: string
  readonly time: string
}

/** The last time that a Date can hold; producers can write larger numbers. */
const lastDate = 8_640_000_000_000_000 - 86_400_000

function partsOf(at: number, isUtc: boolean): Parts {
  if (Math.abs(at) > lastDate) return { day: 'beyond the calendar', time: String(at) }
  const date = new Date(at)
  // A local time is written as if it were UTC.
  const moved = isUtc ? date : new Date(at - date.getTimezoneOffset() * 60_000)
  const text = moved.toISOString()
  return { day: text.slice(0, 10), time: text.slice(11, 23) }
}

/** `14:02:11.204` today, else with the date; in the chosen zone. A negative time is none. */
export function clockTime(at: number): string {
  if (at < 0) return '–'
  if (shown === 'epoch') return String(at)
  const { day, time } = partsOf(at, shown === 'utc')
  return day === partsOf(Date.now(), shown === 'utc').day ? time : `${day} ${time}`
}

/** Width of a table column for these times: it fits the date when one of them is not of today. */
export function timeTrack(times: readonly (number | undefined)[]): string {
  const today = partsOf(Date.now(), shown === 'utc').day
  const hasDates = shown !== 'epoch' && times.some((at = -1) => at >= 0 && partsOf(at, shown === 'utc').day !== today)
  return hasDates ? '172px' : '104px'
}

/** `14:02:11.204`, or a number: for places where the day is known. */
export function timeOfDay(at: number): string {
  return at < 0 ? '–' : shown === 'epoch' ? String(at) : partsOf(at, shown === 'utc').time
}

/** The text of a time field: `2026-01-31 14:02:11.204`, in the chosen zone. */
export function timeText(at: number): string {
  if (shown === 'epoch') return String(at)
  const { day, time } = partsOf(at, shown === 'utc')
  return `${day} ${time}`
}

/**
 * Reads a typed time, in ms: ISO 8601, with a zone or in the chosen one, also without seconds or day (then today); or seconds or
 * milliseconds since the epoch. `null` when it is not a time, or when the calendar does not have it (30 February, 25:00).
 */
export function readTime(text: string, now = Date.now()): number | null {
  const given = text.trim()
  if (/^\d{9,11}$/.test(given)) return Number(given) * 1000
  if (/^\d{12,14}$/.test(given)) return Number(given)
  const isUtc = shown === 'utc'
  const match =
    /^(?:(\d{4}-\d{2}-\d{2})[T ]?)?(?:(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d{1,9})?))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(
      given,
    )
  if (!match || given === '') return null
  const [, day = partsOf(now, isUtc).day, hours = '00', minutes = '00', seconds = '00', zone = isUtc ? 'Z' : ''] = match
  if (!isInCalendar(day) || Number(hours) > 23 || Number(minutes) > 59 || Number.parseFloat(seconds) >= 60) return null
  const at = Date.parse(`${day}T${hours.padStart(2, '0')}:${minutes}:${seconds.replace(',', '.')}${zone.toUpperCase()}`)
  return Number.isNaN(at) ? null : at
}

/** `2026-02-30` is not: Date.parse would take it for 2 March. */
function isInCalendar(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

const dayMs = 86_400_000

/** Common spans of time; without an end they reach to now. */
export const timePresets = ['Last 5 minutes', 'Last hour', 'Today', 'Yesterday'] as const
export type TimePreset = (typeof timePresets)[number]

export function presetTimes(
  preset: TimePreset,
  now = Date.now(),
): { readonly fromAt: number; readonly until: number | null } {
  const startOf = (at: number) => readTime(partsOf(at, shown === 'utc').day, now) ?? at
  const today = startOf(now)
  if (preset === 'Last 5 minutes') return { fromAt: now - 300_000, until: null }
  if (preset === 'Last hour') return { fromAt: now - 3_600_000, until: null }
  // Half a day before midnight is yesterday, also where a day has 23 or 25 hours.
  return preset === 'Today' ? { fromAt: today, until: null } : { fromAt: startOf(today - dayMs / 2), until: today }
}

/** For tooltips: exact, in the local zone, in UTC and as a number. */
export function exactTime(at: number): string {
  if (at < 0) return 'no timestamp'
  const { day, time } = partsOf(at, false)
  return `${day} ${time} ${localZone}\n${at > lastDate ? 'beyond the calendar' : new Date(at).toISOString()}\n${at} ms since the epoch`
}

/** `1.2 s`, `3 min`, `2 h` */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`
  if (ms < 172_800_000) return `${(ms / 3_600_000).toFixed(1)} h`
  return `${Math.round(ms / 86_400_000)} d`
}

/** `just now`, `12 s ago` */
export function ago(at: number, now: number): string {
  if (at < 0) return 'never'
  const past = now - at
  return past < 1500 ? 'just now' : `${span(past)} ago`
}
