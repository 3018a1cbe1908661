const sizes: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 }

/** Milliseconds of `15m`, `1h30m`, `2d`, or ISO 8601 as `--by-duration` takes it (`PT15M`, `P1DT2H`); `null` for what is neither. */
export function durationMs(text: string): number | null {
  const plain = text.trim().toLowerCase().replace(/\s+/g, '')
  const iso = /^p(?:(\d+)d)?(?:t(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?)?$/.exec(plain)
  const short = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+(?:\.\d+)?)s)?$/.exec(plain)
  const parts = (iso ?? short)?.slice(1)
  if (!parts || parts.every((part) => part === undefined)) return null
  const ms = ['d', 'h', 'm', 's'].reduce((sum, unit, i) => sum + Number(parts[i] ?? 0) * (sizes[unit] ?? 0), 0)
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : null
}
