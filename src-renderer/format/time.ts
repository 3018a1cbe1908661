export const timeStyles = ['local', 'utc', 'epoch'] as const
export type TimeStyle = (typeof timeStyles)[number]

let shown: TimeStyle = 'local'

/** Sets the style of all times. */
export function showTimes(style: TimeStyle): void {
  shown = style
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
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
const lastDate = 8_640_000_000_000_000 - dayMs

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
  return `${day === today() ? '' : `${day} `}${time}${zoneSuffix(at)}`
}

/** The day of `now` in the chosen zone: `2026-01-31`. */
export function today(now = Date.now()): string {
  return partsOf(now, shown === 'utc').day
}

/** ` +01:00` in the hour that comes twice when the clocks are set back; else nothing. */
function zoneSuffix(at: number): string {
  return shown === 'local' && secondReading(at) !== null ? ` ${offsetText(at)}` : ''
}

/** Width of a table column for the times of its rows, given the first and the last: it fits the dates and offsets that are shown. */
export function timeTrack(times: readonly (number | undefined)[]): string {
  const known = times.filter((at): at is number => at !== undefined && at >= 0)
  if (shown === 'epoch' || known.length === 0) return '104px'
  const day = today()
  const hasDates = known.some((at) => partsOf(at, shown === 'utc').day !== day)
  const changes = shown === 'local' && offsetAt(Math.min(...known) - hourMs) !== offsetAt(Math.max(...known) + hourMs)
  return `${(hasDates ? 172 : 104) + (changes ? 50 : 0)}px`
}

/** Ticks of an axis, in order, to the second unless `hasMs`: the day stands at the first of each day, unless all of them are of today. */
export function axisTimes(times: readonly number[], hasMs = false): string[] {
  let day = today()
  const year = day.slice(0, 5)
  return times.map((at) => {
    if (shown === 'epoch') return String(at)
    const parts = partsOf(at, shown === 'utc')
    const isNewDay = parts.day !== day
    day = parts.day
    const short = day.startsWith(year) ? day.slice(5) : day
    return `${isNewDay ? `${short} ` : ''}${hasMs ? parts.time : parts.time.replace(/\.\d+$/, '')}`
  })
}

/** The text of a time field: `2026-01-31 14:02:11.204`, in the chosen zone. `readTime` reads the same time from it. */
export function timeText(at: number): string {
  if (shown === 'epoch') return String(at)
  const { day, time } = partsOf(at, shown === 'utc')
  return `${day} ${time}${zoneSuffix(at)}`
}

/**
 * Reads a typed time, in ms: ISO 8601, with a zone or in the chosen one, also without seconds or day (then today); or seconds or
 * milliseconds since the epoch. `null` when it is not a time, or when the calendar does not have it (30 February, 25:00, or the hour that
 * the clocks skip in spring). Of the hour that comes twice in autumn the first is read, unless the zone is given.
 */
export function readTime(text: string, now = Date.now()): number | null {
  const given = text.trim()
  const at = parse(given, now)
  if (at === null || /^\d{9,}$/.test(given) || hasZone(given) || shown === 'utc') return at
  return isSkipped(given, at) ? null : at
}

/** What is special about a typed local time: the clocks skip it, or it comes twice. */
export type ZoneNote =
  | { readonly kind: 'skipped' }
  | { readonly kind: 'twice'; readonly first: string; readonly second: string }

export function zoneNote(text: string, now = Date.now()): ZoneNote | null {
  const given = text.trim()
  const at = parse(given, now)
  if (at === null || /^\d{9,}$/.test(given) || hasZone(given) || shown === 'utc') return null
  if (isSkipped(given, at)) return { kind: 'skipped' }
  const other = secondReading(at)
  return other === null ? null : { kind: 'twice', first: offsetText(at), second: offsetText(other) }
}

const hasZone = (text: string) => /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text.replace(/^\d{4}-\d{2}-\d{2}/, ''))

/** The clocks skip the time that was typed: it was read as one an hour later. */
function isSkipped(given: string, at: number): boolean {
  const [, hours = '0', minutes = '00'] = /(\d{1,2}):(\d{2})/.exec(given.replace(/^\d{4}-\d{2}-\d{2}/, '')) ?? []
  return !partsOf(at, false).time.startsWith(`${hours.padStart(2, '0')}:${minutes}`)
}

/** Minutes that local time is ahead of UTC. */
const offsetAt = (at: number) => -new Date(at).getTimezoneOffset()

/** `+01:00`, of the local zone. */
function offsetText(at: number): string {
  const minutes = offsetAt(at)
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`
}

/** The other instant that local clocks show the same for, where they are set back; else `null`. */
function secondReading(at: number): number | null {
  const wall = at + offsetAt(at) * 60_000
  for (const near of [at - 12 * hourMs, at + 12 * hourMs]) {
    const other = wall - offsetAt(near) * 60_000
    if (other !== at && other + offsetAt(other) * 60_000 === wall) return other
  }
  return null
}

function parse(given: string, now: number): number | null {
  if (/^\d{9,11}$/.test(given)) return Number(given) * 1000
  if (/^\d{12,19}$/.test(given)) return Number(given)
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

/** Common spans of time; without an end they reach to now. */
export const timePresets = ['Last 5 minutes', 'Last hour', 'Today', 'Yesterday'] as const
export type TimePreset = (typeof timePresets)[number]

export function presetTimes(
  preset: TimePreset,
  now = Date.now(),
): { readonly fromAt: number; readonly until: number | null } {
  // Where the clocks skip midnight, the day begins an hour later.
  const startOf = (at: number) => parse(partsOf(at, shown === 'utc').day, now) ?? at
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
