import { parse, Reader, Root, type Type } from 'protobufjs'
import { textOf } from './auto'
import { withoutRegistryId } from './registry'

/**
 * Reads values of one message of a `.proto` file; the first of the file when `typeName` is null. Numbers of 64 bits come as text, as in
 * Protobuf's own JSON. @throws Error when the schema is none, or has no such message
 */
export function protobufReader(schema: string, typeName: string | null): (bytes: Uint8Array) => unknown {
  const { root } = parse(schema, new Root(), { keepCase: true })
  root.resolveAll()
  const type = typeName ? root.lookupType(typeName) : firstType(root)
  if (!type) throw new Error('the schema has no message')
  const read = (bytes: Uint8Array): unknown =>
    type.toObject(type.decode(bytes), { longs: String, enums: String, oneofs: false })
  return (bytes) => {
    const registered = withoutRegistryId(bytes)
    // A message does not begin with a zero byte: no field has the number 0.
    return read(registered ? withoutIndexes(registered) : bytes)
  }
}

function firstType(root: Root): Type | undefined {
  const types: Type[] = []
  const walk = (space: Root | Root['nestedArray'][number]) => {
    if ('fieldsArray' in space) types.push(space as Type)
    else if ('nestedArray' in space) for (const inner of space.nestedArray) walk(inner)
  }
  walk(root)
  return types[0]
}

/** Behind the registry's id stand the indexes of the message in its file; a single zero is the first one. */
function withoutIndexes(bytes: Uint8Array): Uint8Array {
  const reader = Reader.create(bytes)
  for (let left = reader.sint32(); left > 0; left--) reader.sint32()
  return bytes.subarray(reader.pos)
}

/** What can be read without a schema: fields by their numbers, with nested messages and text where the bytes are such. */
export function rawProtobuf(bytes: Uint8Array): Record<string, unknown> {
  const registered = withoutRegistryId(bytes)
  const fields = rawFields(registered ? withoutIndexes(registered) : bytes, 0)
  if (!fields) throw new Error('it is no sequence of Protobuf fields')
  return fields
}

function rawFields(bytes: Uint8Array, depth: number): Record<string, unknown> | undefined {
  if (depth > 50) return undefined
  const reader = Reader.create(bytes)
  const fields: Record<string, unknown> = {}
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32()
      const number = tag >>> 3
      if (number === 0) return undefined
      const value = rawValue(reader, tag & 7, depth)
      if (value === undefined) return undefined
      const before = fields[number]
      fields[number] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value]
    }
  } catch {
    // Ends in the middle of a field: no message.
    return undefined
  }
  return fields
}

function rawValue(reader: Reader, wireType: number, depth: number): unknown {
  switch (wireType) {
    case 0:
      return BigInt(String(reader.uint64()))
    case 1:
      return BigInt(String(reader.fixed64()))
    case 5:
      return reader.fixed32()
    case 2: {
      const bytes = reader.bytes()
      const text = textOf(bytes)
      if (text !== undefined && bytes.length > 0) return text
      return (bytes.length > 0 ? rawFields(bytes, depth + 1) : undefined) ?? bytes
    }
    default:
      return undefined
  }
}
