import { guidOf } from './guid'
import { type Plain, type PlainObject, type Reference, type SchemaType, schemaTypes, type Version } from './schema'
import { type Config, changedConfig, levels, type Mode, modes } from './settings'

/**
 * Records of the topic `_schemas`, as Confluent's registry writes them (KafkaStore's SchemaKey, SchemaValue and their siblings): keys and
 * values are JSON.
 */
export type RegistryRecord =
  /** `version` null: the version is gone for good. */
  | { readonly kind: 'schema'; readonly subject: string; readonly number: number; readonly version: Version | null }
  /** `subject` null: of all. */
  | { readonly kind: 'config'; readonly subject: string | null; readonly config: Config | null }
  | { readonly kind: 'mode'; readonly subject: string | null; readonly mode: Mode | null }
  /** All versions up to this one are deleted softly. */
  | { readonly kind: 'deleteSubject'; readonly subject: string; readonly version: number }
  /** All soft-deleted versions are gone. */
  | { readonly kind: 'clearSubject'; readonly subject: string }
  | { readonly kind: 'noop' }

/** The topic's name, and the configs that Confluent gives it. */
export const schemasTopic = '_schemas'
export const schemasTopicConfigs: ReadonlyMap<string, string> = new Map([['cleanup.policy', 'compact']])

/** Key and value of a record. */
export function writeRecord(record: RegistryRecord): { readonly key: string; readonly value: string | null } {
  const written = (key: object, value: object | null) => ({
    key: JSON.stringify(key),
    value: value && JSON.stringify(value),
  })
  switch (record.kind) {
    case 'schema': {
      const { subject, number, version } = record
      return written({ keytype: 'SCHEMA', subject, version: number, magic: 1 }, version && schemaValue(version))
    }
    case 'config': {
      const { subject, config } = record
      return written({ keytype: 'CONFIG', subject, magic: 0 }, config && { ...(subject && { subject }), ...config })
    }
    case 'mode': {
      const { subject, mode } = record
      return written({ keytype: 'MODE', subject, magic: 0 }, mode && { ...(subject && { subject }), mode })
    }
    case 'deleteSubject': {
      const { subject, version } = record
      return written({ keytype: 'DELETE_SUBJECT', subject, magic: 0 }, { subject, version })
    }
    case 'clearSubject': {
      const { subject } = record
      return written({ keytype: 'CLEAR_SUBJECT', subject, magic: 0 }, { subject })
    }
    case 'noop':
      return written({ keytype: 'NOOP', magic: 0 }, null)
  }
}

function schemaValue({ subject, version, id, guid, schema, deleted, at }: Version): object {
  const { type, text, references, metadata, ruleSet } = schema
  return {
    subject,
    version,
    id,
    guid,
    ...(type === 'AVRO' ? {} : { schemaType: type }),
    ...(references.length === 0 ? {} : { references }),
    ...(metadata ? { metadata } : {}),
    ...(ruleSet ? { ruleSet } : {}),
    schema: text,
    ...(at === null ? {} : { ts: at }),
    deleted,
  }
}

/**
 * Reads a record that any registry may have written; undefined for what it does not know, which is left alone.
 *
 * @param appendedAt when it came into the topic, in ms
 */
export function readRecord(
  key: Uint8Array | null,
  value: Uint8Array | null,
  appendedAt: number,
): RegistryRecord | undefined {
  const fields = objectIn(key)
  if (!fields) return undefined
  // Karapace deletes with an empty value, Confluent's registry with none.
  const content = value === null || value.byteLength === 0 ? null : objectIn(value)
  if (content === undefined) return undefined
  const subject = typeof fields.subject === 'string' ? fields.subject : null
  switch (fields.keytype) {
    case 'SCHEMA':
      return readSchema(subject, fields.version, content, appendedAt)
    case 'CONFIG':
      return { kind: 'config', subject, config: content && readConfig(content) }
    case 'MODE': {
      const mode = content && modes.find((known) => known === content.mode)
      return mode === undefined ? undefined : { kind: 'mode', subject, mode }
    }
    case 'DELETE_SUBJECT':
      if (subject === null || content === null || typeof content.version !== 'number') return undefined
      return { kind: 'deleteSubject', subject, version: content.version }
    case 'CLEAR_SUBJECT':
      return subject === null || content === null ? undefined : { kind: 'clearSubject', subject }
    case 'NOOP':
      return { kind: 'noop' }
    default:
      return undefined
  }
}

function readSchema(
  subject: string | null,
  number: unknown,
  content: PlainObject | null,
  appendedAt: number,
): RegistryRecord | undefined {
  if (subject === null || typeof number !== 'number' || !Number.isSafeInteger(number)) return undefined
  if (content === null) return { kind: 'schema', subject, number, version: null }
  const { id, schema: text, schemaType, references, metadata, ruleSet, deleted, guid, ts } = content
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || typeof text !== 'string') return undefined
  const type = schemaType === undefined ? 'AVRO' : typeOf(schemaType)
  if (!type) return undefined
  const schema = {
    type,
    text,
    references: readReferences(references ?? null),
    metadata: plainObject(metadata),
    ruleSet: plainObject(ruleSet),
  }
  return {
    kind: 'schema',
    subject,
    number,
    version: {
      subject,
      version: number,
      id,
      guid: typeof guid === 'string' ? guid : guidOf(schema),
      schema,
      deleted: deleted === true,
      at: typeof ts === 'number' ? ts : appendedAt,
    },
  }
}

/** A level that is not known leaves the others of the config as they are. */
function readConfig(content: PlainObject): Config {
  const isKnown = (levels as readonly unknown[]).includes(content.compatibilityLevel)
  return changedConfig({}, isKnown ? content : { ...content, compatibilityLevel: null }, 'compatibilityLevel')
}

export function typeOf(given: Plain | undefined): SchemaType | undefined {
  return schemaTypes.find((known) => known === given)
}

/** References of a request or a record; what is none is left out. */
export function readReferences(given: Plain): Reference[] {
  if (!Array.isArray(given)) return []
  return (given as readonly Plain[]).flatMap((item) => {
    const { name, subject, version } = plainObject(item) ?? {}
    if (typeof name !== 'string' || typeof subject !== 'string') return []
    return [{ name, subject, version: typeof version === 'number' ? version : -1 }]
  })
}

export function plainObject(value: Plain | undefined): PlainObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as PlainObject) : null
}

function objectIn(bytes: Uint8Array | null): PlainObject | undefined {
  if (bytes === null) return undefined
  try {
    return (
      plainObject(
        JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Plain,
      ) ?? undefined
    )
  } catch {
    // Anybody may produce to the topic: what is no JSON is no record of a registry.
    return undefined
  }
}
