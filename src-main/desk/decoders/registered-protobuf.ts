import { common, type Field, parse, Reader, type ReflectionObject, Root, type Type } from 'protobufjs'
import type { ParsedSchema } from '../../registry/kind'
import type { ProtoFile, ProtoOption, ProtoType } from '../../registry/protobuf/file'
import { isWellKnown } from '../../registry/protobuf/names'
import { printProto } from '../../registry/protobuf/print'
import { isProtobuf, type ParsedProtobuf } from '../../registry/protobuf/protobuf'
import { exactJson } from './exact-json'
import { typesIn } from './protobuf'
import { protobufJson } from './protobuf-json'

/** The types of a schema and of its imports. */
interface Types {
  readonly root: Root
  /** The field has no presence of its own: without a value it is its default (proto3). */
  readonly isImplicit: (field: Field) => boolean
}

const known = new WeakMap<ParsedProtobuf, Types>()

/**
 * A value of a registered Protobuf schema as JSON text in Protobuf's own JSON mapping, with bytes in base64 and numbers of 64 bits as text:
 * what is read can be written again. In front of it, or in the header, stand the indexes of its message.
 *
 * @throws Error that says why it is no such value
 */
export function registeredProtobuf(parsed: ParsedProtobuf, rest: Uint8Array, header: Uint8Array | null): string {
  const { root, isImplicit } = typesOf(parsed)
  const toJson = protobufJson(root, isImplicit)
  const read = (type: Type, bytes: Uint8Array) => exactJson(mapped(toJson(type, type.decode(bytes))))
  const inHeader = header && messageAt(parsed, header, true)
  if (inHeader) return read(root.lookupType(inHeader.fullName), rest)
  const zigzag = messageAt(parsed, rest, true)
  // Old clients wrote the indexes as plain varints.
  const found = zigzag ?? messageAt(parsed, rest, false)
  if (!found) throw new Error('it names a message that the schema has not')
  return read(root.lookupType(found.fullName), rest.subarray(found.size))
}

/** The message that indexes lead to, and how many bytes they take; undefined when they lead nowhere. */
function messageAt(
  parsed: ParsedProtobuf,
  bytes: Uint8Array,
  zigzag: boolean,
): { readonly fullName: string; readonly size: number } | undefined {
  try {
    const reader = Reader.create(bytes)
    const number = () => (zigzag ? reader.sint32() : reader.int32())
    const count = number()
    // A single zero is the first message.
    const indexes = count === 0 ? [0] : []
    if (count < 0 || count > 100) return undefined
    for (let i = 0; i < count; i++) indexes.push(number())
    const wanted = indexes.join()
    const found = parsed.messages().find((message) => message.indexes.join() === wanted)
    return found && { fullName: found.fullName, size: reader.pos }
  } catch {
    // It ends in the middle of a number.
    return undefined
  }
}

/** As the JSON mapping has them: bytes in base64, 64 bits as text. */
function mapped(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(mapped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapped(item)]))
}

/** The types of a schema and of its imports, ready to decode. */
export function rootOf(parsed: ParsedProtobuf): Root {
  return typesOf(parsed).root
}

function typesOf(parsed: ParsedProtobuf): Types {
  const before = known.get(parsed)
  if (before) return before
  const root = new Root()
  const proto3 = new Set<ReflectionObject>()
  const added = new Set<string>()
  const add = (schema: ParsedSchema, name: string) => {
    if (!isProtobuf(schema) || added.has(name)) return
    added.add(name)
    for (const { name: path, parsed: dependency } of schema.dependencies) add(dependency, path)
    for (const { path } of schema.file.imports) {
      const file = isWellKnown(path) && !added.has(path) ? common.get(path) : null
      added.add(path)
      if (file?.nested) root.addJSON(file.nested)
    }
    const others = new Set(typesIn(root))
    parse(printProto(plain(schema.file)), root, { keepCase: true })
    if (schema.file.syntax === 'proto3') for (const type of typesIn(root)) if (!others.has(type)) proto3.add(type)
  }
  add(parsed, '')
  root.resolveAll()
  const types: Types = { root, isImplicit: (field) => field.parent !== null && proto3.has(field.parent) }
  known.set(parsed, types)
  return types
}

/** Without what decoding does not need: options of one's own may need extensions that nobody has. */
function plain(file: ProtoFile): ProtoFile {
  return { ...file, options: [], extensions: [], services: [], types: file.types.map(plainType) }
}

function plainType(type: ProtoType): ProtoType {
  if (type.kind === 'enum') {
    const values = type.values.map((value) => ({ ...value, options: [] }))
    return { ...type, options: kept(type.options), values, reserved: [] }
  }
  return {
    ...type,
    options: [],
    reserved: [],
    extensionRanges: [],
    extensions: [],
    oneofs: type.oneofs.map((oneof) => ({ ...oneof, options: [] })),
    fields: type.fields.map((field) => ({ ...field, options: kept(field.options) })),
    types: type.types.map(plainType),
  }
}

function kept(options: readonly ProtoOption[]): ProtoOption[] {
  return options.filter(({ name }) => name === 'packed' || name === 'default' || name === 'allow_alias')
}
