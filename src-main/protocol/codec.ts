import { zeroUuid } from '../base/uuid'
import { DecodeError, EncodeError } from './failures'
import { type Codec, plainCodecs, WriteFault } from './plain-codecs'
import { Reader, ReadFault } from './reader'
import {
  covers,
  type Field,
  type Fields,
  type InputOf,
  type Message,
  type Tag,
  type UnknownTag,
  type ValueOf,
} from './schema'
import { Writer } from './writer'

/** Bytes of one value in a frame: what the wire inspector shows. Offsets count from the frame's first byte. */
export interface Span {
  readonly name: string
  readonly start: number
  end: number
  /** What the bytes mean, for fields that hold no others. */
  value?: unknown
  readonly children: Span[]
}

/** A reader that also notes which bytes each value came from. */
class TracingReader extends Reader {
  span: Span | undefined
}

/** One compiled field of a struct. */
interface Member {
  readonly name: string
  /** Undefined in versions that do not have the field. */
  readonly codec: Codec | undefined
  readonly tag: Tag | undefined
  readonly ignorable: boolean
  initial(): unknown
}

/** By version. */
const compiled = new WeakMap<Message, Codec[]>()

/** Reads a whole message: all bytes of `bytes` from `offset` on must belong to it. */
export function decode<S extends Fields>(of: Message<S>, version: number, bytes: Uint8Array, offset = 0): ValueOf<S> {
  return run(of, version, new Reader(bytes, offset)) as ValueOf<S>
}

/** Reads a message and leaves what follows it: requests, and embedded blobs of a newer version than ours. */
export function decodePrefix<S extends Fields>(
  of: Message<S>,
  version: number,
  bytes: Uint8Array,
  offset = 0,
): ValueOf<S> {
  return run(of, version, new Reader(bytes, offset), true) as ValueOf<S>
}

/**
 * Tells which bytes each value of a message came from. Of a message that cannot be read these are the values before the fault; the last one
 * ends at the byte of the fault.
 */
export function trace(
  of: Message,
  version: number,
  bytes: Uint8Array,
  offset: number,
  tailAllowed: boolean,
): { readonly span: Span; readonly problem: DecodeError | null } {
  const reader = new TracingReader(bytes, offset)
  const span: Span = { name: of.name, start: offset, end: bytes.byteLength, children: [] }
  reader.span = span
  try {
    run(of, version, reader, tailAllowed)
    return { span, problem: null }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    const unfinished = reader.span
    for (let open: Span | undefined = span; open && open !== unfinished; ) {
      open = open.children.at(-1)
      if (open) open.end = Math.min(bytes.byteLength, Math.max(open.start, error.offset + 1))
    }
    return { span, problem: error }
  }
}

/** Writes a message. Throws EncodeError for a value that the version cannot carry. */
export function encodeInto<S extends Fields>(of: Message<S>, version: number, value: InputOf<S>, to: Writer): void {
  try {
    codecFor(of, version).write(value, to)
  } catch (error) {
    if (error instanceof WriteFault) throw new EncodeError(of.name, version, joinPath(error.path), error.message)
    throw error
  }
}

/** Writes a message into bytes of its own. */
export function encode<S extends Fields>(of: Message<S>, version: number, value: InputOf<S>): Uint8Array {
  const writer = new Writer()
  encodeInto(of, version, value, writer)
  const chunks = writer.chunks()
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

function run(of: Message, version: number, reader: Reader, tailAllowed = false): unknown {
  try {
    const value = codecFor(of, version).read(reader)
    if (!tailAllowed && reader.left > 0) throw new ReadFault(reader.position, `${reader.left} bytes follow its end`)
    return value
  } catch (error) {
    if (!(error instanceof ReadFault)) throw error
    throw new DecodeError(of.name, version, joinPath(error.path), error.offset, error.reason)
  }
}

/** `topicData[0].name`, from the outermost name to the innermost. */
function joinPath(path: readonly string[]): string {
  return (
    path.reduce((text, part) => (text === '' || part.startsWith('[') ? text + part : `${text}.${part}`), '') ||
    'message'
  )
}

function codecFor(of: Message, version: number): Codec {
  let versions = compiled.get(of)
  if (!versions) compiled.set(of, (versions = []))
  let codec = versions[version]
  if (!codec) {
    if (version < of.versions[0] || version > of.versions[1])
      throw new RangeError(`${of.name} has no version ${version}`)
    codec = structCodec(of.fields, version, version >= of.flexible)
    versions[version] = codec
  }
  return codec
}

function fieldCodec(field: Field, version: number, flexible: boolean): Codec {
  const { nullable } = field.options
  const mayBeNull = nullable === true || (nullable !== undefined && covers(nullable, version))
  switch (field.type) {
    case 'bool':
    case 'int8':
    case 'int16':
    case 'uint16':
    case 'int32':
    case 'int64':
    case 'float64':
    case 'uuid':
      return plainCodecs[field.type]
    case 'string':
      return stringCodec(flexible, mayBeNull)
    case 'bytes':
    case 'records':
      return bytesCodec(flexible, mayBeNull || field.type === 'records')
    case 'array':
      return arrayCodec(fieldCodec(field.item as Field, version, flexible), flexible, mayBeNull)
    case 'struct': {
      const codec = structCodec(field.fields as Fields, version, flexible)
      return mayBeNull ? nullableStruct(codec) : codec
    }
  }
}

/** A length, or -1 for null: compact (KIP-482: length plus one) or with a fixed width. */
function readLength(from: Reader, flexible: boolean, wide: boolean): number {
  if (flexible) return from.uvarint() - 1
  return wide ? from.int32() : from.int16()
}

function writeLength(length: number, to: Writer, flexible: boolean, wide: boolean): void {
  if (flexible) to.uvarint(length + 1)
  else if (wide) to.int32(length)
  else to.int16(length)
}

function readNull(at: number, length: number, mayBeNull: boolean): null {
  if (length < -1) throw new ReadFault(at, `negative length ${length}`)
  if (!mayBeNull) throw new ReadFault(at, 'null where a value is required')
  return null
}

function writeNull(to: Writer, flexible: boolean, wide: boolean, mayBeNull: boolean): void {
  if (!mayBeNull) throw new WriteFault('null where a value is required')
  writeLength(-1, to, flexible, wide)
}

function stringCodec(flexible: boolean, mayBeNull: boolean): Codec {
  return {
    minBytes: flexible ? 1 : 2,
    read(from) {
      const at = from.position
      const length = readLength(from, flexible, false)
      if (length < 0) return readNull(at, length, mayBeNull)
      if (length > 0x7fff) throw new ReadFault(at, `string of ${length} bytes is longer than 32767`)
      return from.text(length)
    },
    write(value, to) {
      if (value === null || value === undefined) return writeNull(to, flexible, false, mayBeNull)
      const text = value as string
      const length = Buffer.byteLength(text)
      if (length > 0x7fff) throw new WriteFault(`string of ${length} bytes is longer than 32767`)
      writeLength(length, to, flexible, false)
      to.text(text, length)
    },
  }
}

function bytesCodec(flexible: boolean, mayBeNull: boolean): Codec {
  return {
    minBytes: flexible ? 1 : 4,
    read(from) {
      const at = from.position
      const length = readLength(from, flexible, true)
      return length < 0 ? readNull(at, length, mayBeNull) : from.view(length)
    },
    write(value, to) {
      if (value === null || value === undefined) return writeNull(to, flexible, true, mayBeNull)
      const parts = value instanceof Uint8Array ? [value] : (value as readonly Uint8Array[])
      let length = 0
      for (const part of parts) length += part.byteLength
      writeLength(length, to, flexible, true)
      for (const part of parts) to.blob(part)
    },
  }
}

function arrayCodec(item: Codec, flexible: boolean, mayBeNull: boolean): Codec {
  return {
    minBytes: flexible ? 1 : 4,
    read(from) {
      const at = from.position
      const count = readLength(from, flexible, true)
      if (count < 0) return readNull(at, count, mayBeNull)
      if (count * Math.max(1, item.minBytes) > from.left) {
        throw new ReadFault(at, `${count} elements declared, ${from.left} bytes left`)
      }
      const values = new Array<unknown>(count)
      const tracing = from instanceof TracingReader ? from : undefined
      let index = 0
      try {
        for (; index < count; index++) {
          values[index] = tracing ? traced(`[${index}]`, item, tracing) : item.read(from)
        }
      } catch (error) {
        if (error instanceof ReadFault) error.path.unshift(`[${index}]`)
        throw error
      }
      return values
    },
    write(value, to) {
      if (value === null || value === undefined) return writeNull(to, flexible, true, mayBeNull)
      const values = value as readonly unknown[]
      writeLength(values.length, to, flexible, true)
      let index = 0
      try {
        for (; index < values.length; index++) item.write(values[index], to)
      } catch (error) {
        if (error instanceof WriteFault) error.path.unshift(`[${index}]`)
        throw error
      }
    },
  }
}

/** An int8 before the struct says whether there is one. */
function nullableStruct(codec: Codec): Codec {
  return {
    minBytes: 1,
    read: (from) => (from.int8() < 0 ? null : codec.read(from)),
    write(value, to) {
      if (value === null || value === undefined) return to.int8(-1)
      to.int8(1)
      codec.write(value, to)
    },
  }
}

function structCodec(fields: Fields, version: number, flexible: boolean): Codec {
  const members = Object.entries(fields).map(([name, field]) => member(name, field, version, flexible))
  const plainMembers = members.filter((m) => m.codec && !m.tag)
  const absent = members.filter((m) => !m.codec)
  const tagged = members.filter((m) => m.codec && m.tag).sort((a, b) => (a.tag?.id ?? 0) - (b.tag?.id ?? 0))
  const byTag = new Map(tagged.map((m) => [m.tag?.id, m]))
  return {
    minBytes: plainMembers.reduce((sum, m) => sum + (m.codec as Codec).minBytes, flexible ? 1 : 0),
    read(from) {
      const value: Record<string, unknown> = {}
      const tracing = from instanceof TracingReader ? from : undefined
      // In the order of the declaration, so that all values of a message have one shape.
      let current: Member | undefined
      try {
        for (current of members) {
          const { codec, name } = current
          if (!codec || current.tag) value[name] = current.initial()
          else value[name] = tracing ? traced(name, codec, tracing) : codec.read(from)
        }
      } catch (error) {
        if (error instanceof ReadFault && current) error.path.unshift(current.name)
        throw error
      }
      if (flexible) readTags(from, byTag, value)
      return value
    },
    write(input, to) {
      if (input === null || input === undefined) throw new WriteFault('no value given')
      const value = input as Record<string, unknown>
      let current: Member | undefined
      try {
        for (current of absent) refuseUncarried(current, value[current.name])
        for (current of plainMembers) {
          const given = value[current.name]
          ;(current.codec as Codec).write(given === undefined ? current.initial() : given, to)
        }
      } catch (error) {
        if (error instanceof WriteFault && current) error.path.unshift(current.name)
        throw error
      }
      if (flexible) writeTags(to, tagged, value)
    },
  }
}

function member(name: string, field: Field, version: number, flexible: boolean): Member {
  const { options } = field
  const tag = options.tag && covers(options.tag, version) ? options.tag : undefined
  const present = covers(options, version)
  return {
    name,
    codec: present ? fieldCodec(field, version, flexible) : undefined,
    tag,
    ignorable: options.ignorable === true,
    initial: initialValue(field),
  }
}

/** Kafka's default of a field: its own, else zero of its type. */
function initialValue(field: Field): () => unknown {
  const { options } = field
  if (options.default !== undefined) return () => options.default
  switch (field.type) {
    case 'bool':
      return () => false
    case 'int64':
      return () => 0n
    case 'string':
      return () => ''
    case 'uuid':
      return () => zeroUuid
    case 'bytes':
      return () => emptyBytes
    case 'records':
      return () => null
    case 'array':
      return () => []
    case 'struct': {
      const initials = Object.entries(field.fields as Fields).map(([name, f]) => [name, initialValue(f)] as const)
      return () => {
        const value: Record<string, unknown> = {}
        for (const [name, initial] of initials) value[name] = initial()
        return value
      }
    }
    default:
      return () => 0
  }
}

const emptyBytes = new Uint8Array(0)

/** A version without the field may drop it only when that loses nothing, or the message says that it does not matter. */
function refuseUncarried(of: Member, value: unknown): void {
  if (value === undefined || of.ignorable || sameValue(value, of.initial())) return
  throw new WriteFault('this version cannot carry it')
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0
  if (Array.isArray(a)) return Array.isArray(b) && a.length === 0 && b.length === 0
  return Object.entries(a).every(([key, value]) => sameValue(value, (b as Record<string, unknown>)[key]))
}

function readTags(from: Reader, byTag: ReadonlyMap<number | undefined, Member>, value: Record<string, unknown>): void {
  const count = from.uvarint()
  // A tag takes two bytes at least.
  if (count * 2 > from.left) throw new ReadFault(from.position, `${count} tags declared, ${from.left} bytes left`)
  let unknown: UnknownTag[] | undefined
  for (let i = 0; i < count; i++) {
    const tag = from.uvarint()
    const size = from.uvarint()
    const at = from.declared(size)
    const known = byTag.get(tag)
    if (!known?.codec) {
      unknown ??= []
      unknown.push({ tag, data: from.bytes.subarray(at, at + size) })
      continue
    }
    const end = from.end
    from.position = at
    from.end = at + size
    try {
      value[known.name] = from instanceof TracingReader ? traced(known.name, known.codec, from) : known.codec.read(from)
      if (from.left > 0) throw new ReadFault(from.position, `${from.left} bytes of the tag are left over`)
    } catch (error) {
      if (error instanceof ReadFault) error.path.unshift(known.name)
      throw error
    }
    from.end = end
  }
  if (unknown) value.unknownTaggedFields = unknown
}

function writeTags(to: Writer, tagged: readonly Member[], value: Record<string, unknown>): void {
  const unknown = (value.unknownTaggedFields ?? []) as readonly UnknownTag[]
  if (tagged.length === 0 && unknown.length === 0) {
    to.uvarint(0)
    return
  }
  const written: { tag: number; content: Writer }[] = []
  for (const { name, codec, tag, initial } of tagged) {
    const given = value[name]
    if (given === undefined || !codec || !tag || sameValue(given, initial())) continue
    const content = new Writer(64)
    try {
      codec.write(given, content)
    } catch (error) {
      if (error instanceof WriteFault) error.path.unshift(name)
      throw error
    }
    written.push({ tag: tag.id, content })
  }
  for (const { tag, data } of unknown) {
    const content = new Writer(data.byteLength + 1)
    content.blob(data)
    written.push({ tag, content })
  }
  to.uvarint(written.length)
  for (const { tag, content } of written.sort((a, b) => a.tag - b.tag)) {
    to.uvarint(tag)
    to.uvarint(content.length)
    to.append(content)
  }
}

/** Reads one value and hangs its bytes below the present span. */
function traced(name: string, codec: Codec, from: TracingReader): unknown {
  const parent = from.span
  const span: Span = { name, start: from.position, end: from.position, children: [] }
  parent?.children.push(span)
  from.span = span
  const value = codec.read(from)
  span.end = from.position
  if (span.children.length === 0) span.value = value
  from.span = parent
  return value
}
