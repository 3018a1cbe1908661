import { eachRun, unheldDelivery } from './runs'
import { type InFlightBatch, type Outcome, type SharePartition, withStartMoved } from './share-partition'

/** A part of the state that survives the broker: acquisitions do not, as in Kafka (PersisterStateBatch). */
export interface StoredRun {
  readonly first: number
  readonly last: number
  readonly state: 'available' | 'acknowledged' | 'archived'
  readonly deliveryCount: number
}

/**
 * Runs as memory and the file keep them: for each run the offsets since the run before, its length, its state and its delivery count. A window
 * may have ten thousand runs.
 */
export type PackedRuns = readonly number[]

/** Numbers that one run takes. */
export const numbersPerRun = 4

const states = ['available', 'acknowledged', 'archived'] as const

/** State of the records of each outcome; `renewed` changes nothing that is stored. */
const stateOf = {
  accepted: 'acknowledged',
  released: 'available',
  rejected: 'archived',
  gap: 'archived',
  exhausted: 'archived',
  unreadable: 'archived',
  renewed: null,
} as const satisfies Record<Outcome['kind'], StoredRun['state'] | null>

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
      const kept = state === 'acquired' ? 'available' : state
      const count = state === 'acquired' ? deliveryCount - 1 : deliveryCount
      // A record that was never delivered and is not finished is a hole, as if it had not been read.
      if (count > 0 || kept !== 'available') packing.join(first, last, states.indexOf(kept), count)
    })
  }
  return packing.packed
}

/** [D4] The records whose stored state a step changed, in the order of its outcomes; those below the start offset are finished. */
export function outcomeRuns(outcomes: readonly Outcome[], startOffset: number): PackedRuns {
  const packing = new Packing()
  for (const { kind, first, last, deliveryCount } of outcomes) {
    const state = stateOf[kind]
    if (state === null || last < startOffset) continue
    packing.join(Math.max(first, startOffset), last, states.indexOf(state), deliveryCount)
  }
  return packing.packed
}

/**
 * Runs in the order in which they were written, as one window: a later run replaces what it covers, neighbours that are alike are joined, and
 * what lies below the start offset is left out (org.apache.kafka.coordinator.share.PersisterStateBatchCombiner).
 */
export function combinedRuns(written: readonly StoredRun[], startOffset: number): PackedRuns {
  const packing = new Packing()
  for (const { first, last, state, deliveryCount } of combined(written)) {
    if (last >= startOffset) packing.join(Math.max(first, startOffset), last, states.indexOf(state), deliveryCount)
  }
  return packing.packed
}

/** By halves: each run is looked at as often as the list can be halved. */
function combined(written: readonly StoredRun[]): readonly StoredRun[] {
  if (written.length <= 1) return written
  const middle = written.length >>> 1
  return overlaid(combined(written.slice(0, middle)), combined(written.slice(middle)))
}

/** Two ascending lists as one; where runs overlap, those of `above` are left. */
function overlaid(below: readonly StoredRun[], above: readonly StoredRun[]): StoredRun[] {
  const all = [...above]
  let at = 0
  for (const run of below) {
    let first = run.first
    for (let next = above[at]; next !== undefined && next.first <= run.last; next = above[++at]) {
      if (next.first > first) all.push({ ...run, first, last: next.first - 1 })
      first = Math.max(first, next.last + 1)
      // It may cover the next run too.
      if (next.last >= run.last) break
    }
    if (first <= run.last) all.push({ ...run, first })
  }
  return all.sort((a, b) => a.first - b.first)
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
  for (let at = 0; at + numbersPerRun <= packed.length; at += numbersPerRun) {
    const [skipped = 0, length = 0, state = 0, deliveryCount = 0] = packed.slice(at, at + numbersPerRun)
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
