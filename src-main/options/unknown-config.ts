import { nearest } from './flags'

/**
 * Says that a broker config has no effect, or nothing when it is known. Kafka's brokers log the names that they do not know as well
 * ("supplied but are not used yet"). Often it is the name of a topic's config.
 */
export function unknownConfig(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name) || name.startsWith('listener.name.')) return undefined
  const near = known.find((other) => other === `log.${name}`) ?? nearest(name, known)
  return `--config ${name} has no effect: there is no such config of a broker${near === undefined ? '' : `; did you mean ${near}?`}`
}
