import { common, Enum, type Field, type MapField, parse, Reader, type ReflectionObject, Root, Type } from 'protobufjs'
import { textOf } from './auto'
import { withoutRegistryId } from './framing'
import { protobufJson } from './protobuf-json'

/**
 * Reads values of one message of a `.proto` file: the one that is named, else the one whose indexes stand behind a registry's id, else the
 * first of the file. Several files may stand one below the other, each beginning with its `syntax` line; what they import of each other
 * and Google's well-known types are found. Numbers of 64 bits are exact.
 *
 * @throws Error when the schema cannot be read, or has no such message
 */
export function protobufReader(schema: string, typeName: string | null): (bytes: Uint8Array) => unknown {
  const { root, top, isImplicit } = rootOf(schema)
  const chosen = typeName ? root.lookupType(typeName) : undefined
  if (!chosen && top.length === 0) throw new Error('the schema has no message')
  const toJson = protobufJson(root, isImplicit)
  const read = (type: Type, bytes: Uint8Array): unknown => toJson(type, type.decode(bytes))
  return (bytes) => {
    const registered = withoutRegistryId(bytes)
    // A message does not begin with a zero byte: no field has the number 0.
    if (!registered) return read(chosen ?? (top[0] as Type), bytes)
    const { indexes, rest } = indexed(registered)
    return read(chosen ?? typeAt(top, indexes), rest)
  }
}

interface Schemas {
  readonly root: Root
  /** Messages of the first file, in its order. */
  readonly top: readonly Type[]
  /** The field has no presence of its own: without a value it is its default (proto3). */
  readonly isImplicit: (field: Field | MapField) => boolean
}

function rootOf(schema: string): Schemas {
  const root = new Root()
  const proto3 = new Set<ReflectionObject>()
  const files = schema.split(/^(?=[ \t]*(?:syntax|edition)[ \t]*=)/m).filter((text) => text.trim() !== '')
  let top: readonly Type[] = []
  for (const [i, text] of files.entries()) {
    const before = new Set(typesIn(root))
    const { imports = [] } = parse(text, root, { keepCase: true })
    for (const file of imports) {
      const known = common.get(file)
      if (known?.nested) root.addJSON(known.nested)
    }
    const added = typesIn(root).filter((type) => !before.has(type) && !type.fullName.startsWith('.google.protobuf.'))
    if (/^\s*syntax\s*=\s*["']proto3["']/m.test(text)) for (const type of added) proto3.add(type)
    if (i === 0) top = added.filter(({ parent }) => !(parent instanceof Type))
  }
  try {
    root.resolveAll()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new Error(`${message}; put the files that it imports below it`)
  }
  return { root, top, isImplicit: (field) => field.parent !== null && proto3.has(field.parent) }
}

/** All messages below a namespace, those within messages too. */
export function typesIn(space: ReflectionObject): Type[] {
  const own = space instanceof Type ? [space] : []
  const inner = 'nestedArray' in space ? (space.nestedArray as ReflectionObject[]) : []
  return [...own, ...inner.filter((one) => !(one instanceof Enum)).flatMap(typesIn)]
}

/** What a registry's serializer writes behind the id: the place of the message in its file, level by level. A single zero is the first. */
function indexed(bytes: Uint8Array): { readonly indexes: readonly number[]; readonly rest: Uint8Array } {
  const reader = Reader.create(bytes)
  const indexes = Array.from({ length: Math.min(reader.sint32(), 100) }, () => reader.sint32())
  return { indexes: indexes.length === 0 ? [0] : indexes, rest: bytes.subarray(reader.pos) }
}

function typeAt(top: readonly Type[], indexes: readonly number[]): Type {
  let types = top
  let found: Type | undefined
  for (const index of indexes) {
    found = types[index]
    if (!found) throw new Error(`the schema has no message at [${indexes.join(', ')}]`)
    types = found.nestedArray.filter((inner): inner is Type => inner instanceof Type)
  }
  return found as Type
}

/** What can be read without a schema: fields by their numbers, with nested messages and text where the bytes are such. */
export function rawProtobuf(bytes: Uint8Array): Record<string, unknown> {
  const registered = withoutRegistryId(bytes)
  const fields = rawFields(registered ? indexed(registered).rest : bytes, 0)
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
