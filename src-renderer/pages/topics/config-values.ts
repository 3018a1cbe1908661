import { durationMs } from '../../format/duration'
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
  if (value === '-1' && hasNoLimit(name)) return 'no limit'
  const number = Number(value)
  const ms = number * (spanUnit(name) ?? 1)
  if (ms < 1000 || !Number.isSafeInteger(ms)) return null
  if (spanUnit(name) !== null) return duration(ms)
  return isSize(name) ? bytes(number) : null
}

const byteUnits: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/** Bytes of `1 GiB`, `1.5 MB`, `512kb`; `null` for text without one of these units, or for a part of a byte. */
export function sizeOf(text: string): number | null {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?b)$/i.exec(text) ?? []
  const size = byteUnits[unit.toLowerCase()]
  if (number === undefined || size === undefined) return null
  const value = Number(number) * size
  return Number.isSafeInteger(value) ? value : null
}

const spanUnits: Readonly<Record<string, number>> = { ms: 1, seconds: 1000, minutes: 60_000, hours: 3_600_000 }
/** Milliseconds of one unit of a config that is a time; `null` for others. */
const spanUnit = (name: string) => spanUnits[name.slice(name.lastIndexOf('.') + 1)] ?? null
const isSize = (name: string) => /(^|\.)bytes$/.test(name)
/** Retention without a limit is -1. */
const hasNoLimit = (name: string) => /^(log\.|local\.)?retention\./.test(name)

/**
 * The value that Kafka takes for what was typed: `604800000` for `7d` where the config is in milliseconds, `1073741824` for `1 GiB` where it
 * is in bytes, else the text as it is.
 */
export function configValue(name: string, typed: string): string {
  const text = typed.trim()
  if (hasNoLimit(name) && /^(?:no limit|unlimited)$/i.test(text)) return '-1'
  const unit = spanUnit(name)
  if (unit !== null) {
    const count = /[a-z]/i.test(text) ? (durationMs(text) ?? Number.NaN) / unit : Number.NaN
    return Number.isInteger(count) ? String(count) : typed
  }
  return isSize(name) ? String(sizeOf(text) ?? typed) : typed
}

export interface ReadConfig {
  readonly typed: string
  /** What Kafka gets. */
  readonly taken: string
  readonly meaning: string | null
  readonly wrong: ReturnType<typeof configProblem>
}

/** What a typed value comes to. */
export function readConfig(name: string, type: string, typed: string): ReadConfig {
  const taken = configValue(name, typed)
  return { typed, taken, meaning: configMeaning(name, taken), wrong: configProblem(name, type, taken) }
}

/** What is wrong with a value that Kafka would get: it takes whole numbers of a limited size, or any. `null` when nothing is. */
export function configProblem(name: string, type: string, value: string): 'span' | 'size' | 'number' | null {
  const bits = { short: 16, int: 32, long: 64 }[type]
  if (bits === undefined) return type === 'double' && !isNumber(value) ? 'number' : null
  const most = 2n ** BigInt(bits - 1)
  const isWhole = /^[+-]?\d{1,19}$/.test(value.trim())
  if (isWhole && BigInt(value.trim()) < most && BigInt(value.trim()) >= -most) return null
  return spanUnit(name) === 1 ? 'span' : isSize(name) ? 'size' : 'number'
}

function isNumber(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value))
}
