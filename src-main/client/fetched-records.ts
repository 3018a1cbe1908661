import { type Batch, batchHeaderBytes, checkBatch, logOverheadBytes, magicAt, readBatch } from '../records/batch'
import { markerOf } from '../records/encode'
import { readLegacySet } from '../records/legacy'
import { type LogRecord, readRecords } from '../records/record'
import type { AbortedTransaction, Fetched } from './fetch'
import type { Isolation } from './offsets'

/** A whole batch of a fetch, or the messages of the older formats that stood in one place. */
export type FetchedBatch =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'legacy'; readonly records: readonly LogRecord[] }

/** The whole batches; a last one that is cut off is left out. @throws RecordsError */
export function* batchesOf(records: Uint8Array): Generator<FetchedBatch> {
  const bytes = Buffer.from(records.buffer, records.byteOffset, records.byteLength)
  for (let at = 0; bytes.length - at >= logOverheadBytes + 5; ) {
    const size = bytes.readInt32BE(at + 8) + logOverheadBytes
    if (size > bytes.length - at) return
    if (magicAt(bytes, at) < 2) {
      const end = at + Math.max(size, logOverheadBytes + 5)
      yield { kind: 'legacy', records: readLegacySet(bytes.subarray(at, end)).records }
      at = end
    } else {
      const batch = readBatch(bytes, at)
      yield { kind: 'batch', batch }
      at += Math.max(size, batchHeaderBytes)
    }
  }
}

/** Bytes of the first batch, also where it is cut off; 0 where not even its length is there. */
export function firstBatchBytes(records: Uint8Array): number {
  if (records.byteLength < logOverheadBytes) return 0
  return Buffer.from(records.buffer, records.byteOffset, records.byteLength).readInt32BE(8) + logOverheadBytes
}

/** Where the next fetch begins: after the last whole batch, also when compaction or a marker left no record there. */
export function nextOffset(fetched: Fetched, from: number): number {
  let next = from
  for (const one of batchesOf(fetched.records)) {
    const last = one.kind === 'batch' ? one.batch.lastOffset : (one.records.at(-1)?.offset ?? next - 1)
    next = Math.max(next, last + 1)
  }
  return next
}

/**
 * The batches with data: no control batches; with `read_committed` none of aborted transactions, told as Java's CompletedFetch does:
 * a producer is aborted from `firstOffset` on until its abort marker.
 *
 * @throws RecordsError for a batch that cannot be read
 */
export function* dataBatchesOf(fetched: Fetched, isolation: Isolation): Generator<FetchedBatch> {
  const open = new AbortedProducers(isolation === 'read_committed' ? fetched.aborted : [])
  for (const one of batchesOf(fetched.records)) {
    if (one.kind === 'batch') {
      checkBatch(one.batch)
      open.passTo(one.batch.lastOffset)
      if (one.batch.isControl) {
        for (const { key } of readRecords(one.batch)) if (markerOf(key) === 'ABORT') open.end(one.batch.producerId)
        continue
      }
      if (one.batch.isTransactional && open.has(one.batch.producerId)) continue
    }
    yield one
  }
}

/** The records of `dataBatchesOf` from an offset on. @throws RecordsError for a batch that cannot be read */
export function* recordsOf(fetched: Fetched, from: number, isolation: Isolation): Generator<LogRecord> {
  for (const one of dataBatchesOf(fetched, isolation)) {
    for (const record of one.kind === 'batch' ? readRecords(one.batch) : one.records) {
      if (record.offset >= from) yield record
    }
  }
}

/** The producers whose transaction at the present place of the log is an aborted one. */
class AbortedProducers {
  readonly #waiting: AbortedTransaction[]
  readonly #open = new Set<bigint>()

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#waiting = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
  }

  passTo(lastOffset: number): void {
    while (this.#waiting[0] && this.#waiting[0].firstOffset <= BigInt(lastOffset)) {
      this.#open.add((this.#waiting.shift() as AbortedTransaction).producerId)
    }
  }

  end(producerId: bigint): void {
    this.#open.delete(producerId)
  }

  has(producerId: bigint): boolean {
    return this.#open.has(producerId)
  }
}
