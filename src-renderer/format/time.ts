const pad = (value: number, digits = 2) => String(value).padStart(digits, '0')

/** `14:02:11.204` on the same day, else with the date. -1 is no time. */
export function clockTime(at: number, utc = false): string {
  if (at < 0) return '–'
  const date = new Date(at)
  const get = utc
    ? [
        date.getUTCFullYear(),
        date.getUTCMonth(),
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
      ]
    : [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()]
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = get
  const time = `${pad(hours)}:${pad(minutes)}:${pad(seconds)}.${pad(date.getMilliseconds(), 3)}`
  const now = new Date()
  const today = utc
    ? now.toISOString().slice(0, 10)
    : `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`
  const date10 = `${year}-${pad(month + 1)}-${pad(day)}`
  return date10 === today ? time : `${date10} ${time}`
}

export const timeStyles = ['local', 'utc', 'epoch'] as const
export type TimeStyle = (typeof timeStyles)[number]

/** A timestamp as somebody likes to see it. */
export function stamp(at: number, style: TimeStyle): string {
  if (at < 0) return '–'
  return style === 'epoch' ? String(at) : clockTime(at, style === 'utc')
}

/** For tooltips: exact, in UTC and as a number. */
export function exactTime(at: number): string {
  return at < 0 ? 'no timestamp' : `${new Date(at).toISOString()}\n${at} ms since the epoch`
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
