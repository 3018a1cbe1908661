import type { Batch } from '../../records/batch'
import { type LogRecord, readRecords } from '../../records/record'
import { isProtobuf } from '../../registry/protobuf/protobuf'
import type { Registry } from '../../registry/registry'
import { SchemaError, type Version } from '../../registry/schema'
import type { Entry } from '../../registry/state'
import type { TopicSettings } from '../config/topic-settings'
import { type KafkaFailure, kafkaFailure } from '../kafka-failure'

export interface InvalidRecords extends KafkaFailure {
  readonly recordErrors: readonly { readonly batchIndex: number; readonly batchIndexErrorMessage: string }[]
}

type Part = 'key' | 'value'

/**
 * Confluent's schema validation on the broker: each key or value of the topic must name a schema that is registered under its subject.
 * As there, the value itself is not looked at, and null passes.
 */
export function schemaProblem(
  topic: string,
  batches: readonly Batch[],
  settings: TopicSettings,
  registry: () => Registry,
): InvalidRecords | undefined {
  const parts = (['key', 'value'] as const).filter((part) => settings.schemaValidation[part] !== null)
  if (parts.length === 0) return undefined
  let index = 0
  for (const batch of batches) {
    if (batch.isControl) continue
    for (const record of readRecords(batch)) {
      for (const part of parts) {
        const why = problemOf(topic, part, record, settings.schemaValidation[part] ?? '', registry())
        if (why === undefined) continue
        const message = `One or more records have been rejected: the ${part} of record ${index} of topic ${topic} ${why}`
        return {
          ...kafkaFailure('INVALID_RECORD', message),
          recordErrors: [{ batchIndex: index, batchIndexErrorMessage: message }],
        }
      }
      index++
    }
  }
  return undefined
}

function problemOf(
  topic: string,
  part: Part,
  { key, value, headers }: LogRecord,
  strategy: string,
  registry: Registry,
): string | undefined {
  const bytes = part === 'key' ? key : value
  if (bytes === null) return undefined
  const header = headers.find((one) => one.key === `__${part}_schema_id`)?.value
  const found = entryIn(header ?? bytes, registry)
  if (typeof found === 'string') return found
  const subjects = subjectsOf(found, topic, part, strategy, registry)
  if (
    subjects.some((subject) => [...found.versions].some((version) => version.subject === subject && !version.deleted))
  ) {
    return undefined
  }
  return `names schema ${found.id}, which is not registered under ${subjects.join(' or ')}`
}

function entryIn(bytes: Buffer, { state }: Registry): Entry | string {
  if (bytes[0] === 0 && bytes.length >= 5) {
    const id = bytes.readUInt32BE(1)
    return state.entry('.', id) ?? `names schema ${id}, which is not registered`
  }
  if (bytes[0] === 1 && bytes.length >= 17) {
    const guid = bytes.toString('hex', 1, 17).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    return state.entriesByGuid(guid)[0]?.entry ?? `names schema ${guid}, which is not registered`
  }
  return 'names no schema: it has no magic byte'
}

/** Where the schema must be registered (TopicNameStrategy, RecordNameStrategy, TopicRecordNameStrategy). */
function subjectsOf(entry: Entry, topic: string, part: Part, strategy: string, registry: Registry): string[] {
  if (!strategy.endsWith('RecordNameStrategy')) return [`${topic}-${part}`]
  const prefix = strategy.endsWith('.TopicRecordNameStrategy') ? `${topic}-` : ''
  return recordNames([...entry.versions][0]!, registry).map((name) => `${prefix}${name}`)
}

function recordNames(version: Version, { parser }: Registry): string[] {
  try {
    const parsed = parser.stored(version)
    if (isProtobuf(parsed)) return parsed.messages().map(({ fullName }) => fullName)
    return parsed.name === null ? [] : [parsed.name]
  } catch (error) {
    // A schema that we cannot read has no name that we know.
    if (error instanceof SchemaError) return []
    throw error
  }
}
