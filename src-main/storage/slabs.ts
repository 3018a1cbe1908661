const slabBytes = 256 * 1024
/** A copy of something larger is a buffer of its own. */
const largestShared = 16 * 1024

/** One piece of memory with many copies in it. It is held as long as one of them is, and no part of it is written twice: readers keep copies. */
export class Slab {
  readonly bytes = new Uint8Array(new ArrayBuffer(slabBytes))
  used = 0
  /** Copies that are held. */
  held = 0
}

/** A copy, and the slab that it lies in; without one it is a buffer of its own. */
export interface Copy {
  readonly bytes: Uint8Array
  readonly slab: Slab | undefined
}

/**
 * Copies of small byte arrays, side by side: a buffer for each would cost several times its bytes. `heldBytes` counts whole slabs, so that what
 * little is left of one counts as what it takes.
 */
export class Slabs {
  #current = new Slab()
  #heldBytes = 0

  get heldBytes(): number {
    return this.#heldBytes
  }

  copy(given: Uint8Array): Copy {
    const { byteLength } = given
    if (byteLength > largestShared) {
      // A view of the half of a buffer may keep it; a smaller one would keep much more than it is.
      const bytes = byteLength * 2 < given.buffer.byteLength ? new Uint8Array(given) : given
      this.#heldBytes += bytes.buffer.byteLength
      return { bytes, slab: undefined }
    }
    if (this.#current.used + byteLength > slabBytes) this.#current = new Slab()
    const slab = this.#current
    if (slab.held === 0) this.#heldBytes += slabBytes
    const bytes = slab.bytes.subarray(slab.used, slab.used + byteLength)
    bytes.set(given)
    slab.used += byteLength
    slab.held++
    return { bytes, slab }
  }

  /** The copy is not held any more. */
  release({ bytes, slab }: Copy): void {
    if (!slab) this.#heldBytes -= bytes.buffer.byteLength
    else if (--slab.held === 0) this.#heldBytes -= slabBytes
  }
}
