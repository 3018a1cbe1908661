import { invalid } from './failures'

/** A place in a buffer that moves on while varints are read. */
export class Cursor {
  readonly bytes: Buffer
  at: number
  readonly end: number

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  byte(): number {
    if (this.at >= this.end) throw invalid('Record is cut off')
    return this.bytes[this.at++] as number
  }

  /** A zigzag varint of 32 bits (ByteUtils.readVarint). */
  varint(): number {
    let byte = this.byte()
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
    let value = byte & 0x7f
    for (let shift = 7; shift < 35; shift += 7) {
      byte = this.byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
    throw invalid('Varint is too long, the most significant bit in the 5th byte is set')
  }

  /** A zigzag varint of 64 bits, as a number: exact up to 2^53. */
  varlong(): number {
    const start = this.at
    let value = 0
    let scale = 1
    for (let i = 0; i < 7; i++) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
      scale *= 128
    }
    this.at = start
    return Number(this.#longVarlong())
  }

  #longVarlong(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n))
    }
    throw invalid('Varlong is too long, most significant bit in the 10th byte is set')
  }

  /** Moves over `count` bytes and returns where they begin. */
  skip(count: number): number {
    const at = this.at
    if (count < 0 || count > this.end - at) throw invalid(`Record declares ${count} bytes, ${this.end - at} left`)
    this.at = at + count
    return at
  }
}

/** Bytes that the zigzag varint of `value` takes. */
export function varintBytes(value: number): number {
  let left = value >= 0 ? value * 2 : -value * 2 - 1
  let bytes = 1
  while (left > 0x7f) {
    left = Math.floor(left / 128)
    bytes++
  }
  return bytes
}

/** Writes a zigzag varint and returns where it ends. Works for safe integers. */
export function writeVarint(to: Buffer, at: number, value: number): number {
  let left = value >= 0 ? value * 2 : -value * 2 - 1
  let position = at
  while (left > 0x7f) {
    to[position++] = (left % 128) | 0x80
    left = Math.floor(left / 128)
  }
  to[position++] = left
  return position
}
