import type { Uuid } from '../base/uuid'
import { repeatedText } from './repeated-text'

/** Why bytes cannot be read, and where; the codec adds the path. */
export class ReadFault extends Error {
  readonly offset: number
  readonly reason: string
  readonly path: string[] = []

  constructor(offset: number, reason: string) {
    super(reason)
    this.offset = offset
    this.reason = reason
  }
}

/** Where two halves become a 64-bit integer: as `readBigInt64BE` of a buffer, in a third of the time. */
const halves = new DataView(new ArrayBuffer(8))

/** Reads Kafka's primitive types from a frame. Every read is checked against the bytes left; a fault is a ReadFault. */
export class Reader {
  readonly bytes: Buffer
  position: number
  end: number

  constructor(bytes: Uint8Array, position = 0, end = bytes.byteLength) {
    this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.position = position
    this.end = end
  }

  get left(): number {
    return this.end - this.position
  }

  /** Moves on by `count` bytes and returns where they begin. */
  take(count: number): number {
    const at = this.position
    if (count > this.end - at) throw new ReadFault(at, `${count} bytes needed, ${this.end - at} left`)
    this.position = at + count
    return at
  }

  bool(): boolean {
    return this.bytes[this.take(1)] !== 0
  }

  int8(): number {
    return this.bytes.readInt8(this.take(1))
  }

  int16(): number {
    return this.bytes.readInt16BE(this.take(2))
  }

  uint16(): number {
    return this.bytes.readUInt16BE(this.take(2))
  }

  int32(): number {
    return this.bytes.readInt32BE(this.take(4))
  }

  int64(): bigint {
    const at = this.take(8)
    halves.setInt32(0, this.bytes.readInt32BE(at))
    halves.setInt32(4, this.bytes.readInt32BE(at + 4))
    return halves.getBigInt64(0)
  }

  float64(): number {
    return this.bytes.readDoubleBE(this.take(8))
  }

  uuid(): Uuid {
    const at = this.take(16)
    return this.bytes.toString('base64url', at, at + 16)
  }

  /** An unsigned varint of at most 32 bits; most have one byte. */
  uvarint(): number {
    const byte = this.position < this.end ? this.bytes[this.position] : undefined
    if (byte === undefined || byte >= 0x80) return this.#longUvarint()
    this.position++
    return byte
  }

  #longUvarint(): number {
    const start = this.position
    let value = 0
    let unit = 1
    for (let count = 1; count <= 5; count++) {
      if (this.position >= this.end) throw new ReadFault(start, 'varint is cut off')
      const byte = this.bytes[this.position++] ?? 0
      // The fifth byte may only carry the upper four of 32 bits.
      if (count === 5 && byte > 0x0f) break
      value += (byte & 0x7f) * unit
      if (byte < 0x80) return value
      unit *= 128
    }
    throw new ReadFault(start, 'varint is longer than 32 bits')
  }

  /** `length` bytes as a view into the frame. */
  view(length: number): Uint8Array {
    const at = this.declared(length)
    return this.bytes.subarray(at, at + length)
  }

  /** `length` bytes of UTF-8. Bytes that are none become U+FFFD, as in Java: clients in other encodings are served all the same. */
  text(length: number): string {
    const at = this.declared(length)
    return repeatedText(this.bytes, at, at + length) ?? this.bytes.toString('utf8', at, at + length)
  }

  /** As `take`, for a length that the sender declared. */
  declared(length: number): number {
    if (length > this.left) throw new ReadFault(this.position, `${length} bytes declared, ${this.left} left`)
    return this.take(length)
  }
}
