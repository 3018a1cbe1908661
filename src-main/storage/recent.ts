import type { BatchRange } from './batches'

interface Recent {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly bytes: Uint8Array
}

/** The newest batches of one log: a queue whose front is dropped without moving the rest. */
interface Tail {
  batches: Recent[]
  front: number
}

/**
 * The newest batches of all logs together, bounded in bytes, so that consumers at the tail never touch the file. The oldest of all
 * goes first.
 */
export class RecentBatches {
  readonly #limitBytes: number
  readonly #tails = new Map<number, Tail>()
  /** The log of each held batch in the order of appending. */
  #order: number[] = []
  #orderFront = 0
  #heldBytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  add(log: number, baseOffset: number, lastOffset: number, given: Uint8Array): void {
    // A small view would keep the whole buffer that it was received in.
    const bytes = given.byteLength * 2 < given.buffer.byteLength ? Buffer.from(given) : given
    let tail = this.#tails.get(log)
    if (!tail) this.#tails.set(log, (tail = { batches: [], front: 0 }))
    tail.batches.push({ baseOffset, lastOffset, bytes })
    this.#order.push(log)
    this.#heldBytes += bytes.byteLength
    while (this.#heldBytes > this.#limitBytes) this.#dropOldest()
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
      const batch = tail.batches[i] as Recent
      const isLarger = bytes + batch.bytes.byteLength > maxBytes
      if (batch.lastOffset >= end || (isLarger && !(atLeastOne && batches.length === 0))) break
      batches.push(batch.bytes)
      bytes += batch.bytes.byteLength
      lastOffset = batch.lastOffset
    }
    return { batches, lastOffset }
  }

  forgetBefore(log: number, offset: number): void {
    const tail = this.#tails.get(log)
    const first = tail?.batches[tail.front]
    if (first && first.baseOffset < offset) this.forget(log)
  }

  forget(log: number): void {
    const tail = this.#tails.get(log)
    if (!tail) return
    for (let i = tail.front; i < tail.batches.length; i++) this.#heldBytes -= tail.batches[i]?.bytes.byteLength ?? 0
    this.#tails.delete(log)
    this.#order = this.#order.slice(this.#orderFront).filter((held) => held !== log)
    this.#orderFront = 0
  }

  #dropOldest(): void {
    const log = this.#order[this.#orderFront++] as number
    const tail = this.#tails.get(log) as Tail
    this.#heldBytes -= tail.batches[tail.front]?.bytes.byteLength ?? 0
    tail.front++
    if (tail.front > 64 && tail.front * 2 > tail.batches.length) {
      tail.batches = tail.batches.slice(tail.front)
      tail.front = 0
    } else {
      tail.batches[tail.front - 1] = dropped
    }
    if (this.#orderFront > 1024 && this.#orderFront * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#orderFront)
      this.#orderFront = 0
    }
  }
}

const dropped: Recent = { baseOffset: -1, lastOffset: -1, bytes: new Uint8Array(0) }

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
