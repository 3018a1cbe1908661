import { hold, letGo, own } from '../base/held-bytes'
import { addInt64, type Int64 } from '../base/int64'
import {
  type Batch,
  batchHeaderBytes,
  type Codec,
  checkBatch,
  logOverheadBytes,
  magicAt,
  readBatch,
  stampBatch,
} from './batch'
import { checkLz4Frame } from './compression/lz4'
import { encodeBatch } from './encode'
import { invalid, RecordsError } from './failures'
import { readLegacySet } from './legacy'
import { readRecords, unpackRecords } from './record'
import { Cursor } from './varints'

/** Limits of a topic and a request. Sizes in bytes, spans in ms. */
export interface ProduceRules {
  readonly produceVersion: number
  /** `orders-3`, for messages. */
  readonly partition: string
  readonly isCompacted: boolean
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
  readonly maxMessageBytes: number
  /** `producer` keeps what the client chose. */
  readonly compressionType: 'producer' | 'uncompressed' | Codec
  readonly now: number
}

/** Produce versions from which one batch of magic 2 per partition is required (KIP-98), and zstd is allowed (KIP-110). */
const firstVersionOfBatches = 3
const firstVersionOfZstd = 7

/**
 * Checks what a client wants to append as Kafka does (ProduceRequest.validateRecords, UnifiedLog.analyzeAndValidateRecords,
 * LogValidator) and returns the batches to store, each at base offset 0: the caller places them.
 *
 * A batch that passes as it is is returned by reference; an old message set, one in another codec than the topic's, or
 * one whose offsets have gaps is encoded again. Compressed records are unpacked once, to be checked, and not kept.
 *
 * @throws RecordsError
 */
export function validateProduce(records: Uint8Array, rules: ProduceRules): Batch[] {
  if (records.byteLength < logOverheadBytes + 5) {
    throw invalid(
      `Produce requests with version ${rules.produceVersion} must have at least one record batch per partition`,
    )
  }
  if (rules.produceVersion < firstVersionOfBatches && magicAt(records) < 2) return [convertLegacy(records, rules)]
  if (magicAt(records) !== 2) {
    throw invalid(
      `Produce requests with version ${rules.produceVersion} are only allowed to contain record batches with magic version 2`,
    )
  }
  const batch = readBatch(records)
  if (batch.bytes.length !== records.byteLength) {
    throw invalid(
      `Produce requests with version ${rules.produceVersion} are only allowed to contain exactly one record batch per partition`,
    )
  }
  if (batch.codec === 'zstd' && rules.produceVersion < firstVersionOfZstd) {
    throw new RecordsError(
      'UNSUPPORTED_COMPRESSION_TYPE',
      `Produce requests with version ${rules.produceVersion} are not allowed to use ZStandard compression`,
    )
  }
  return [checked(batch, rules)]
}

function checked(batch: Batch, rules: ProduceRules): Batch {
  if (batch.baseOffset !== 0) {
    throw invalid(
      `The baseOffset of the record batch in the append to ${rules.partition} should be 0, but it is ${batch.baseOffset}`,
    )
  }
  checkSize(batch.bytes.length, rules)
  checkBatch(batch)
  checkHeader(batch)
  const walk = walkRecords(batch, rules)
  const target = targetCodec(batch.codec, rules)
  if (target !== batch.codec || !walk.isConsecutive) {
    return rewritten([...readRecords(batch)], target, rules, batch)
  }
  if (rules.timestampType === 'LogAppendTime') {
    stampBatch(batch.bytes, rules.now, 'LogAppendTime')
    return readBatch(batch.bytes)
  }
  if (batch.timestampType === 'CreateTime' && batch.maxTimestamp === walk.maxTimestamp) return batch
  stampBatch(batch.bytes, walk.maxTimestamp, 'CreateTime')
  return readBatch(batch.bytes)
}

function checkSize(sizeBytes: number, { maxMessageBytes, partition }: ProduceRules): void {
  if (sizeBytes <= maxMessageBytes) return
  throw new RecordsError(
    'MESSAGE_TOO_LARGE',
    `The record batch size in the append to ${partition} is ${sizeBytes} bytes which exceeds the maximum configured value of ${maxMessageBytes}.`,
  )
}

/** LogValidator.validateBatch. */
function checkHeader(batch: Batch): void {
  const count = batch.lastOffset - batch.baseOffset + 1
  if (count <= 0) throw invalid(`Batch has an invalid offset range: [${batch.baseOffset}, ${batch.lastOffset}]`)
  if (batch.recordCount <= 0) throw invalid(`Invalid reported count for record batch: ${batch.recordCount}`)
  if (count !== batch.recordCount) {
    throw invalid(
      `Inconsistent batch offset range [${batch.baseOffset}, ${batch.lastOffset}] and count of records ${batch.recordCount}`,
    )
  }
  if (batch.isControl) throw invalid('Clients are not allowed to write control records')
  if (batch.producerId >= 0n && batch.baseSequence < 0) {
    throw invalid(`Invalid sequence number ${batch.baseSequence} in record batch with producerId ${batch.producerId}`)
  }
}

interface Walk {
  readonly maxTimestamp: Int64
  /** Offsets count up by one: the batch can be stored as it is. */
  readonly isConsecutive: boolean
}

/** Looks at every record without making an object of it: their sizes must agree, and key and time must be allowed. */
function walkRecords(batch: Batch, rules: ProduceRules): Walk {
  if (batch.codec === 'lz4') checkLz4Frame(batch.bytes.subarray(batchHeaderBytes))
  const unpacked = unpackRecords(batch)
  if (batch.codec === 'none') return walk(batch, unpacked, rules)
  own(unpacked)
  hold(unpacked)
  try {
    return walk(batch, unpacked, rules)
  } finally {
    letGo(unpacked)
  }
}

function walk(batch: Batch, unpacked: Buffer, rules: ProduceRules): Walk {
  const cursor = new Cursor(unpacked)
  const { baseTimestamp, recordCount } = batch
  const checkTimes = rules.timestampType === 'CreateTime' && batch.timestampType === 'CreateTime'
  const earliest = rules.now - rules.timestampBeforeMaxMs
  const latest = rules.now + rules.timestampAfterMaxMs
  const keyless: number[] = []
  const untimely: number[] = []
  let maxTimestamp: Int64 = -1
  let isConsecutive = true
  for (let i = 0; i < recordCount; i++) {
    const length = cursor.varint()
    const start = cursor.at
    const end = start + length
    if (length < 0 || end > cursor.end) throw invalid(`Record declares ${length} bytes, ${cursor.end - start} left`)
    cursor.at++
    const timestamp = addInt64(baseTimestamp, cursor.varlong())
    if (cursor.varint() !== i) isConsecutive = false
    const keyLength = cursor.varint()
    if (keyLength >= 0) cursor.skip(keyLength)
    else if (rules.isCompacted) keyless.push(i)
    const valueLength = cursor.varint()
    if (valueLength >= 0) cursor.skip(valueLength)
    walkHeaders(cursor, end)
    if (cursor.at !== end) {
      throw invalid(
        `Invalid record size: expected to read ${length} bytes in record payload, but instead read ${cursor.at - start}`,
      )
    }
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    if (checkTimes && timestamp !== -1 && (timestamp < earliest || timestamp > latest)) untimely.push(i)
  }
  if (cursor.at < cursor.end) throw invalid('Incorrect declared batch size, records still remaining in file')
  refuseRecords(keyless, untimely, rules)
  return { maxTimestamp, isConsecutive }
}

function walkHeaders(cursor: Cursor, end: number): void {
  const count = cursor.varint()
  if (count === 0) return
  if (count < 0 || count > end - cursor.at) throw invalid(`Found invalid number of record headers ${count}`)
  for (let i = 0; i < count; i++) {
    const keyLength = cursor.varint()
    if (keyLength < 0) throw invalid(`Invalid negative header key size ${keyLength}`)
    cursor.skip(keyLength)
    const valueLength = cursor.varint()
    if (valueLength >= 0) cursor.skip(valueLength)
  }
}

/** KIP-467: the whole batch is refused, and each bad record is named (LogValidator.processRecordErrors). */
function refuseRecords(keyless: readonly number[], untimely: readonly number[], rules: ProduceRules): void {
  if (keyless.length === 0 && untimely.length === 0) return
  const errors = [
    ...keyless.map((batchIndex) => ({
      batchIndex,
      batchIndexErrorMessage: `Compacted topic cannot accept message without key in topic partition ${rules.partition}.`,
    })),
    ...untimely.map((batchIndex) => ({
      batchIndex,
      batchIndexErrorMessage: `Timestamp of message is out of range: it must lie between ${rules.timestampBeforeMaxMs} ms before and ${rules.timestampAfterMaxMs} ms after the broker's time.`,
    })),
  ].sort((a, b) => a.batchIndex - b.batchIndex)
  if (untimely.length > 0) {
    throw new RecordsError(
      'INVALID_TIMESTAMP',
      'One or more records have been rejected due to invalid timestamp',
      errors,
    )
  }
  throw new RecordsError(
    'INVALID_RECORD',
    `One or more records have been rejected due to ${errors.length} record errors in total`,
    errors,
  )
}

function targetCodec(given: Codec, { compressionType }: ProduceRules): Codec {
  if (compressionType === 'producer') return given
  return compressionType === 'uncompressed' ? 'none' : compressionType
}

/** Message sets of Produce 0-2 become one v2 batch (LogValidator's conversion); magic 0 has no times, which stay -1. */
function convertLegacy(bytes: Uint8Array, rules: ProduceRules): Batch {
  const { records, codec } = readLegacySet(bytes)
  if (records.length === 0) throw invalid('The message set holds no message')
  checkSize(bytes.byteLength, rules)
  const indexes = records.map((_, i) => i)
  const keyless = rules.isCompacted ? indexes.filter((i) => records[i]?.key === null) : []
  const untimely =
    rules.timestampType === 'LogAppendTime'
      ? []
      : indexes.filter((i) => {
          const timestamp = records[i]?.timestamp ?? -1
          const { now, timestampBeforeMaxMs, timestampAfterMaxMs } = rules
          return timestamp !== -1 && (timestamp < now - timestampBeforeMaxMs || timestamp > now + timestampAfterMaxMs)
        })
  refuseRecords(keyless, untimely, rules)
  return rewritten(records, targetCodec(codec, rules), rules)
}

/** The same records in a batch of our own, offsets counting up from 0. */
function rewritten(
  records: readonly Parameters<typeof encodeBatch>[0][number][],
  codec: Codec,
  rules: ProduceRules,
  of?: Batch,
): Batch {
  const stamped = rules.timestampType === 'LogAppendTime'
  const bytes = encodeBatch(
    records.map(({ key, value, headers, timestamp }) => ({ key, value, ...(headers ? { headers } : {}), timestamp })),
    {
      codec,
      timestampType: rules.timestampType,
      ...(stamped ? { maxTimestamp: rules.now } : {}),
      ...(of
        ? {
            producerId: of.producerId,
            producerEpoch: of.producerEpoch,
            baseSequence: of.baseSequence,
            isTransactional: of.isTransactional,
          }
        : {}),
    },
  )
  const batch = readBatch(bytes)
  checkSize(bytes.length, rules)
  return batch
}
