const sizes = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const

const iso = /^p(?:(?<d>\d+)d)?(?:t(?=\d)(?:(?<h>\d+)h)?(?:(?<m>\d+)m)?(?:(?<s>\d+(?:\.\d+)?)s)?)?$/
const short =
  /^(?:(?<w>\d+)w(?:eeks?)?)?(?:(?<d>\d+)d(?:ays?)?)?(?:(?<h>\d+)h(?:ours?)?)?(?:(?<m>\d+)m(?:in(?:utes?)?)?)?(?:(?<s>\d+(?:\.\d+)?)s(?:ec(?:onds?)?)?)?(?:(?<ms>\d+)ms)?$/

/**
 * Milliseconds of `15m`, `1h30m`, `7 days`, or ISO 8601 as `--by-duration` takes it (`PT15M`, `P1DT2H`); `null` for what is neither.
 */
export function durationMs(text: string): number | null {
  const plain = text.trim().toLowerCase().replace(/\s+/g, '')
  const parts = (iso.exec(plain) ?? short.exec(plain))?.groups
  if (!parts || Object.values(parts).every((part) => part === undefined)) return null
  const ms = Object.entries(sizes).reduce((sum, [unit, size]) => sum + Number(parts[unit] ?? 0) * size, 0)
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : null
}
