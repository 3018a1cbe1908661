import type { Cell, CellSchema } from '../../contract/messages'
import type { LogRecord, RecordHeader } from '../../records/record'
import { isAvro } from '../../registry/avro/avro'
import { readAvroValue } from '../../registry/avro/read-value'
import type { ParsedSchema } from '../../registry/kind'
import { isProtobuf } from '../../registry/protobuf/protobuf'
import { isJson, textOf } from './auto'
import { registeredProtobuf } from './registered-protobuf'

/** What follows the five bytes that a schema registry's serializers put before a value (zero, and the schema's id), if they are there. */
export function withoutRegistryId(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.byteLength >= 5 && bytes[0] === 0 ? bytes.subarray(5) : undefined
}

/** The id of the schema in the registry, or `null`. */
export function registryId(bytes: Uint8Array | null): number | null {
  if (!bytes || !withoutRegistryId(bytes)) return null
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(1)
}

/** Who has the schemas that values name. Answers at once: records are decoded one after the other. */
export interface SchemaSource {
  /** Where they are, as sentences name it: `this registry`. */
  readonly where: string
  /** Fetches what is not known yet and comes from elsewhere. Absent where everything is here. It never fails: `byId` says why. */
  readonly prepare?: ((names: readonly SchemaName[]) => Promise<void>) | undefined
  /** `subject` is where the schema is expected: `orders-value`. @throws Error when the schema cannot be read */
  byId(id: number, subject: string): FoundSchema | undefined
  byGuid(guid: string): FoundSchema | undefined
}

/** The schema of a value: its id or GUID, and the subject where it is expected. */
export type SchemaName = ({ readonly id: number } | { readonly guid: string }) & { readonly subject: string }

export interface FoundSchema {
  readonly id: number
  readonly subject: string
  readonly version: number
  readonly parsed: ParsedSchema
}

/** Which schema a value names, and what follows. */
interface Framed {
  readonly name: { readonly id: number } | { readonly guid: string }
  /** Behind the name: of Protobuf the indexes of the message, then the value. */
  readonly rest: Uint8Array
  /** The message's indexes, where they stand in the header. */
  readonly indexes: Uint8Array | null
  /** Only a header says so for certain: five bytes may be the value's own. */
  readonly isCertain: boolean
}

const guidBytes = 16

/** The name of a value's schema: in a header (`__value_schema_id`), or in front of the value; undefined when there is none. */
export function framing(
  bytes: Uint8Array,
  part: 'key' | 'value',
  headers: readonly RecordHeader[],
): Framed | undefined {
  const header = headers.find(({ key }) => key === `__${part}_schema_id`)?.value
  if (header && header.length >= 5) {
    const name = nameIn(header)
    if (name) {
      const size = 'guid' in name ? 1 + guidBytes : 5
      return { name, rest: bytes, indexes: header.length > size ? header.subarray(size) : null, isCertain: true }
    }
  }
  const name = nameIn(bytes)
  if (!name) return undefined
  return { name, rest: bytes.subarray('guid' in name ? 1 + guidBytes : 5), indexes: null, isCertain: false }
}

function nameIn(bytes: Uint8Array): Framed['name'] | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.length >= 5 && buffer[0] === 0) {
    const id = buffer.readUInt32BE(1)
    return id === 0 ? undefined : { id }
  }
  if (buffer.length < 1 + guidBytes || buffer[0] !== 1) return undefined
  const hex = buffer.toString('hex', 1, 1 + guidBytes)
  return { guid: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') }
}

/** The schemas that the keys or values of records name. */
export function schemaNames(
  records: readonly LogRecord[],
  topic: string,
  parts: readonly ('key' | 'value')[],
): SchemaName[] {
  return records.flatMap((record) =>
    parts.flatMap((part): SchemaName[] => {
      const bytes = record[part]
      const framed = bytes && framing(bytes, part, record.headers)
      return framed ? [{ ...framed.name, subject: `${topic}-${part}` }] : []
    }),
  )
}

/** A value that names its schema: what it says, or why that cannot be read. */
export type Registered =
  | { readonly kind: 'avro' | 'protobuf' | 'json'; readonly text: string; readonly schema: CellSchema }
  | { readonly problem: string }

/**
 * Reads a value that names its schema in a registry; undefined when it names none. What only looks as if it did (`isCertain` false, and the
 * registry has no such id) is a problem only where nothing else can be made of it: the caller decides.
 */
export function readRegistered(
  bytes: Uint8Array,
  place: { readonly topic: string; readonly part: 'key' | 'value'; readonly headers: readonly RecordHeader[] },
  schemas: SchemaSource,
): (Registered & { readonly isCertain: boolean }) | undefined {
  const framed = framing(bytes, place.part, place.headers)
  if (!framed) return undefined
  const { name, isCertain } = framed
  let found: FoundSchema | undefined
  try {
    found = 'id' in name ? schemas.byId(name.id, `${place.topic}-${place.part}`) : schemas.byGuid(name.guid)
  } catch (error) {
    const what = isCertain ? 'Its schema cannot be read' : 'If it names a schema, that cannot be read'
    return 'guid' in name && !isCertain ? undefined : { problem: `${what}: ${messageOf(error)}.`, isCertain }
  }
  if (!found) {
    const what = 'id' in name ? `id ${name.id}` : `GUID ${name.guid}`
    const problem = isCertain
      ? `Its schema has the ${what}, which is not in ${schemas.where}.`
      : `If it names a schema, that has the ${what}, which is not in ${schemas.where}.`
    return 'guid' in name && !isCertain ? undefined : { problem, isCertain }
  }
  const { id, subject, version, parsed } = found
  const kinds = { AVRO: 'avro', PROTOBUF: 'protobuf', JSON: 'json' } as const
  try {
    const text = valueText(parsed, framed)
    return { kind: kinds[parsed.type], text, schema: { id, subject, version }, isCertain: true }
  } catch (error) {
    return {
      problem: `It names schema ${id} (${subject} version ${version}), and is not of it: ${messageOf(error)}.`,
      isCertain: true,
    }
  }
}

function valueText(parsed: ParsedSchema, { rest, indexes }: Framed): string {
  if (isAvro(parsed)) return readAvroValue(parsed.schema, rest)
  if (isProtobuf(parsed)) return registeredProtobuf(parsed, rest, indexes)
  const text = textOf(rest)
  if (text === undefined || !isJson(text)) throw new Error('it is no JSON')
  return text
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The cell of a value that names its schema. `otherwise` is what the bytes look like by themselves. */
export function registeredCell(
  given: (Registered & { readonly isCertain: boolean }) | undefined,
  otherwise: () => Cell,
  cell: (kind: 'avro' | 'protobuf' | 'json', text: string) => Cell,
): Cell {
  if (!given) return otherwise()
  if ('text' in given) {
    const made = cell(given.kind, given.text)
    return made.kind === 'null' ? made : { ...made, schema: given.schema }
  }
  const plain = otherwise()
  const isOwn = plain.kind === 'null' || (plain.kind !== 'binary' && !given.isCertain)
  return isOwn ? plain : { ...plain, problem: given.problem }
}
