import { batchHeaderBytes, logOverheadBytes, readBatches } from '../../../src-main/records/batch'
import { crc32c } from '../../../src-main/records/crc'
import type { StoredBatch } from '../../../src-main/storage'

/** A batch with a true header, whose other bytes tell its offsets, or are `text`. */
export function batch(
  baseOffset: number,
  records = 1,
  facts: Partial<StoredBatch> & { sizeBytes?: number; text?: string } = {},
): StoredBatch {
  const { sizeBytes = 100, text = `${baseOffset}+${records};`, ...others } = facts
  const given = {
    baseOffset,
    lastOffset: baseOffset + records - 1,
    maxTimestamp: 1000 + baseOffset,
    appendedAt: 5000,
    producerId: -1n,
    producerEpoch: -1,
    baseSequence: -1,
    attributes: 0,
    recordCount: records,
    ...others,
  }
  const bytes = Buffer.alloc(sizeBytes, text)
  bytes.fill(text, batchHeaderBytes)
  bytes.writeBigInt64BE(BigInt(baseOffset), 0)
  bytes.writeInt32BE(sizeBytes - logOverheadBytes, 8)
  bytes[16] = 2
  bytes.writeInt16BE(given.attributes, 21)
  bytes.writeInt32BE(given.lastOffset - baseOffset, 23)
  bytes.writeBigInt64BE(BigInt(given.maxTimestamp), 35)
  bytes.writeBigInt64BE(given.producerId, 43)
  bytes.writeInt16BE(given.producerEpoch, 51)
  bytes.writeInt32BE(given.baseSequence, 53)
  bytes.writeInt32BE(given.recordCount, 57)
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)
  return { ...given, bytes }
}

/** Which batches were read: their texts up to the first semicolon. */
export function names(pieces: readonly Uint8Array[]): string[] {
  return pieces.flatMap((piece) =>
    [...readBatches(piece)].map(({ bytes }) => bytes.subarray(batchHeaderBytes).toString().split(';')[0] ?? ''),
  )
}
