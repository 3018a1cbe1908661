import type { SchemaField } from '../../contract/schemas'
import { isAvro } from '../../registry/avro/avro'
import { type AvroField, type AvroType, fullName, isNamed } from '../../registry/avro/schema'
import { isArray, isObject, type Json, printJson } from '../../registry/json'
import { isJsonSchema } from '../../registry/json-schema/json-schema'
import { followed, type Located } from '../../registry/json-schema/shape'
import type { ParsedSchema } from '../../registry/kind'
import { messagesOf } from '../../registry/protobuf/names'
import { isProtobuf } from '../../registry/protobuf/protobuf'

/** Fields that a page shows at most, and how deep records within records are followed. */
const maxFields = 1000
const maxDepth = 8

/** The fields of a schema in its order, nested ones by their path. */
export function fieldsOf(parsed: ParsedSchema): SchemaField[] {
  if (isAvro(parsed)) return avroFields(parsed.schema, '', []).slice(0, maxFields)
  if (isProtobuf(parsed)) return protobufFields(parsed.file).slice(0, maxFields)
  if (!isJsonSchema(parsed)) return []
  const root = { schema: parsed.document.root, document: parsed.document }
  return jsonFields(root, '', 0).slice(0, maxFields)
}

function avroFields(type: AvroType, path: string, open: readonly AvroType[]): SchemaField[] {
  if (open.includes(type) || open.length > maxDepth) return []
  switch (type.kind) {
    case 'record':
      return type.fields.flatMap((field) => {
        const place = path === '' ? field.name : `${path}.${field.name}`
        return [avroField(field, place), ...avroFields(field.type, place, [...open, type])]
      })
    case 'array':
      return avroFields(type.items, `${path}[]`, open)
    case 'map':
      return avroFields(type.values, `${path}{}`, open)
    case 'union':
      return type.branches.flatMap((branch) => avroFields(branch, path, open))
    default:
      return []
  }
}

function avroField({ type, doc, default: fallback }: AvroField, path: string): SchemaField {
  return {
    path,
    type: avroTypeText(type),
    note: fallback === undefined ? '' : `default ${printJson(fallback)}`,
    doc: doc ?? '',
  }
}

function avroTypeText(type: AvroType): string {
  switch (type.kind) {
    case 'union':
      return type.branches.map(avroTypeText).join(' | ')
    case 'array':
      return `array of ${avroTypeText(type.items)}`
    case 'map':
      return `map of ${avroTypeText(type.values)}`
    default: {
      const logical = type.properties.get('logicalType')
      const name = isNamed(type) ? fullName(type.name) : type.kind
      return typeof logical === 'string' ? `${name} (${logical})` : name
    }
  }
}

function protobufFields(file: Parameters<typeof messagesOf>[0]): SchemaField[] {
  return [...messagesOf(file)].flatMap(([name, message]) =>
    message.fields.map((field) => ({
      path: `${file.package === '' ? name : name.slice(file.package.length + 1)}.${field.name} = ${field.number}`,
      type: field.mapKey === null ? field.type : `map<${field.mapKey}, ${field.type}>`,
      note: [field.label, field.oneof === null ? '' : `oneof ${field.oneof}`].filter((part) => part !== '').join(', '),
      doc: '',
    })),
  )
}

function jsonFields(at: Located, path: string, depth: number): SchemaField[] {
  if (depth > maxDepth) return []
  const { schema, document } = followed(at)
  if (!isObject(schema)) return []
  const required = schema.get('required')
  const properties = schema.get('properties')
  const items = schema.get('items')
  const own = isObject(properties)
    ? [...properties].flatMap(([name, property]) => {
        const place = path === '' ? name : `${path}.${name}`
        const target = followed({ schema: property, document }).schema
        const notes = [
          isArray(required) && required.includes(name) ? 'required' : '',
          isObject(target) && target.has('default') ? `default ${printJson(target.get('default') ?? null)}` : '',
        ]
        const field: SchemaField = {
          path: place,
          type: jsonTypeText(target),
          note: notes.filter((note) => note !== '').join(', '),
          doc: textOf(target, 'description'),
        }
        return [field, ...jsonFields({ schema: property, document }, place, depth + 1)]
      })
    : []
  return isObject(items) ? [...own, ...jsonFields({ schema: items, document }, `${path}[]`, depth + 1)] : own
}

function jsonTypeText(schema: Json): string {
  if (!isObject(schema)) return schema === false ? 'nothing' : 'any'
  const type = schema.get('type')
  if (isArray(type)) return type.filter((one) => typeof one === 'string').join(' | ')
  if (typeof type === 'string') return type
  for (const keyword of ['enum', 'const', 'oneOf', 'anyOf', 'allOf']) if (schema.has(keyword)) return keyword
  return 'any'
}

function textOf(schema: Json, key: string): string {
  const value = isObject(schema) ? schema.get(key) : undefined
  return typeof value === 'string' ? value : ''
}
