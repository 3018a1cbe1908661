import { eachRun, unheldDelivery } from './runs'
import { type InFlightBatch, type SharePartition, withStartMoved } from './share-partition'

/** A part of the state that survives the broker: acquisitions do not, as in Kafka (PersisterStateBatch). */
export interface StoredRun {
  readonly first: number
  readonly last: number
  readonly state: 'available' | 'acknowledged' | 'archived'
  readonly deliveryCount: number
}

/**
 * Runs as memory and the file keep them: for each run the offsets since the run before, its length, its state and its delivery count. A window
 * may have ten thousand runs, and is written with each acknowledgement.
 */
export type PackedRuns = readonly number[]

const states = ['available', 'acknowledged', 'archived'] as const

class Packing {
  readonly packed: number[] = []
  #expected = 0

  add(first: number, last: number, state: number, deliveryCount: number): void {
    this.packed.push(first - this.#expected, last - first + 1, state, deliveryCount)
    this.#expected = last + 1
  }

  /** As `add`, and joined with the run before when that is alike. */
  join(first: number, last: number, state: number, deliveryCount: number): void {
    const { packed } = this
    const end = packed.length
    if (end === 0 || first !== this.#expected || packed[end - 2] !== state || packed[end - 1] !== deliveryCount) {
      this.add(first, last, state, deliveryCount)
      return
    }
    packed[end - 3] = (packed[end - 3] ?? 0) + last - first + 1
    this.#expected = last + 1
  }
}

/** [D4] What the file keeps: finished and released records. Of an acquisition it keeps what was there before it. */
export function storedRuns({ batches }: SharePartition): PackedRuns {
  const packing = new Packing()
  for (const batch of batches) {
    eachRun(batch, ({ state, deliveryCount }, first, last) => {
      const isOpen = state === 'acquired'
      const count = isOpen ? deliveryCount - 1 : deliveryCount
      if (count > 0) packing.join(first, last, states.indexOf(isOpen ? 'available' : state), count)
    })
  }
  return packing.packed
}

export function packRuns(runs: readonly StoredRun[]): PackedRuns {
  const packing = new Packing()
  for (const { first, last, state, deliveryCount } of runs) {
    packing.add(first, last, states.indexOf(state), deliveryCount)
  }
  return packing.packed
}

export function unpackRuns(packed: PackedRuns): StoredRun[] {
  const runs: StoredRun[] = []
  let expected = 0
  for (let at = 0; at + 3 < packed.length; at += 4) {
    const [skipped = 0, length = 0, state = 0, deliveryCount = 0] = packed.slice(at, at + 4)
    const first = expected + skipped
    expected = first + length
    runs.push({ first, last: expected - 1, state: states[state] ?? 'available', deliveryCount })
  }
  return runs
}

/** [D5] A share-partition as the file has it. Holes were acquired when the broker ended: a gap window. */
export function loadSharePartition(startOffset: number, stored: PackedRuns): SharePartition {
  const batches = unpackRuns(stored)
    .filter(({ last }) => last >= startOffset)
    .map(({ first, last, state, deliveryCount }): InFlightBatch => {
      const deliveries = [unheldDelivery(state, deliveryCount)]
      return { first, last, lasts: [last], deliveries, isSplit: false, size: last - first + 1 }
    })
  let expected = startOffset
  let hole: number | null = null
  for (const { first, last } of batches) {
    if (hole === null && first > expected) hole = expected
    expected = last + 1
  }
  const endOffset = batches.at(-1)?.last ?? startOffset
  const gap = hole === null ? null : { start: hole, end: endOffset }
  return withStartMoved({ startOffset, endOffset, batches, gap })
}
