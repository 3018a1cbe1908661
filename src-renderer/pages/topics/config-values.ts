import { bytes } from '../../format/numbers'

/** Kafka's "no limit": Long.MAX_VALUE. */
const unlimited = '9223372036854775807'

const units: readonly (readonly [number, string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
]

/** `7 days` for 604800000, in the largest unit that divides it. */
function duration(ms: number): string {
  for (const [size, name] of units) {
    if (ms >= size && ms % size === 0) return `${ms / size} ${name}${ms === size ? '' : 's'}`
  }
  return `${ms} ms`
}

/** What a value means in words: `7 days`, `1.1 GB`, `no limit`; `null` where the value explains itself. */
export function configMeaning(name: string, value: string | null): string | null {
  if (value === null || !/^-?\d+$/.test(value)) return null
  if (value === unlimited) return 'no limit'
  if (value === '-1' && /^(retention|local\.retention)\./.test(name)) return 'no limit'
  const number = Number(value)
  if (number < 1000 || !Number.isSafeInteger(number)) return null
  if (/(^|\.)ms$/.test(name)) return duration(number)
  return /(^|\.)bytes$/.test(name) ? bytes(number) : null
}
