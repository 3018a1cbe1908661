import type { Uuid } from '../base/uuid'

/** Blobs from this size on stay where they are; smaller ones are cheaper to copy than to send as a chunk of their own. */
const byReferenceBytes = 1024

/** A text up to this length is written by itself when it is ASCII: a call out of JavaScript costs more. */
const shortText = 64

/** Memory that writers take pieces of, with the view by which numbers are written; its first free byte is `free`. */
interface Slab {
  readonly buffer: Buffer
  readonly view: DataView
  free: number
}

const slabBytes = 16 * 1024

function newSlab(bytes: number): Slab {
  const buffer = Buffer.allocUnsafeSlow(bytes)
  return { buffer, view: new DataView(buffer.buffer), free: 0 }
}

/** Most messages are short: making a buffer for each would cost more than writing it. */
let shared = newSlab(slabBytes)

function slabFor(bytes: number): Slab {
  if (bytes > slabBytes / 4) return newSlab(bytes)
  if (bytes > slabBytes - shared.free) shared = newSlab(slabBytes)
  return shared
}

/** Writes Kafka's primitive types into a list of chunks: small things packed, large blobs by reference. */
export class Writer {
  #slab: Slab
  #start: number
  #position: number
  /** Where its piece of the slab ends. */
  #end: number
  readonly #chunks: Uint8Array[] = []
  #chunkBytes = 0

  constructor(sizeBytes = 256) {
    this.#slab = slabFor(sizeBytes)
    this.#start = this.#slab.free
    this.#position = this.#start
    this.#end = this.#start + sizeBytes
    this.#slab.free = this.#end
  }

  /** What was written so far. */
  get length(): number {
    return this.#chunkBytes + this.#position - this.#start
  }

  /** Everything written, in order. The writer must not be used after that. */
  chunks(): Uint8Array[] {
    this.#flush()
    // What it has not used the next one takes.
    if (this.#slab.free === this.#end) this.#slab.free = this.#position
    this.#end = this.#position
    return this.#chunks
  }

  bool(value: boolean): void {
    this.int8(value ? 1 : 0)
  }

  int8(value: number): void {
    if (value < -0x80 || value > 0x7f) throw tooLarge(value, 8)
    const at = this.#room(1)
    this.#slab.view.setInt8(at, value)
  }

  int16(value: number): void {
    if (value < -0x8000 || value > 0x7fff) throw tooLarge(value, 16)
    const at = this.#room(2)
    this.#slab.view.setInt16(at, value)
  }

  uint16(value: number): void {
    if (value < 0 || value > 0xffff) throw tooLarge(value, 16)
    const at = this.#room(2)
    this.#slab.view.setUint16(at, value)
  }

  int32(value: number): void {
    if (value < -0x8000_0000 || value > 0x7fff_ffff) throw tooLarge(value, 32)
    const at = this.#room(4)
    this.#slab.view.setInt32(at, value)
  }

  int64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) throw tooLarge(value, 64)
    const at = this.#room(8)
    this.#slab.view.setBigInt64(at, value)
  }

  float64(value: number): void {
    const at = this.#room(8)
    this.#slab.view.setFloat64(at, value)
  }

  uuid(value: Uuid): void {
    const at = this.#room(16)
    this.#slab.buffer.write(value, at, 16, 'base64url')
  }

  uvarint(value: number): void {
    let left = value
    while (left > 0x7f) {
      this.#byte((left & 0x7f) | 0x80)
      left = Math.floor(left / 128)
    }
    this.#byte(left)
  }

  /** UTF-8 of `text`, whose length in bytes the caller has counted. */
  text(text: string, byteLength: number): void {
    const at = this.#room(byteLength)
    const { buffer } = this.#slab
    // As many bytes as characters: all of them are ASCII.
    if (byteLength === text.length && byteLength <= shortText) {
      for (let i = 0; i < byteLength; i++) buffer[at + i] = text.charCodeAt(i)
    } else buffer.write(text, at, byteLength, 'utf8')
  }

  /** Bytes as they are. Large ones are not copied: they must not change until the chunks are sent. */
  blob(bytes: Uint8Array): void {
    if (bytes.byteLength < byReferenceBytes) {
      const at = this.#room(bytes.byteLength)
      this.#slab.buffer.set(bytes, at)
      return
    }
    this.#flush()
    this.#chunks.push(bytes)
    this.#chunkBytes += bytes.byteLength
  }

  /** Appends what another writer holds. */
  append(other: Writer): void {
    for (const chunk of other.chunks()) this.blob(chunk)
  }

  #byte(value: number): void {
    const at = this.#room(1)
    this.#slab.buffer[at] = value
  }

  #flush(): void {
    if (this.#position === this.#start) return
    this.#chunks.push(this.#slab.buffer.subarray(this.#start, this.#position))
    this.#chunkBytes += this.#position - this.#start
    this.#start = this.#position
  }

  /** Makes room for `count` bytes and returns where they go. It may replace the slab: call it first. */
  #room(count: number): number {
    const at = this.#position
    if (at + count > this.#end) {
      const used = at - this.#start
      const size = Math.max(256, 2 * (used + count))
      const larger = slabFor(size)
      const start = larger.free
      larger.free += size
      this.#slab.buffer.copy(larger.buffer, start, this.#start, at)
      this.#slab = larger
      this.#start = start
      this.#end = start + size
      this.#position = start + used + count
      return start + used
    }
    this.#position = at + count
    return at
  }
}

function tooLarge(value: number | bigint, bits: number): RangeError {
  return new RangeError(`${value} does not fit in ${bits} bits`)
}
