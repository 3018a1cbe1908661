import { addInt64, type Int64, maxInt64, subtractInt64 } from '../base/int64'
import { attributeBits, type Batch, batchHeaderBytes, logOverheadBytes } from './batch'
import { compress } from './compression'
import { crc32c } from './crc'
import { invalid } from './failures'
import { unpackRecords } from './record'
import { Cursor, varintBytes, writeVarint } from './varints'

/** The parts of a record that compaction looks at. `key` is a view into the unpacked batch. */
export interface RecordFacts {
  readonly offset: number
  readonly key: Buffer | null
  readonly hasValue: boolean
}

interface RecordSpan extends RecordFacts {
  readonly timestampDelta: Int64
  readonly attributes: number
  /** From the length of the record, from its offset delta, to its end. */
  readonly start: number
  readonly tail: number
  readonly end: number
}

/** Outcome of `filterRecords`. */
export interface Filtered {
  readonly recordCount: number
  /** Null when no record is left. */
  readonly bytes: Buffer | null
}

/** The records of a v2 batch without their headers: a third of the work of `readRecords`. @throws RecordsError */
export function* readRecordFacts(batch: Batch, unpacked = unpackRecords(batch)): Generator<RecordSpan> {
  const cursor = new Cursor(unpacked)
  for (let i = 0; i < batch.recordCount; i++) {
    const start = cursor.at
    const length = cursor.varint()
    const end = cursor.at + length
    if (length < 0 || end > unpacked.length) {
      throw invalid(`Record declares ${length} bytes, ${unpacked.length - cursor.at} left`)
    }
    const attributes = cursor.byte()
    const timestampDelta = cursor.varlong()
    const tail = cursor.at
    const offset = batch.baseOffset + cursor.varint()
    const keyBytes = cursor.varint()
    const keyAt = keyBytes < 0 ? 0 : cursor.skip(keyBytes)
    const key = keyBytes < 0 ? null : unpacked.subarray(keyAt, keyAt + keyBytes)
    yield { offset, key, hasValue: cursor.varint() >= 0, timestampDelta, attributes, start, tail, end }
    cursor.at = end
  }
}

/**
 * The batch with only the records that `keeps` says (MemoryRecords.filterTo). Offsets, codec, producer, leader epoch and the bytes of the
 * records stay; the largest timestamp is that of the records left. `deleteHorizonMs` takes the place of the base timestamp (KIP-534);
 * the times of the records are the same.
 *
 * @throws RecordsError
 */
export function filterRecords(
  batch: Batch,
  keeps: (record: RecordFacts) => boolean,
  deleteHorizonMs: (kept: { readonly hasTombstone: boolean }) => number | undefined,
): Filtered {
  const unpacked = unpackRecords(batch)
  const kept: RecordSpan[] = []
  let hasTombstone = false
  for (const record of readRecordFacts(batch, unpacked)) {
    if (!keeps(record)) continue
    kept.push(record)
    if (!record.hasValue) hasTombstone = true
  }
  if (kept.length === 0) return { recordCount: 0, bytes: null }
  const horizon = deleteHorizonMs({ hasTombstone })
  if (kept.length === batch.recordCount && horizon === undefined)
    return { recordCount: kept.length, bytes: batch.bytes }
  const body = Buffer.concat(
    horizon === undefined
      ? kept.map(({ start, end }) => unpacked.subarray(start, end))
      : kept.map((record) => movedRecord(record, unpacked, subtractInt64(timestampOf(batch, record), horizon))),
  )
  const packed = compress(batch.codec, body)
  const bytes = Buffer.allocUnsafe(batchHeaderBytes + packed.length)
  batch.bytes.copy(bytes, 0, 0, batchHeaderBytes)
  bytes.writeInt32BE(bytes.length - logOverheadBytes, 8)
  if (horizon !== undefined) {
    bytes.writeInt16BE(batch.attributes | attributeBits.deleteHorizon, 21)
    bytes.writeBigInt64BE(BigInt(horizon), 27)
  }
  if (batch.timestampType === 'CreateTime') {
    const newest = kept.reduce<Int64>((max, record) => maxInt64(max, timestampOf(batch, record)), -1)
    bytes.writeBigInt64BE(BigInt(newest), 35)
  }
  bytes.writeInt32BE(kept.length, 57)
  packed.copy(bytes, batchHeaderBytes)
  return { recordCount: kept.length, bytes: checksummed(bytes) }
}

/** The batch as a bare header without records, codec and delete horizon (DefaultRecordBatch.writeEmptyHeader). */
export function emptiedBatch(batch: Batch): Buffer {
  const bytes = Buffer.from(batch.bytes.subarray(0, batchHeaderBytes))
  bytes.writeInt32BE(batchHeaderBytes - logOverheadBytes, 8)
  bytes.writeInt16BE(batch.attributes & ~(attributeBits.codec | attributeBits.deleteHorizon), 21)
  bytes.writeBigInt64BE(-1n, 27)
  bytes.writeInt32BE(0, 57)
  return checksummed(bytes)
}

function timestampOf(batch: Batch, { timestampDelta }: RecordSpan): Int64 {
  return batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : addInt64(batch.baseTimestamp, timestampDelta)
}

/** The record with another timestamp delta; the rest of its bytes is copied. */
function movedRecord({ attributes, tail, end }: RecordSpan, unpacked: Buffer, timestampDelta: Int64): Buffer {
  const length = 1 + varintBytes(timestampDelta) + end - tail
  const bytes = Buffer.allocUnsafe(varintBytes(length) + length)
  let at = writeVarint(bytes, 0, length)
  bytes[at++] = attributes
  at = writeVarint(bytes, at, timestampDelta)
  unpacked.copy(bytes, at, tail, end)
  return bytes
}

function checksummed(bytes: Buffer): Buffer {
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)
  return bytes
}
