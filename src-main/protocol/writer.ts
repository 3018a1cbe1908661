import type { Uuid } from '../base/uuid'

/** Blobs from this size on stay where they are; smaller ones are cheaper to copy than to send as a chunk of their own. */
const byReferenceBytes = 1024

/** A text up to this length is written by itself when it is ASCII: a call out of JavaScript costs more. */
const shortText = 64

/** Where a 64-bit integer becomes two halves: as `writeBigInt64BE` of a buffer, in a third of the time. */
const halves = new DataView(new ArrayBuffer(8))

/** Writes Kafka's primitive types into a list of chunks: small things packed, large blobs by reference. */
export class Writer {
  #buffer: Buffer
  #start = 0
  #position = 0
  readonly #chunks: Uint8Array[] = []
  #chunkBytes = 0

  constructor(sizeBytes = 256) {
    this.#buffer = Buffer.allocUnsafe(sizeBytes)
  }

  /** What was written so far. */
  get length(): number {
    return this.#chunkBytes + this.#position - this.#start
  }

  /** Everything written, in order. The writer must not be used after that. */
  chunks(): Uint8Array[] {
    this.#flush()
    return this.#chunks
  }

  bool(value: boolean): void {
    this.int8(value ? 1 : 0)
  }

  int8(value: number): void {
    const at = this.#room(1)
    this.#buffer.writeInt8(value, at)
  }

  int16(value: number): void {
    const at = this.#room(2)
    this.#buffer.writeInt16BE(value, at)
  }

  uint16(value: number): void {
    const at = this.#room(2)
    this.#buffer.writeUInt16BE(value, at)
  }

  int32(value: number): void {
    const at = this.#room(4)
    this.#buffer.writeInt32BE(value, at)
  }

  uint32(value: number): void {
    const at = this.#room(4)
    this.#buffer.writeUInt32BE(value, at)
  }

  int64(value: bigint): void {
    const at = this.#room(8)
    if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} has more than 64 bits`)
    halves.setBigInt64(0, value)
    this.#buffer.writeInt32BE(halves.getInt32(0), at)
    this.#buffer.writeInt32BE(halves.getInt32(4), at + 4)
  }

  float64(value: number): void {
    const at = this.#room(8)
    this.#buffer.writeDoubleBE(value, at)
  }

  uuid(value: Uuid): void {
    const at = this.#room(16)
    this.#buffer.write(value, at, 16, 'base64url')
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
    // As many bytes as characters: all of them are ASCII.
    if (byteLength === text.length && byteLength <= shortText) {
      for (let i = 0; i < byteLength; i++) this.#buffer[at + i] = text.charCodeAt(i)
    } else this.#buffer.write(text, at, byteLength, 'utf8')
  }

  /** Bytes as they are. Large ones are not copied: they must not change until the chunks are sent. */
  blob(bytes: Uint8Array): void {
    if (bytes.byteLength < byReferenceBytes) {
      const at = this.#room(bytes.byteLength)
      this.#buffer.set(bytes, at)
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
    this.#buffer[at] = value
  }

  #flush(): void {
    if (this.#position === this.#start) return
    this.#chunks.push(this.#buffer.subarray(this.#start, this.#position))
    this.#chunkBytes += this.#position - this.#start
    this.#start = this.#position
  }

  /** Makes room for `count` bytes and returns where they go. It may replace the buffer: call it first. */
  #room(count: number): number {
    const at = this.#position
    if (at + count > this.#buffer.length) {
      const used = at - this.#start
      const larger = Buffer.allocUnsafe(Math.max(256, 2 * (used + count)))
      this.#buffer.copy(larger, 0, this.#start, at)
      this.#buffer = larger
      this.#start = 0
      this.#position = used + count
      return used
    }
    this.#position = at + count
    return at
  }
}
