import { createHash } from 'node:crypto'
import type { Plain, Schema } from './schema'

/** What makes two schemas the same (Confluent's MD5Utils): text, references, metadata and rules. The type is part of it here. */
export function fingerprint(schema: Schema): string {
  return hexOf(schema)
}

/** The fingerprint as a UUID: the same wherever the same schema is registered. */
export function guidOf(schema: Schema): string {
  return hexOf(schema).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Kept: each schema is asked for it several times while a topic is replayed. */
const known = new WeakMap<Schema, string>()

function hexOf(schema: Schema): string {
  const kept = known.get(schema)
  if (kept !== undefined) return kept
  const hex = digest(schema).toString('hex')
  known.set(schema, hex)
  return hex
}

function digest({ type, text, references, metadata, ruleSet }: Schema): Buffer {
  const hash = createHash('md5').update(text, 'utf8')
  // One text may be a schema of two languages.
  if (type !== 'AVRO') hash.update(`\u0000${type}`)
  for (const { name, subject, version } of references) {
    const number = Buffer.alloc(4)
    number.writeInt32BE(version)
    hash.update(name).update(subject).update(number)
  }
  if (metadata) hash.update('\u0001').update(JSON.stringify(sorted(metadata)))
  if (ruleSet) hash.update('\u0002').update(JSON.stringify(sorted(ruleSet)))
  return hash.digest()
}

function sorted(value: Plain): Plain {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const entries = Object.entries(value as Readonly<Record<string, Plain>>)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]))
}
