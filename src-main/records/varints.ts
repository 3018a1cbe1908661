import { type Int64, int64 } from '../base/int64'
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

  /** A zigzag varint of 64 bits. */
  varlong(): Int64 {
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
    return int64(this.#longVarlong())
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
export function varintBytes(value: Int64): number {
  if (typeof value === 'bigint') {
    let count = 1
    for (let left = zigzag(value) >> 7n; left > 0n; left >>= 7n) count++
    return count
  }
  let left = value >= 0 ? value * 2 : -value * 2 - 1
  let bytes = 1
  while (left > 0x7f) {
    left = Math.floor(left / 128)
    bytes++
  }
  return bytes
}

/** Writes a zigzag varint and returns where it ends. */
export function writeVarint(to: Buffer, at: number, value: Int64): number {
  let position = at
  if (typeof value === 'bigint') {
    let rest = zigzag(value)
    for (; rest > 0x7fn; rest >>= 7n) to[position++] = Number(rest & 0x7fn) | 0x80
    to[position++] = Number(rest)
    return position
  }
  let left = value >= 0 ? value * 2 : -value * 2 - 1
  while (left > 0x7f) {
    to[position++] = (left % 128) | 0x80
    left = Math.floor(left / 128)
  }
  to[position++] = left
  return position
}

function zigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
}
