import { isAvro } from './avro/avro'
import { metadataProperty } from './contracts'
import { isObject } from './json'
import { isJsonSchema } from './json-schema/json-schema'
import { differenceText, type ParsedSchema } from './kind'
import { isProtobuf } from './protobuf/protobuf'
import type { PlainObject } from './schema'

/** The property of the metadata that lists field names which no version may have (Confluent's ParsedSchema.RESERVED). */
const property = 'confluent:reserved'

/** What breaks the reserved names of a config with `validateFields`; `old` is the metadata of the version before. Empty when nothing does. */
export function reservedProblems(
  fresh: ParsedSchema,
  metadata: PlainObject | null,
  old: PlainObject | null | undefined,
): string[] {
  const names = reservedNames(metadata)
  const quote = fresh.type === 'AVRO' ? "'" : '"'
  const problem = (type: string, name: string, description: string) =>
    differenceText({ type, path: '/', description, detail: name }, quote)
  const removed = [...reservedNames(old)].filter((name) => !names.has(name))
  const fields = new Set(topLevelFields(fresh))
  return [
    ...removed.map((name) =>
      problem(
        'RESERVED_FIELD_REMOVED',
        name,
        `The new schema has reserved field ${name} removed from its metadata which is present in the old schema's metadata.`,
      ),
    ),
    ...[...names]
      .filter((name) => fields.has(name))
      .map((name) =>
        problem(
          'FIELD_CONFLICTS_WITH_RESERVED_FIELD',
          name,
          `The new schema has field that conflicts with the reserved field ${name}.`,
        ),
      ),
  ]
}

function reservedNames(metadata: PlainObject | null | undefined): Set<string> {
  const list = metadataProperty(metadata ?? null, property)
  if (typeof list !== 'string') return new Set()
  return new Set(
    list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  )
}

function topLevelFields(schema: ParsedSchema): readonly string[] {
  if (isAvro(schema)) return schema.schema.kind === 'record' ? schema.schema.fields.map(({ name }) => name) : []
  if (isProtobuf(schema)) {
    const first = schema.file.types.find((type) => type.kind === 'message')
    return first?.kind === 'message' ? first.fields.map(({ name }) => name) : []
  }
  const root = isJsonSchema(schema) ? schema.document.root : undefined
  const properties = isObject(root) ? root.get('properties') : undefined
  return isObject(properties) ? [...properties.keys()] : []
}
