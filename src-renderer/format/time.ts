export const timeStyles = ['local', 'utc', 'epoch'] as const
export type TimeStyle = (typeof timeStyles)[number]

let shown: TimeStyle = 'local'

/** How every time is shown from now on. */
export function showTimes(style: TimeStyle): void {
  shown = style
}

const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** `Europe/Vienna`: the zone of the times that are shown. */
export function zoneName(): string {
  return shown === 'utc' ? 'UTC' : shown === 'epoch' ? 'epoch ms' : localZone
}

interface Parts {
  readonly day: string
  readonly time: string
}

/** The last time that a calendar has; producers can write larger numbers. */
const lastDate = 8_640_000_000_000_000 - 86_400_000

function partsOf(at: number, isUtc: boolean): Parts {
  if (Math.abs(at) > lastDate) return { day: 'no date', time: String(at) }
  const date = new Date(at)
  // A local time is written as if it were UTC.
  const moved = isUtc ? date : new Date(at - date.getTimezoneOffset() * 60_000)
  const text = moved.toISOString()
  return { day: text.slice(0, 10), time: text.slice(11, 23) }
}

/** `14:02:11.204` on the same day, else with the date; in the zone that is chosen. -1 is no time. */
export function clockTime(at: number): string {
  if (at < 0) return '–'
  if (shown === 'epoch') return String(at)
  const { day, time } = partsOf(at, shown === 'utc')
  return day === partsOf(Date.now(), shown === 'utc').day ? time : `${day} ${time}`
}

/** `14:02:11.204`, or a number: where the day is known. */
export function timeOfDay(at: number): string {
  return at < 0 ? '–' : shown === 'epoch' ? String(at) : partsOf(at, shown === 'utc').time
}

/** As a field for a time shows it: `2026-01-31 14:02:11.204`, in the zone that is chosen. */
export function timeText(at: number): string {
  if (shown === 'epoch') return String(at)
  const { day, time } = partsOf(at, shown === 'utc')
  return `${day} ${time}`
}

/**
 * What somebody typed as a time, in ms: ISO 8601, with a zone or in the one that is chosen, also without seconds or day (then today); or
 * seconds or milliseconds since the epoch. `null` when it is none.
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
  const at = Date.parse(`${day}T${hours.padStart(2, '0')}:${minutes}:${seconds.replace(',', '.')}${zone.toUpperCase()}`)
  return Number.isNaN(at) ? null : at
}

const dayMs = 86_400_000

/** Spans of time that people ask for; without an end they reach to now. */
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
  return `${day} ${time} ${localZone}\n${at > lastDate ? 'no date' : new Date(at).toISOString()}\n${at} ms since the epoch`
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
