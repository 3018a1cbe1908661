import { Enum, type Field, MapField, Type } from 'protobufjs'
import type { FormField, FormType, SchemaForm } from '../../contract/schema-form'
import { isAvro } from '../../registry/avro/avro'
import { logicalTypeOf } from '../../registry/avro/read-value'
import { type AvroType, branchName, fullName, isNamed } from '../../registry/avro/schema'
import { isArray, isObject, type Json, printJson } from '../../registry/json'
import { isJsonSchema } from '../../registry/json-schema/json-schema'
import { followed, type Located } from '../../registry/json-schema/shape'
import type { ParsedSchema } from '../../registry/kind'
import { isProtobuf } from '../../registry/protobuf/protobuf'
import { rootOf } from '../decoders/registered-protobuf'

/** Types of a schema that a form has at most; what is beyond them is edited as JSON. */
const maxTypes = 500

type Types = Map<string, FormType>

/** A form for a value of a schema. @param message of Protobuf; `null` is the first */
export function formOf(parsed: ParsedSchema, message: string | null): SchemaForm {
  const types: Types = new Map()
  const root = rootForm(parsed, message, types)
  return { root, types: Object.fromEntries(types) }
}

function rootForm(parsed: ParsedSchema, message: string | null, types: Types): FormType {
  if (isAvro(parsed)) return avroForm(parsed.schema, types)
  if (isProtobuf(parsed)) {
    const name = message ?? parsed.messages()[0]?.fullName
    return name === undefined ? { kind: 'json' } : protobufForm(rootOf(parsed).lookupType(name), types)
  }
  if (!isJsonSchema(parsed)) return { kind: 'json' }
  return jsonForm({ schema: parsed.document.root, document: parsed.document }, types)
}

/** A type with a name is made once, and used by that name. */
function named(types: Types, name: string, make: () => FormType): FormType {
  if (!types.has(name)) {
    if (types.size >= maxTypes) return { kind: 'json' }
    types.set(name, { kind: 'json' })
    types.set(name, make())
  }
  return { kind: 'named', name }
}

function avroForm(type: AvroType, types: Types): FormType {
  const logical = logicalTypeOf(type)?.name
  const hint = logical === undefined ? type.kind : `${type.kind}, ${logical}`
  switch (type.kind) {
    case 'null':
    case 'boolean':
      return { kind: type.kind }
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return { kind: logical === undefined ? 'number' : 'exact', hint }
    case 'string':
    case 'bytes':
      return { kind: logical === 'decimal' ? 'exact' : 'text', hint }
    case 'fixed':
      return { kind: logical === 'decimal' ? 'exact' : 'text', hint: `${hint}, ${type.size} bytes` }
    case 'enum':
      return { kind: 'enum', symbols: type.symbols }
    case 'array':
      return { kind: 'list', items: avroForm(type.items, types) }
    case 'map':
      return { kind: 'map', values: avroForm(type.values, types) }
    case 'union':
      return {
        kind: 'union',
        branches: type.branches.map((branch) => {
          const name = branchName(branch)
          const label = isNamed(branch) ? branch.name.simple : name
          return { label, name: branch.kind === 'null' ? null : name, type: avroForm(branch, types) }
        }),
      }
    case 'record':
      return named(types, fullName(type.name), () => ({
        kind: 'record',
        fields: type.fields.map(
          (field): FormField => ({
            name: field.name,
            doc: field.doc ?? '',
            isOptional: field.default !== undefined,
            fallback: field.default === undefined ? null : printJson(field.default),
            type: avroForm(field.type, types),
          }),
        ),
      }))
  }
}

function protobufForm(type: Type, types: Types): FormType {
  return named(types, type.fullName, () => ({
    kind: 'record',
    fields: type.fieldsArray.map((field): FormField => {
      const own = protobufType(field, types)
      const isMap = field instanceof MapField
      return {
        name: field.name,
        doc: field.partOf ? `oneof ${field.partOf.name}` : '',
        isOptional: !field.required,
        fallback: null,
        type: isMap ? { kind: 'map', values: own } : field.repeated ? { kind: 'list', items: own } : own,
      }
    }),
  }))
}

/** google.protobuf.* as Protobuf's JSON mapping has them. */
const wellKnown: Readonly<Record<string, FormType>> = {
  '.google.protobuf.Timestamp': { kind: 'text', hint: 'Timestamp, such as 2026-11-30T12:00:00Z' },
  '.google.protobuf.Duration': { kind: 'text', hint: 'Duration, such as 1.5s' },
  '.google.protobuf.FieldMask': { kind: 'text', hint: 'FieldMask, paths with commas' },
  '.google.protobuf.StringValue': { kind: 'text', hint: 'StringValue' },
  '.google.protobuf.BytesValue': { kind: 'text', hint: 'BytesValue, in base64' },
  '.google.protobuf.BoolValue': { kind: 'boolean' },
  ...Object.fromEntries(
    ['Struct', 'Value', 'ListValue', 'Any'].map((name) => [`.google.protobuf.${name}`, { kind: 'json' } as const]),
  ),
  ...Object.fromEntries(
    ['Double', 'Float', 'Int32', 'UInt32', 'Int64', 'UInt64'].map((name) => [
      `.google.protobuf.${name}Value`,
      { kind: name.endsWith('64') ? 'exact' : 'number', hint: `${name}Value` } as const,
    ]),
  ),
}

function protobufType(field: Field, types: Types): FormType {
  const { resolvedType, type } = field.resolve()
  if (resolvedType instanceof Enum) return { kind: 'enum', symbols: Object.keys(resolvedType.values) }
  if (resolvedType instanceof Type) return wellKnown[resolvedType.fullName] ?? protobufForm(resolvedType, types)
  if (type === 'bool') return { kind: 'boolean' }
  if (type === 'string') return { kind: 'text', hint: type }
  if (type === 'bytes') return { kind: 'text', hint: 'bytes, in base64' }
  return { kind: type.endsWith('64') ? 'exact' : 'number', hint: type }
}

function jsonForm(at: Located, types: Types): FormType {
  const { schema, document } = followed(at)
  if (!isObject(schema)) return { kind: 'json' }
  const inner = (other: Json) => jsonForm({ schema: other, document }, types)
  const listed = schema.get('enum')
  if (isArray(listed) && listed.every((one) => typeof one === 'string')) return { kind: 'enum', symbols: listed }
  const type = schema.get('type') ?? (schema.has('properties') ? 'object' : undefined)
  if (isArray(type)) {
    const branches = type.filter((one) => typeof one === 'string')
    return {
      kind: 'union',
      branches: branches.map((one) => ({
        label: one,
        name: null,
        type: inner(new Map([...schema, ['type', one]])),
      })),
    }
  }
  switch (type) {
    case 'object':
      return jsonRecord(schema, inner, types)
    case 'array': {
      const items = schema.get('items')
      return { kind: 'list', items: isObject(items) ? inner(items) : { kind: 'json' } }
    }
    case 'string':
      return { kind: 'text', hint: hintOf(schema, type) }
    case 'integer':
    case 'number':
      return { kind: 'number', hint: hintOf(schema, type) }
    case 'boolean':
    case 'null':
      return { kind: type }
    default:
      return { kind: 'json' }
  }
}

function jsonRecord(schema: ReadonlyMap<string, Json>, inner: (other: Json) => FormType, types: Types): FormType {
  const properties = schema.get('properties')
  const required = schema.get('required')
  const values = schema.get('additionalProperties')
  if (!isObject(properties)) return isObject(values) ? { kind: 'map', values: inner(values) } : { kind: 'json' }
  return named(types, `#${numberOf(schema)}`, () => ({
    kind: 'record',
    fields: [...properties].map(([name, property]): FormField => {
      const fallback = isObject(property) ? property.get('default') : undefined
      return {
        name,
        doc: isObject(property) ? String(property.get('description') ?? '') : '',
        isOptional: !(isArray(required) && required.includes(name)),
        fallback: fallback === undefined ? null : printJson(fallback),
        type: inner(property),
      }
    }),
  }))
}

/** A schema that refers to itself is one object of the document, and keeps its number. */
const numbers = new WeakMap<object, number>()
let lastNumber = 0

function numberOf(schema: object): number {
  const number = numbers.get(schema) ?? ++lastNumber
  numbers.set(schema, number)
  return number
}

function hintOf(schema: ReadonlyMap<string, Json>, type: string): string {
  const format = schema.get('format')
  return typeof format === 'string' ? `${type}, ${format}` : type
}
