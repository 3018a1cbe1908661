import { type Schema, Type, types } from 'avsc'
import { ExactNumber } from './exact-json'
import { withoutRegistryId } from './framing'
import { isoDate, isoInstant, isoTime } from './instants'

type Read = (value: bigint) => unknown

/** Longs as bigint, for an Avro long has 64 bits; or as what their logical type means. */
function longType(read: Read): Type {
  return types.LongType.__with({
    fromBuffer: (buffer: Buffer) => read(buffer.readBigInt64LE()),
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
}

const exactLong = longType((value) => value)

/** A value beyond the calendar stays the number that it is. */
const instant = (unitsPerMs: bigint, suffix: 'Z' | '') =>
  longType((value) => isoInstant(value, unitsPerMs, suffix) ?? value)

/** Logical types of long (Avro 1.12). */
const longTypes: Readonly<Record<string, Type>> = {
  'timestamp-millis': instant(1n, 'Z'),
  'timestamp-micros': instant(1000n, 'Z'),
  'timestamp-nanos': instant(1_000_000n, 'Z'),
  'local-timestamp-millis': instant(1n, ''),
  'local-timestamp-micros': instant(1000n, ''),
  'local-timestamp-nanos': instant(1_000_000n, ''),
  'time-micros': longType((value) => isoTime(value, 1000n) ?? value),
}

/** A logical type that is only read. */
abstract class ReadOnly extends types.LogicalType {
  protected override _toValue(): undefined {
    return undefined
  }
}

/** `decimal`: bytes or fixed, two's complement, big-endian, with a scale. */
class DecimalType extends ReadOnly {
  readonly #scale: number

  constructor(schema: Schema, options?: ConstructorParameters<typeof types.LogicalType>[1]) {
    super(schema, options)
    this.#scale = Number((schema as { readonly scale?: unknown }).scale ?? 0)
    if (!Number.isInteger(this.#scale) || this.#scale < 0) throw new Error('the scale of a decimal is no whole number')
  }

  protected override _fromValue(value: Buffer): ExactNumber {
    const digits = value.length === 0 ? 0n : BigInt.asIntN(value.length * 8, BigInt(`0x${value.toString('hex')}`))
    const text = String(digits < 0n ? -digits : digits).padStart(this.#scale + 1, '0')
    const whole = text.slice(0, text.length - this.#scale)
    const fraction = this.#scale > 0 ? `.${text.slice(-this.#scale)}` : ''
    return new ExactNumber(`${digits < 0n ? '-' : ''}${whole}${fraction}`)
  }
}

class DateType extends ReadOnly {
  protected override _fromValue(days: number): unknown {
    return isoDate(days) ?? days
  }
}

class TimeType extends ReadOnly {
  protected override _fromValue(ms: number): unknown {
    return isoTime(BigInt(ms), 1n) ?? ms
  }
}

class UuidType extends ReadOnly {
  protected override _fromValue(value: string | Buffer): string {
    if (typeof value === 'string') return value
    return value.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }
}

/** `duration`: months, days and milliseconds, each an unsigned little-endian int. */
class DurationType extends ReadOnly {
  protected override _fromValue(value: Buffer): unknown {
    if (value.length !== 12) return value
    return { months: value.readUInt32LE(0), days: value.readUInt32LE(4), millis: value.readUInt32LE(8) }
  }
}

const logicalTypes = {
  decimal: DecimalType,
  date: DateType,
  'time-millis': TimeType,
  uuid: UuidType,
  duration: DurationType,
}

/** Longs in each form that a schema may have them, also within unions, arrays and maps. */
function typeHook(schema: Schema): Type | undefined {
  if (schema === 'long') return exactLong
  const { type, logicalType } = schema as { readonly type?: unknown; readonly logicalType?: string }
  return type === 'long' ? (longTypes[logicalType ?? ''] ?? exactLong) : undefined
}

/** Reads values of one Avro schema (`.avsc`, JSON). @throws Error when the schema cannot be read */
export function avroReader(schema: string): (bytes: Uint8Array) => unknown {
  const type = typeOf(JSON.parse(schema))
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

function typeOf(schema: unknown): Type {
  try {
    return Type.forSchema(withoutDefaults(schema) as Schema, { wrapUnions: 'auto', logicalTypes, typeHook })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const unknown = /^undefined type name: (.*)$/.exec(message)?.[1]
    if (unknown === undefined) throw error
    throw new Error(`the schema uses the type ${unknown}, which is not in it: put all types into one schema`)
  }
}

/** Reading needs no defaults, and Java accepts some that avsc rejects (a union's default of another branch than the first). */
function withoutDefaults(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDefaults)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) =>
      key === 'default' ? [] : [[key, key === 'symbols' || key === 'aliases' ? value : withoutDefaults(value)]],
    ),
  )
}
