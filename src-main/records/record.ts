import { addInt64, type Int64 } from '../base/int64'
import { type Batch, batchHeaderBytes } from './batch'
import { decompress, maxUnpackedBytes } from './compression'
import { invalid } from './failures'
import { Cursor } from './varints'

/** One record. Key, value and header values are views into the (unpacked) batch; null is not empty. */
export interface LogRecord {
  readonly offset: number
  /** ms since the epoch; -1 when there is none. */
  readonly timestamp: Int64
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

export interface RecordHeader {
  readonly key: string
  readonly value: Buffer | null
}

/** The records part of a batch, unpacked. */
export function unpackRecords(batch: Batch, limitBytes = maxUnpackedBytes): Buffer {
  const { codec, around, at, sizeBytes } = batch
  return decompress(codec, around.subarray(at + batchHeaderBytes, at + sizeBytes), limitBytes)
}

/** The records of a v2 batch, one at a time. @throws RecordsError for a batch whose records cannot be read */
export function* readRecords(batch: Batch, unpacked = unpackRecords(batch)): Generator<LogRecord> {
  if (batch.recordCount < 0) throw invalid(`Found invalid record count ${batch.recordCount} in magic v2 batch`)
  // A compacted batch may have none left; what follows its header is then not looked at, as in Java.
  if (batch.recordCount === 0) return
  const cursor = new Cursor(unpacked)
  const { baseOffset, baseTimestamp } = batch
  // With log append time all records bear the broker's time, whatever their own says.
  const stamped = batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : undefined
  for (let i = 0; i < batch.recordCount; i++) {
    const length = cursor.varint()
    const end = cursor.at + length
    if (length < 0 || end > unpacked.length)
      throw invalid(`Record declares ${length} bytes, ${unpacked.length - cursor.at} left`)
    cursor.byte()
    const delta = cursor.varlong()
    const offset = cursor.varint()
    const key = optionalBytes(cursor)
    const value = optionalBytes(cursor)
    const headerCount = cursor.varint()
    if (headerCount < 0 || headerCount > end - cursor.at)
      throw invalid(`Found invalid number of record headers ${headerCount}`)
    const headers: RecordHeader[] = []
    for (let h = 0; h < headerCount; h++) {
      const headerKey = optionalBytes(cursor)
      if (headerKey === null) throw invalid('Invalid negative header key size')
      headers.push({ key: headerKey.toString('utf8'), value: optionalBytes(cursor) })
    }
    if (cursor.at !== end)
      throw invalid(
        `Invalid record size: expected to read ${length} bytes, but instead read ${length + cursor.at - end}`,
      )
    yield {
      offset: baseOffset + offset,
      timestamp: stamped ?? addInt64(baseTimestamp, delta),
      key,
      value,
      headers,
    }
  }
  if (cursor.at < unpacked.length) throw invalid('Incorrect declared batch size, records still remaining in file')
}

function optionalBytes(cursor: Cursor): Buffer | null {
  const length = cursor.varint()
  if (length < 0) return null
  const at = cursor.skip(length)
  return cursor.bytes.subarray(at, at + length)
}
