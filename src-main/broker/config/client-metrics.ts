import type { ConfigDefinition } from './definition'

/** Configs of client metrics subscriptions (KIP-714, org.apache.kafka.server.metrics.ClientMetricsConfigs). */
export const clientMetricsDefinitions: readonly ConfigDefinition[] = [
  ['interval.ms', 'int', '300000'],
  ['match', 'list', ''],
  ['metrics', 'list', ''],
]

/** What of a client a subscription can be matched with. */
const matchKeys = [
  'client_id',
  'client_instance_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
] as const
export type MatchKey = (typeof matchKeys)[number]

/** Why a value is none; `undefined` when it is one. */
export function clientMetricsProblem(name: string, value: string): string | undefined {
  if (name === 'interval.ms') {
    const interval = Number(value)
    return Number.isInteger(interval) && interval >= 100 && interval <= 3_600_000
      ? undefined
      : `Invalid value ${value} for interval.ms, interval must be between 100 and 3600000 (1 hour)`
  }
  if (name !== 'match') return undefined
  try {
    matchesOf(value)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** `client_id=.*,client_source_address=127.*` as patterns. @throws Error for what is none */
export function matchesOf(text: string): ReadonlyMap<MatchKey, RegExp> {
  const parts = text.split(',').filter((part) => part.trim() !== '')
  return new Map(
    parts.map((part) => {
      const [name = '', pattern = ''] = part.split(/=(.*)/s)
      const key = matchKeys.find((known) => known === name.trim())
      if (!key || pattern === '') throw new Error(`Illegal client matching pattern: ${part}`)
      return [key, new RegExp(`^(?:${pattern.trim()})$`)]
    }),
  )
}
