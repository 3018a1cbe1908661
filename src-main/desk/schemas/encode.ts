import { Writer } from 'protobufjs'
import type { EncodedOrProblem } from '../../contract/schemas'
import { isAvro } from '../../registry/avro/avro'
import { exampleOf } from '../../registry/avro/defaults'
import { writeAvroValue } from '../../registry/avro/write-value'
import { isArray, isObject, type Json, JsonError, parseJson, printJson } from '../../registry/json'
import { isJsonSchema } from '../../registry/json-schema/json-schema'
import { followed, type Located } from '../../registry/json-schema/shape'
import type { ParsedSchema } from '../../registry/kind'
import { isProtobuf, type ParsedProtobuf } from '../../registry/protobuf/protobuf'
import { type Registry, versionOf } from '../../registry/registry'
import { exactJson } from '../decoders/exact-json'
import { protobufFields } from '../decoders/protobuf-from-json'
import { rootOf } from '../decoders/registered-protobuf'
import { jsonValueProblem } from './json-value'
import { prettyText } from './pretty'

interface Choice {
  readonly subject: string
  readonly version: number | null
  readonly message: string | null
}

/** A value of JSON as a serializer writes it: zero, the schema's id, of Protobuf the message's indexes, the value. @throws Error */
export function encoded(registry: Registry, { subject, version, message }: Choice, json: string): Buffer {
  const { id, parsed } = chosen(registry, subject, version)
  return framed(id, valueBytes(parsed, message, json))
}

/** Each value by itself: one that does not fit says why. @throws RegistryError when there is no such schema */
export function encodedMany(
  registry: Registry,
  { subject, version, message }: Choice,
  values: readonly string[],
): EncodedOrProblem[] {
  const { id, parsed } = chosen(registry, subject, version)
  return values.map((json) => {
    try {
      return { base64: framed(id, valueBytes(parsed, message, json)).toString('base64') }
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) }
    }
  })
}

function framed(id: number, value: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(id, 1)
  return Buffer.concat([prefix, value])
}

/** JSON of a value that fits the schema, to begin with. */
export function example(registry: Registry, { subject, version, message }: Choice): string {
  const { parsed } = chosen(registry, subject, version)
  if (isAvro(parsed)) return prettyText('AVRO', exampleOf(parsed.schema))
  if (isProtobuf(parsed)) {
    const { fullName } = messageOf(parsed, message)
    const type = rootOf(parsed).lookupType(fullName)
    return prettyText(
      'JSON',
      exactJson(type.toObject(type.create({}), { defaults: true, longs: String, enums: String, bytes: String })),
    )
  }
  if (!isJsonSchema(parsed)) return '{}'
  return prettyText('JSON', printJson(jsonExample({ schema: parsed.document.root, document: parsed.document }, 0)))
}

/** A version of a subject; `null`: the latest. @throws RegistryError */
export function chosen(registry: Registry, subject: string, number: number | null) {
  const version = versionOf(registry, subject, number ?? 'latest', number !== null)
  return { id: version.id, parsed: registry.parser.stored(version) }
}

function valueBytes(parsed: ParsedSchema, message: string | null, text: string): Buffer {
  const json = jsonOf(text)
  if (isAvro(parsed)) return writeAvroValue(parsed.schema, json)
  if (isProtobuf(parsed)) return protobufBytes(parsed, message, json)
  if (isJsonSchema(parsed)) {
    const problem = jsonValueProblem({ schema: parsed.document.root, document: parsed.document }, json)
    if (problem !== undefined) throw new Error(problem)
  }
  return Buffer.from(printJson(json))
}

function jsonOf(text: string): Json {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof JsonError) throw new Error(`This is no JSON: ${error.message}`)
    throw error
  }
}

function protobufBytes(parsed: ParsedProtobuf, message: string | null, json: Json): Buffer {
  const { fullName, indexes } = messageOf(parsed, message)
  const root = rootOf(parsed)
  const type = root.lookupType(fullName)
  if (!isObject(json)) throw new Error('The value must be an object')
  const made = type.fromObject(protobufFields(root, type, json))
  const problem = type.verify(made)
  if (problem) throw new Error(problem)
  const writer = Writer.create()
  if (indexes.join() === '0') writer.sint32(0)
  else {
    writer.sint32(indexes.length)
    for (const index of indexes) writer.sint32(index)
  }
  return Buffer.concat([writer.finish(), type.encode(made).finish()])
}

function messageOf(parsed: ParsedProtobuf, name: string | null) {
  const messages = parsed.messages()
  const found = name === null ? messages[0] : messages.find(({ fullName }) => fullName === name)
  if (!found) throw new Error(name === null ? 'The schema has no message.' : `The schema has no message ${name}.`)
  return found
}

function jsonExample(at: Located, depth: number): Json {
  const { schema, document } = followed(at)
  if (!isObject(schema) || depth > 8) return null
  for (const key of ['default', 'const', 'example']) if (schema.has(key)) return schema.get(key) ?? null
  const listed = schema.get('enum') ?? schema.get('examples')
  if (isArray(listed) && listed.length > 0) return listed[0] ?? null
  for (const key of ['oneOf', 'anyOf', 'allOf']) {
    const [first] = (isArray(schema.get(key)) ? schema.get(key) : []) as readonly Json[]
    if (first !== undefined && !schema.has('type') && !schema.has('properties'))
      return jsonExample({ schema: first, document }, depth + 1)
  }
  const type = schema.get('type')
  const kind = isArray(type)
    ? type.find((one) => one !== 'null')
    : (type ?? (schema.has('properties') ? 'object' : null))
  const properties = schema.get('properties')
  switch (kind) {
    case 'object':
      return new Map(
        isObject(properties)
          ? [...properties].map(([name, property]) => [name, jsonExample({ schema: property, document }, depth + 1)])
          : [],
      )
    case 'array': {
      const items = schema.get('items')
      return isObject(items) ? [jsonExample({ schema: items, document }, depth + 1)] : []
    }
    case 'string':
      return ''
    case 'integer':
    case 'number':
      return parseJson('0')
    case 'boolean':
      return false
    default:
      return null
  }
}
