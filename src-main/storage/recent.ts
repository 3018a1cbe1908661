import { type Copy, Slabs } from './slabs'

/** Some batches of a log, in order. `lastOffset` is that of the last one, -1 when there is none. */
export interface BatchRange {
  readonly batches: readonly Uint8Array[]
  readonly lastOffset: number
}

interface Recent {
  readonly log: number
  readonly baseOffset: number
  readonly lastOffset: number
  /** Undefined when the batch is forgotten before its turn to be dropped comes. */
  copy: Copy | undefined
}

/** The held batches of one log: a queue whose front moves on without moving the rest. */
interface Tail {
  batches: Recent[]
  front: number
}

/** Cost of a held batch beside its bytes, so that many small batches are bounded too: its entry, its view, its place in two lists. */
const overheadBytes = 240

/**
 * The newest batches of all logs together, bounded in bytes, so that consumers at the tail never touch the file. The oldest of
 * all goes first.
 */
export class RecentBatches {
  readonly #limitBytes: number
  readonly #tails = new Map<number, Tail>()
  /** All batches in the order of appending, forgotten ones included. */
  #order: Recent[] = []
  #orderFront = 0
  #forgotten = 0
  #held = 0
  readonly #slabs = new Slabs()

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get heldBytes(): number {
    return this.#slabs.heldBytes + this.#held * overheadBytes
  }

  add(log: number, baseOffset: number, lastOffset: number, given: Uint8Array): void {
    const batch: Recent = { log, baseOffset, lastOffset, copy: this.#slabs.copy(given) }
    const tail = this.#tails.get(log)
    if (tail) tail.batches.push(batch)
    else this.#tails.set(log, { batches: [batch], front: 0 })
    this.#order.push(batch)
    this.#held++
    while (this.heldBytes > this.#limitBytes && this.#orderFront < this.#order.length) this.#dropOldest()
  }

  /** As `Batches.read`, or `undefined` when `from` is older than what is held. */
  read(log: number, from: number, maxBytes: number, atLeastOne: boolean, end: number): BatchRange | undefined {
    const tail = this.#tails.get(log)
    const first = tail?.batches[tail.front]
    if (!tail || !first || from < first.baseOffset) return undefined
    const batches: Uint8Array[] = []
    let bytes = 0
    let lastOffset = -1
    for (let i = firstReaching(tail, from); i < tail.batches.length; i++) {
      const { copy, lastOffset: last } = tail.batches[i] as Recent & { readonly copy: Copy }
      const isLarger = bytes + copy.bytes.byteLength > maxBytes
      if (last >= end || (isLarger && !(atLeastOne && batches.length === 0))) break
      batches.push(copy.bytes)
      bytes += copy.bytes.byteLength
      lastOffset = last
    }
    return { batches, lastOffset }
  }

  forget(log: number): void {
    const tail = this.#tails.get(log)
    if (!tail) return
    for (let i = tail.front; i < tail.batches.length; i++) {
      this.#release(tail.batches[i] as Recent)
      this.#forgotten++
    }
    this.#tails.delete(log)
    if (this.#forgotten < 1024 || this.#forgotten * 2 < this.#order.length - this.#orderFront) return
    this.#order = this.#order.slice(this.#orderFront).filter((batch) => batch.copy !== undefined)
    this.#orderFront = 0
    this.#forgotten = 0
  }

  #dropOldest(): void {
    const oldest = this.#order[this.#orderFront++] as Recent
    if (this.#orderFront > 1024 && this.#orderFront * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#orderFront)
      this.#orderFront = 0
    }
    if (!oldest.copy) {
      this.#forgotten--
      return
    }
    const tail = this.#tails.get(oldest.log) as Tail
    this.#release(oldest)
    tail.front++
    if (tail.front === tail.batches.length) this.#tails.delete(oldest.log)
    else if (tail.front > 64 && tail.front * 2 > tail.batches.length) {
      tail.batches = tail.batches.slice(tail.front)
      tail.front = 0
    }
  }

  #release(batch: Recent): void {
    if (batch.copy) this.#slabs.release(batch.copy)
    batch.copy = undefined
    this.#held--
  }
}

/** The index of the first held batch whose last offset is `from` or later. */
function firstReaching(tail: Tail, from: number): number {
  let low = tail.front
  let high = tail.batches.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((tail.batches[middle] as Recent).lastOffset < from) low = middle + 1
    else high = middle
  }
  return low
}
