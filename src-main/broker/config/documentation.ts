import type { ConfigResource } from './configs'
import texts from './documentation.json'

/** Kafka's own words on a config, without their markup; `null` for what it does not describe. */
export function documentationOf(type: ConfigResource['type'], name: string): string | null {
  const of: Readonly<Record<string, string>> = type in texts ? texts[type as keyof typeof texts] : {}
  return of[name] ?? null
}
