import { SchemaError } from '../schema'

/** The fields of a message by their numbers, in the order of the bytes: numbers of varints, bytes of what has a length. */
export type WireFields = ReadonlyMap<number, readonly (number | Uint8Array)[]>

const varint = 0
const fixed64 = 1
const lengthDelimited = 2
const groupStart = 3
const groupEnd = 4
const fixed32 = 5
/** Bytes of the longest varint: 64 bits. */
const maxVarintBytes = 10

/** Writes the fields of a message in Protobuf's wire format. Numbers are int32, negative ones in ten bytes as in every implementation. */
export class WireWriter {
  readonly #chunks: Uint8Array[] = []

  number(field: number, value: number): this {
    this.#chunks.push(varintOf((field << 3) | varint), varintOf(value))
    return this
  }

  bool(field: number, value: boolean): this {
    return this.number(field, value ? 1 : 0)
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'))
  }

  bytes(field: number, value: Uint8Array): this {
    this.#chunks.push(varintOf((field << 3) | lengthDelimited), varintOf(value.length), value)
    return this
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#chunks)
  }
}

function varintOf(value: number): Uint8Array {
  const bytes: number[] = []
  let left = BigInt.asUintN(64, BigInt(value))
  while (left > 127n) {
    bytes.push(Number(left & 127n) | 128)
    left >>= 7n
  }
  bytes.push(Number(left))
  return Uint8Array.from(bytes)
}

/** Reads the fields of a message; fixed numbers and groups are skipped. @throws SchemaError */
export function readFields(bytes: Uint8Array): WireFields {
  const reader = new WireReader(bytes)
  const fields = new Map<number, (number | Uint8Array)[]>()
  while (!reader.isAtEnd) {
    const tag = reader.number()
    const field = tag >>> 3
    if (field === 0) throw new SchemaError('The descriptor has a field with the number 0')
    const value = reader.value(tag & 7, field)
    if (value === undefined) continue
    const list = fields.get(field)
    if (list) list.push(value)
    else fields.set(field, [value])
  }
  return fields
}

/** Varints that follow one another: a packed field. @throws SchemaError */
export function readPacked(bytes: Uint8Array): number[] {
  const reader = new WireReader(bytes)
  const numbers: number[] = []
  while (!reader.isAtEnd) numbers.push(reader.number())
  return numbers
}

class WireReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** A varint as a signed number of 64 bits. */
  number(): number {
    let value = 0n
    for (let i = 0; i < maxVarintBytes; i++) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new SchemaError('The descriptor ends in the middle of a number')
      value |= BigInt(byte & 127) << BigInt(7 * i)
      if (byte < 128) return Number(BigInt.asIntN(64, value))
    }
    throw new SchemaError('A number of the descriptor has more than 64 bits')
  }

  /** undefined: it was skipped. */
  value(wireType: number, field: number): number | Uint8Array | undefined {
    switch (wireType) {
      case varint:
        return this.number()
      case lengthDelimited:
        return this.#take(this.number())
      case fixed64:
        this.#take(8)
        return undefined
      case fixed32:
        this.#take(4)
        return undefined
      case groupStart:
        this.#skipGroup(field)
        return undefined
      default:
        throw new SchemaError(`The descriptor has a field of the unknown wire type ${wireType}`)
    }
  }

  /** Groups may lie in one another: the open ones are counted, so that no depth exhausts the stack. */
  #skipGroup(field: number): void {
    const open = [field]
    while (open.length > 0) {
      const tag = this.number()
      const inner = tag >>> 3
      if ((tag & 7) === groupStart) open.push(inner)
      else if ((tag & 7) !== groupEnd) this.value(tag & 7, inner)
      else if (open.pop() !== inner) throw new SchemaError('A group of the descriptor ends before the one inside it')
    }
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length
    if (length < 0 || end > this.#bytes.length) throw new SchemaError('The descriptor ends in the middle of a field')
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }
}
