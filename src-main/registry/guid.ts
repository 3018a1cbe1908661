import { createHash } from 'node:crypto'
import { type Schema, sortedText } from './schema'

/**
 * What makes two schemas the same (Confluent's MD5Utils) as a UUID: text, references, metadata and rules. The type is part of it here. It is
 * the same wherever the same schema is registered.
 */
export function guidOf({ type, text, references, metadata, ruleSet }: Schema): string {
  const hash = createHash('md5').update(text, 'utf8')
  // One text may be a schema of two languages.
  if (type !== 'AVRO') hash.update(`\u0000${type}`)
  for (const { name, subject, version } of references) {
    const number = Buffer.alloc(4)
    number.writeInt32BE(version)
    hash.update(name).update(subject).update(number)
  }
  if (metadata) hash.update('\u0001').update(sortedText(metadata))
  if (ruleSet) hash.update('\u0002').update(sortedText(ruleSet))
  return hash.digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
