import type { LogRecord, RecordHeader } from '../../records/record'
import type { ParsedSchema } from '../../registry/kind'

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
export interface Framed {
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
