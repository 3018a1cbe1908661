import { hold, letGo } from '../../base/held-bytes'
import type { ReadBatch } from '../../groups/share/acquire'
import { readBatches } from '../../records/batch'
import type { BatchRange } from '../../storage'
import type { Partition } from '../log/partition'

/** What was read for a share-partition: whole record batches, and the same as offsets. */
export interface ShareRead {
  readonly chunks: readonly { readonly bytes: Uint8Array; readonly batch: ReadBatch }[]
  /** Bytes that there are, up to `maxBytes`: Kafka compares these with the least that a client waits for, and cuts the last batch off. */
  readonly bytes: number
  /** What storage lent: the chunks are views of it. */
  readonly lent: readonly Uint8Array[]
}

export const nothing: ShareRead = { chunks: [], bytes: 0, lent: [] }

export interface ShareReadLimits {
  readonly maxBytes: number
  readonly committedOnly: boolean
  /** What lies behind this offset is not needed: it is read only where it comes with the rest. */
  readonly neededBefore: number
}

/** Bytes that are read first, by the mean size of the log's records: it may hold megabytes behind the few that a member acquires at once. */
const firstBytes = { least: 16 * 1024, most: 1024 * 1024 }
/** Records are not all of one size, and a batch begins before the first one that is wanted. */
const margin = 1.25

/**
 * Reads whole record batches from the one that holds `from`, at least one; up to the last stable offset for readers of committed records. They are
 * there until the turn of the event loop ends, or as long as they are held.
 */
export function readForShare(
  log: Partition,
  from: number,
  { maxBytes, committedOnly, neededBefore }: ShareReadLimits,
): ShareRead {
  const end = committedOnly ? log.lastStableOffset : log.highWatermark
  if (from < log.logStartOffset || from >= end) return nothing
  let limit = Math.min(firstLimit(log, neededBefore - from), maxBytes)
  let range = log.lend(from, limit, true, end)
  while (limit < maxBytes && range.batches.length > 0 && range.lastOffset + 1 < Math.min(neededBefore, end)) {
    limit = Math.min(limitFor(range, from, neededBefore, limit), maxBytes)
    freeUnheld(range.batches)
    range = log.lend(from, limit, true, end)
  }
  const { batches, lastOffset } = range
  if (batches.length === 0) return nothing
  const aborted = committedOnly ? [...log.abortedTransactions(from, lastOffset + 1)] : []
  aborted.sort((a, b) => a.firstOffset - b.firstOffset)
  const abortedProducers = new Set<bigint>()
  let bytes = 0
  const chunks = batches.flatMap((stored) => {
    bytes += stored.byteLength
    return [...readBatches(stored)].map((batch) => {
      while (aborted[0] && aborted[0].firstOffset <= batch.lastOffset) {
        abortedProducers.add(aborted.shift()?.producerId ?? -1n)
      }
      // A marker ends the transaction of its producer.
      if (batch.isControl) abortedProducers.delete(batch.producerId)
      const isAborted = batch.isTransactional && !batch.isControl && abortedProducers.has(batch.producerId)
      return { bytes: batch.bytes, batch: { first: batch.baseOffset, last: batch.lastOffset, isAborted } }
    })
  })
  const isCut = limit >= maxBytes && lastOffset + 1 < end
  return { chunks, bytes: isCut ? Math.max(bytes, maxBytes) : bytes, lent: batches }
}

/** What was read in vain nobody has: its memory is free at once, and not only when it is collected. */
export function freeUnheld(lent: readonly Uint8Array[]): void {
  for (const bytes of lent) {
    hold(bytes)
    letGo(bytes)
  }
}

function firstLimit({ facts, highWatermark, logStartOffset }: Partition, records: number): number {
  // `records` may be infinite, and a log may have no bytes: 0 times infinity is NaN.
  const mean = Math.max(1, facts.sizeBytes / Math.max(1, highWatermark - logStartOffset))
  return Math.min(Math.max(firstBytes.least, Math.ceil(margin * mean * records)), firstBytes.most)
}

/** Bytes in which the needed records are likely to be, by the size of those that were read. */
function limitFor({ batches, lastOffset }: BatchRange, from: number, neededBefore: number, limit: number): number {
  const bytes = batches.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const expected = bytes * ((neededBefore - from) / Math.max(1, lastOffset + 1 - from))
  return Math.max(2 * limit, Math.ceil(margin * expected))
}
