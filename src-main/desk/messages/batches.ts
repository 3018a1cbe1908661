import { batchHeaderBytes, type Codec } from '../../records/batch'
import { encodeBatch, type NewRecord } from '../../records/encode'

/** What lies before the bytes of a record, and before those of a header, at most: lengths, times and counts as varints. */
const recordOverheadBytes = 40
const headerOverheadBytes = 10

/** About what a producer sends at once: larger batches only hold others up. */
const usualBytes = 1024 * 1024

export interface PackedBatch {
  readonly bytes: Buffer
  /** Place of its first record among those that were given, and how many it has. */
  readonly first: number
  readonly count: number
}

/** Records in their order as batches, one by one. None is larger than `maxBytes`, unless a record alone is. */
export function* packBatches(records: readonly NewRecord[], codec: Codec, maxBytes: number): Generator<PackedBatch> {
  const room = Math.min(maxBytes, usualBytes) - batchHeaderBytes
  let first = 0
  while (first < records.length) {
    let sizeBytes = 0
    let end = first
    while (end < records.length && (end === first || sizeBytes + sizeOf(records[end] as NewRecord) <= room)) {
      sizeBytes += sizeOf(records[end] as NewRecord)
      end++
    }
    yield* packed(records, first, end - first, codec, maxBytes)
    first = end
  }
}

/** Bytes that a codec makes more of may not fit: then in two halves. */
function* packed(
  records: readonly NewRecord[],
  first: number,
  count: number,
  codec: Codec,
  maxBytes: number,
): Generator<PackedBatch> {
  const bytes = encodeBatch(records.slice(first, first + count), { codec })
  if (bytes.length <= maxBytes || count === 1) {
    yield { bytes, first, count }
    return
  }
  const half = Math.floor(count / 2)
  yield* packed(records, first, half, codec, maxBytes)
  yield* packed(records, first + half, count - half, codec, maxBytes)
}

function sizeOf({ key, value, headers = [] }: NewRecord): number {
  let sizeBytes = recordOverheadBytes + (key?.byteLength ?? 0) + (value?.byteLength ?? 0)
  for (const header of headers) {
    sizeBytes += headerOverheadBytes + Buffer.byteLength(header.key) + (header.value?.byteLength ?? 0)
  }
  return sizeBytes
}
