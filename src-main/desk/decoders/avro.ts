import { type Schema, Type, types } from 'avsc'
import { withoutRegistryId } from './registry'

/** Longs as bigint: an Avro long has 64 bits. */
const exactLong = types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8)
    buffer.writeBigInt64LE(value)
    return buffer
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
})

/** Reads values of one Avro schema (`.avsc`, JSON). @throws Error when the schema is none */
export function avroReader(schema: string): (bytes: Uint8Array) => unknown {
  const type = Type.forSchema(JSON.parse(schema) as Schema, { registry: { long: exactLong }, wrapUnions: 'auto' })
  const read = (bytes: Uint8Array): unknown =>
    type.fromBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return (bytes) => {
    const registered = withoutRegistryId(bytes)
    if (!registered) return read(bytes)
    try {
      return read(registered)
    } catch {
      // The zero byte was the value's own.
      return read(bytes)
    }
  }
}
