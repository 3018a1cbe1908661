import { hash } from 'node:crypto'

/** Bytes of an entry: 16 of the key's hash and 8 of the offset, as in Kafka's SkimpyOffsetMap. */
export const entryBytes = 24
const hashWords = 4
const firstSlots = 1024
const maxLoad = 0.75

/**
 * The newest offset of each key, in bounded memory: of a key only 128 bits of its SHA-256 are held, so that two keys are never taken
 * for one. Grows with the keys, up to `maxKeys`.
 */
export class OffsetMap {
  readonly #maxKeys: number
  #slots = firstSlots
  #hashes = new Uint32Array(firstSlots * hashWords)
  /** Offset + 1; 0 is a free slot. */
  #offsets = new Float64Array(firstSlots)
  #size = 0
  readonly #hash = new Uint32Array(hashWords)

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys
  }

  get size(): number {
    return this.#size
  }

  get isFull(): boolean {
    return this.#size >= this.#maxKeys
  }

  /** Bytes that the map takes. */
  get heldBytes(): number {
    return this.#slots * entryBytes
  }

  put(key: Uint8Array, offset: number): void {
    this.#hashOf(key)
    const slot = this.#slotOf(this.#hash)
    if (this.#offsets[slot] === 0) {
      this.#size++
      this.#hashes.set(this.#hash, slot * hashWords)
    }
    this.#offsets[slot] = offset + 1
    if (this.#size > this.#slots * maxLoad) this.#grow()
  }

  /** The newest offset of a key; -1 when the map has none. */
  get(key: Uint8Array): number {
    this.#hashOf(key)
    return (this.#offsets[this.#slotOf(this.#hash)] as number) - 1
  }

  /** The slot that has this hash, or the free one where it belongs. */
  #slotOf(wanted: Uint32Array): number {
    const hashes = this.#hashes
    let slot = (wanted[0] as number) % this.#slots
    while (this.#offsets[slot] !== 0) {
      const at = slot * hashWords
      if (
        hashes[at] === wanted[0] &&
        hashes[at + 1] === wanted[1] &&
        hashes[at + 2] === wanted[2] &&
        hashes[at + 3] === wanted[3]
      ) {
        break
      }
      slot = slot + 1 === this.#slots ? 0 : slot + 1
    }
    return slot
  }

  #grow(): void {
    const hashes = this.#hashes
    const offsets = this.#offsets
    this.#slots *= 2
    this.#hashes = new Uint32Array(this.#slots * hashWords)
    this.#offsets = new Float64Array(this.#slots)
    for (let old = 0; old < offsets.length; old++) {
      if (offsets[old] === 0) continue
      const entry = hashes.subarray(old * hashWords, (old + 1) * hashWords)
      const slot = this.#slotOf(entry)
      this.#hashes.set(entry, slot * hashWords)
      this.#offsets[slot] = offsets[old] as number
    }
  }

  #hashOf(key: Uint8Array): void {
    const digest = hash('sha256', key, 'buffer')
    for (let word = 0; word < hashWords; word++) this.#hash[word] = digest.readUInt32LE(word * 4)
  }
}
