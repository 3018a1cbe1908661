import type { Int64 } from '../base/int64'
import { type Batch, batchHeaderBytes, logOverheadBytes, readBatches, wholeBatchSize } from '../records/batch'
import { corrupt, RecordsError } from '../records/failures'

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

/** That of all batches in the log. */
const magic = 2

/** A part of a run's bytes: whole batches. */
interface Piece {
  readonly start: number
  readonly end: number
  /** That of its last batch; -1 when it has none. */
  readonly lastOffset: number
  /** It ends before a batch whose bytes are damaged. */
  readonly isCut: boolean
}

/** Bounds of a read: it begins with the batch that holds `from`, and no batch of it reaches `end`. */
interface Bounds {
  readonly from: number
  readonly end: number
  readonly maxBytes: number
  /** The first batch is given whatever its size. */
  readonly atLeastOne: boolean
}

/** The batches of a run that lie within the bounds. @throws RecordsError when the first of them, or one before it, is damaged */
export function pieceOf(run: Buffer, { from, end, maxBytes, atLeastOne }: Bounds): Piece {
  let start = 0
  while (start < run.length) {
    if (isDamagedAt(run, start)) throw damagedAt(run, start)
    if (lastOffsetAt(run, start) >= from) break
    start += sizeAt(run, start)
  }
  let at = start
  let lastOffset = -1
  while (at < run.length) {
    // What is behind the last offset that may be given need not be sound.
    if (at > start && (lastOffset + 1 >= end || isDamagedAt(run, at))) {
      return { start, end: at, lastOffset, isCut: lastOffset + 1 < end }
    }
    const last = lastOffsetAt(run, at)
    const next = at + sizeAt(run, at)
    if (last >= end || (next - start > maxBytes && !(atLeastOne && at === start))) break
    lastOffset = last
    at = next
  }
  return { start, end: at, lastOffset, isCut: false }
}

/** The batches of a run that end in [from, before). @throws RecordsError when one is damaged */
export function batchesOf(run: Buffer, from: number, before: number): Batch[] {
  const { start, end, isCut } = pieceOf(run, { from, end: before, maxBytes: run.length, atLeastOne: false })
  if (isCut) throw damagedAt(run, end)
  return [...readBatches(run.subarray(start, end))]
}

/** As `batchesOf`, or `undefined` when one is damaged. */
export function batchesIfSound(run: Buffer, from: number, before: number): Batch[] | undefined {
  try {
    return batchesOf(run, from, before)
  } catch (error) {
    if (error instanceof RecordsError) return undefined
    throw error
  }
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

/** Whether no whole batch can begin there. */
export function isDamagedAt(run: Buffer, at: number): boolean {
  return wholeBatchSize(run, at) === undefined
}

function damagedAt(run: Buffer, at: number): RecordsError {
  if (at + batchHeaderBytes <= run.length && run[at + 16] !== magic)
    return corrupt(`Record batch has magic ${run[at + 16]}`)
  const left = run.length - at
  const size = left < batchHeaderBytes ? left : run.readInt32BE(at + 8) + logOverheadBytes
  return corrupt(`Record batch declares ${size} bytes, ${left} left`)
}

function sizeAt(run: Buffer, at: number): number {
  return run.readInt32BE(at + 8) + logOverheadBytes
}

function lastOffsetAt(run: Buffer, at: number): number {
  return run.readUInt32BE(at) * 2 ** 32 + run.readUInt32BE(at + 4) + run.readInt32BE(at + 23)
}
