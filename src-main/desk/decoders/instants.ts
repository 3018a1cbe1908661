/** The end of the ECMAScript calendar, in ms since the epoch. */
const lastDateMs = 8_640_000_000_000_000n

/**
 * An instant of so many units since the epoch as ISO text, with as many digits as the unit has: `2026-11-25T09:30:00.123456Z`.
 * `undefined` beyond the calendar.
 */
export function isoInstant(value: bigint, unitsPerMs: bigint, suffix: 'Z' | ''): string | undefined {
  const ms = floorDiv(value, unitsPerMs)
  if (ms < -lastDateMs || ms > lastDateMs) return undefined
  const text = new Date(Number(ms)).toISOString().slice(0, -1)
  return `${text}${digitsOf(value - ms * unitsPerMs, unitsPerMs)}${suffix}`
}

/** A time of day of so many units since midnight: `09:30:00.123`. */
export function isoTime(value: bigint, unitsPerMs: bigint): string | undefined {
  return isoInstant(value, unitsPerMs, '')?.slice('1970-01-01T'.length)
}

/** Days since the epoch: `2026-11-25`. */
export function isoDate(days: number): string | undefined {
  return isoInstant(BigInt(days) * 86_400_000n, 1n, '')?.split('T')[0]
}

function digitsOf(rest: bigint, unitsPerMs: bigint): string {
  return unitsPerMs === 1n ? '' : String(rest).padStart(String(unitsPerMs).length - 1, '0')
}

function floorDiv(a: bigint, b: bigint): bigint {
  return a < 0n ? -((-a + b - 1n) / b) : a / b
}
