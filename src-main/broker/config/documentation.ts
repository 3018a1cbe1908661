import type { ConfigResourceType } from './configs'
import texts from './documentation.json'

/** Kafka's own words on a config, without their markup; `null` for what it does not describe. */
export function documentationOf(type: ConfigResourceType, name: string): string | null {
  const of: Readonly<Record<string, string>> = type === 'client-metrics' ? {} : texts[type]
  return of[name] ?? null
}
