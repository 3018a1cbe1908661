import type { Int64 } from '../base/int64'
import { type Batch, batchHeaderBytes, logOverheadBytes, readBatches } from '../records/batch'
import { corrupt } from '../records/failures'

/** Facts of a batch beside its bytes. Offsets are safe integers; times in ms, -1 is none. */
interface BatchFacts {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: Int64
  readonly appendedAt: number
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly attributes: number
  readonly recordCount: number
}

export interface StoredBatch extends BatchFacts {
  readonly bytes: Uint8Array
}

/** What a run of several producers has as the id of its producer. */
export const severalProducers = -2n

/**
 * A row holds a run: batches of one log side by side, as they came. Small ones share a row, and with this limit a page of the file; a larger one has
 * a row of its own. Rows of former versions hold one batch each, which is a run too.
 */
export const runBytes = 15 * 1024

/** A larger row holds one batch. Compaction may make a batch a little larger: its times are written in more bytes, or it is packed less tightly. */
export const largestRunBytes = 4 * runBytes

/** A part of a run's bytes: whole batches. */
interface Piece {
  readonly start: number
  readonly end: number
  /** That of its last batch; -1 when it has none. */
  readonly lastOffset: number
}

/** Bounds of a read: it begins with the batch that holds `from`, and no batch of it reaches `end`. */
interface Bounds {
  readonly from: number
  readonly end: number
  readonly maxBytes: number
  /** The first batch is given whatever its size. */
  readonly atLeastOne: boolean
}

/** The batches of a run that lie within the bounds. */
export function pieceOf(run: Buffer, { from, end, maxBytes, atLeastOne }: Bounds): Piece {
  let start = 0
  while (start < run.length && lastOffsetAt(run, start) < from) start += sizeAt(run, start)
  let at = start
  let lastOffset = -1
  while (at < run.length) {
    const last = lastOffsetAt(run, at)
    const next = at + sizeAt(run, at)
    if (last >= end || (next - start > maxBytes && !(atLeastOne && at === start))) break
    lastOffset = last
    at = next
  }
  return { start, end: at, lastOffset }
}

/** The batches of a run that end in [from, before). */
export function batchesOf(run: Buffer, from: number, before: number): Batch[] {
  const { start, end } = pieceOf(run, { from, end: before, maxBytes: run.length, atLeastOne: false })
  return [...readBatches(run.subarray(start, end))]
}

/** What batches hold together. */
export interface Sums {
  readonly records: number
  readonly sizeBytes: number
}

export function sumsOf(batches: readonly Batch[]): Sums {
  return {
    records: batches.reduce((sum, { recordCount }) => sum + recordCount, 0),
    sizeBytes: batches.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  }
}

function sizeAt(run: Buffer, at: number): number {
  const size = run.readInt32BE(at + 8) + logOverheadBytes
  if (size < batchHeaderBytes) throw corrupt(`Record batch declares ${size} bytes`)
  return size
}

function lastOffsetAt(run: Buffer, at: number): number {
  return run.readUInt32BE(at) * 2 ** 32 + run.readUInt32BE(at + 4) + run.readInt32BE(at + 23)
}
