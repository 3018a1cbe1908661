import type { Cell, Decoder } from '../../contract/messages'
import { readOffsetsTopicKey, readOffsetsTopicValue } from '../../protocol/embedded/offsets-topic'
import type { RecordHeader } from '../../records/record'
import { decode as auto, cellOf, hexCell, utf8Of, withoutMark } from './auto'
import { binaryJson } from './binary-json'
import { exactJson } from './exact-json'
import { type SchemaSource, withoutRegistryId } from './framing'

/** What a decoder may need of the record besides the bytes. */
interface Beside {
  readonly part: 'key' | 'value'
  readonly key: Uint8Array | null
  readonly headers?: readonly RecordHeader[]
}

/** Where the schemas are that values of a topic name. */
export interface NamedSchemas {
  readonly topic: string
  readonly schemas: SchemaSource
}

/** Bytes as people read them; at most `maxCharacters` of the text. */
export type Decode = (bytes: Uint8Array | null, maxCharacters: number, beside: Beside) => Cell

type Shown = { readonly kind: Exclude<Cell['kind'], 'null' | 'binary'>; readonly text: string }
/** @throws Error that says why the bytes are no such value */
type Read = (bytes: Uint8Array, beside: Beside) => Shown

export const automatic: Decoder = { format: 'auto', schema: null, type: null }

/**
 * The way to read keys or values that somebody chose for a topic. Bytes that it cannot read are shown as `auto` would show them, with the
 * reason. Avro and Protobuf are loaded when they are first used.
 *
 * @throws Error when the schema cannot be read
 */
export async function decoderFor(choice: Decoder, named?: NamedSchemas): Promise<Decode> {
  const { format } = choice
  if (format === 'auto') return named ? await automaticOf(named) : auto
  if (format === 'hex') return (bytes, max) => (bytes === null ? { kind: 'null' } : hexCell(bytes, max))
  const read = await readerFor(choice)
  return (bytes, max, beside) => {
    if (bytes === null) return { kind: 'null' }
    try {
      const { kind, text } = read(bytes, beside)
      return cellOf(kind, text, bytes, max)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return { ...auto(bytes, max), problem: `This is not ${names[format]}: ${why}.` } as Cell
    }
  }
}

/** By the schema that the bytes name, else by looking at them. */
async function automaticOf({ topic, schemas }: NamedSchemas): Promise<Decode> {
  // Loaded with the first page: most brokers have no schemas.
  const { readRegistered, registeredCell } = await import('./registry')
  return (bytes, max, { part, headers = [] }) => {
    if (bytes === null) return { kind: 'null' }
    return registeredCell(
      readRegistered(bytes, { topic, part, headers }, schemas),
      () => auto(bytes, max),
      (kind, text) => cellOf(kind, text, bytes, max),
    )
  }
}

const names: Readonly<Record<Decoder['format'], string>> = {
  auto: 'known',
  json: 'JSON',
  text: 'text',
  integer: 'an integer',
  uuid: 'a UUID',
  hex: 'bytes',
  base64: 'base64',
  msgpack: 'MessagePack',
  cbor: 'CBOR',
  avro: 'Avro of the chosen schema',
  protobuf: 'Protobuf of the chosen schema',
  offsets: 'a record of __consumer_offsets',
}

async function readerFor({ format, schema, type }: Decoder): Promise<Read> {
  switch (format) {
    case 'json': {
      return (bytes) => {
        const text = withoutMark(utf8(withoutRegistryId(bytes) ?? bytes))
        JSON.parse(text)
        return { kind: 'json', text }
      }
    }
    case 'integer':
      return (bytes) => ({ kind: 'integer', text: integer(bytes) })
    case 'uuid':
      return (bytes) => ({ kind: 'uuid', text: uuidText(bytes) })
    case 'base64':
      return (bytes) => ({ kind: 'base64', text: Buffer.from(bytes).toString('base64') })
    case 'msgpack':
    case 'cbor':
      return (bytes) => ({ kind: format, text: exactJson(binaryJson[format](bytes)) })
    case 'avro': {
      if (schema === null) throw new Error('Avro needs its schema: choose an .avsc file.')
      const { avroReader } = await import('./avro')
      const read = avroReader(schema)
      return (bytes) => ({ kind: 'avro', text: exactJson(read(bytes)) })
    }
    case 'protobuf': {
      const { protobufReader, rawProtobuf } = await import('./protobuf')
      const read = schema === null ? rawProtobuf : protobufReader(schema, type)
      return (bytes) => ({ kind: 'protobuf', text: exactJson(read(bytes)) })
    }
    case 'offsets':
      return (bytes, beside) => ({ kind: 'offsets', text: exactJson(offsetsRecord(bytes, beside)) })
    default:
      return (bytes) => ({ kind: 'text', text: utf8(bytes) })
  }
}

function utf8(bytes: Uint8Array): string {
  const text = utf8Of(bytes)
  if (text === undefined) throw new Error('the bytes are not UTF-8')
  return text
}

/** As Java's Short-, Integer- and LongSerializer write them: big-endian, signed. */
function integer(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (buffer.length) {
    case 1:
      return String(buffer.readInt8())
    case 2:
      return String(buffer.readInt16BE())
    case 4:
      return String(buffer.readInt32BE())
    case 8:
      return String(buffer.readBigInt64BE())
    default:
      throw new Error(`it has ${buffer.length} bytes, not 1, 2, 4 or 8`)
  }
}

function uuidText(bytes: Uint8Array): string {
  if (bytes.length === 36) return utf8(bytes)
  if (bytes.length !== 16) throw new Error(`it has ${bytes.length} bytes, not 16 or 36`)
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function offsetsRecord(bytes: Uint8Array, { part, key }: Beside): object {
  if (part === 'key') return readOffsetsTopicKey(bytes).fields
  if (key === null) throw new Error('it has no key')
  return readOffsetsTopicValue(readOffsetsTopicKey(key).kind, bytes)
}
