import { type Int64, int64 } from '../base/int64'
import { crc32c } from './crc'
import { corrupt } from './failures'

/** org.apache.kafka.common.record.CompressionType, by its id in the attributes. */
export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type Codec = (typeof codecs)[number]

/** Bytes of a v2 batch before its records. */
export const batchHeaderBytes = 61
/** Bytes before what `batchLength` counts: base offset and the length itself. */
export const logOverheadBytes = 12
const crcAt = 17
const attributesAt = 21

/** The header of a v2 batch. Offsets are safe integers; times are exact, in ms since the epoch. */
export interface Batch {
  /** The whole batch, header included; a view. */
  readonly bytes: Buffer
  readonly baseOffset: number
  readonly lastOffset: number
  readonly leaderEpoch: number
  readonly crc: number
  readonly attributes: number
  readonly codec: Codec
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  readonly isTransactional: boolean
  readonly isControl: boolean
  /** KIP-534: until when tombstones and markers stay; then `baseTimestamp` is that horizon. */
  readonly hasDeleteHorizon: boolean
  readonly baseTimestamp: Int64
  readonly maxTimestamp: Int64
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

export const attributeBits = {
  codec: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
  deleteHorizon: 0x40,
}

/** The magic of the batch or message that begins at `offset`: 0 and 1 are message sets. */
export function magicAt(bytes: Uint8Array, offset = 0): number {
  const magic = bytes[offset + 16]
  if (magic === undefined) throw corrupt('Record batch is shorter than its header')
  return magic
}

/** Reads the header of the v2 batch at `offset`. @throws RecordsError when the bytes cannot be one */
export function readBatch(all: Uint8Array, offset = 0): Batch {
  const buffer = all instanceof Buffer ? all : Buffer.from(all.buffer, all.byteOffset, all.byteLength)
  const left = buffer.length - offset
  if (left < batchHeaderBytes) throw corrupt(`Record batch header needs ${batchHeaderBytes} bytes, ${left} left`)
  const size = buffer.readInt32BE(offset + 8) + logOverheadBytes
  if (size < batchHeaderBytes || size > left) {
    throw corrupt(`Record batch declares ${size} bytes, ${left} left`)
  }
  if (buffer[offset + 16] !== 2) throw corrupt(`Record batch has magic ${buffer[offset + 16]}`)
  const bytes = size === buffer.length ? buffer : buffer.subarray(offset, offset + size)
  const attributes = bytes.readInt16BE(attributesAt)
  const baseOffset = safeOffset(readInt64(bytes, 0))
  return {
    bytes,
    baseOffset,
    lastOffset: Math.min(baseOffset + bytes.readInt32BE(23), Number.MAX_SAFE_INTEGER),
    leaderEpoch: bytes.readInt32BE(12),
    crc: bytes.readUInt32BE(crcAt),
    attributes,
    codec: codecs[attributes & attributeBits.codec] ?? 'none',
    timestampType: attributes & attributeBits.logAppendTime ? 'LogAppendTime' : 'CreateTime',
    isTransactional: (attributes & attributeBits.transactional) !== 0,
    isControl: (attributes & attributeBits.control) !== 0,
    hasDeleteHorizon: (attributes & attributeBits.deleteHorizon) !== 0,
    baseTimestamp: readInt64(bytes, 27),
    maxTimestamp: readInt64(bytes, 35),
    producerId: hasProducer(bytes) ? bytes.readBigInt64BE(43) : -1n,
    producerEpoch: bytes.readInt16BE(51),
    baseSequence: bytes.readInt32BE(53),
    recordCount: bytes.readInt32BE(57),
  }
}

/** Producer of the transactional v2 batch at the start of `bytes`, before anything is checked; undefined when there is no such batch. */
export function transactionalProducer(bytes: Uint8Array): Pick<Batch, 'producerId' | 'producerEpoch'> | undefined {
  if (bytes.byteLength < batchHeaderBytes || magicAt(bytes) !== 2) return undefined
  if ((bytes[attributesAt + 1]! & attributeBits.transactional) === 0) return undefined
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, batchHeaderBytes)
  return { producerId: header.readBigInt64BE(43), producerEpoch: header.readInt16BE(51) }
}

/** All v2 batches of `bytes`, which must hold nothing else. */
export function* readBatches(bytes: Uint8Array): Generator<Batch> {
  for (let offset = 0; offset < bytes.byteLength; ) {
    const batch = readBatch(bytes, offset)
    yield batch
    offset += batch.bytes.byteLength
  }
}

/** @throws RecordsError CORRUPT_MESSAGE when the checksum is not that of the bytes, or the codec does not exist */
export function checkBatch(batch: Batch): void {
  const computed = crc32c(batch.bytes.subarray(attributesAt))
  if (computed !== batch.crc) {
    throw corrupt(`Record is corrupt (stored crc = ${batch.crc}, computed crc = ${computed})`)
  }
  if ((batch.attributes & attributeBits.codec) >= codecs.length) {
    throw corrupt(`Unknown compression type id: ${batch.attributes & attributeBits.codec}`)
  }
}

/** Gives a batch its place in the log. Offset and leader epoch lie outside the checksum. */
export function placeBatch(bytes: Buffer, baseOffset: number, leaderEpoch: number): void {
  bytes.writeBigInt64BE(BigInt(baseOffset), 0)
  bytes.writeInt32BE(leaderEpoch, 12)
}

/**
 * A copy of a batch as another producer would have written it: at offset 0, of this producer, in no transaction. The records stay as
 * they are, compressed or not.
 */
export function batchOfProducer(
  batch: Batch,
  by: { readonly producerId: bigint; readonly producerEpoch: number; readonly baseSequence: number },
): Buffer {
  const bytes = Buffer.from(batch.bytes)
  placeBatch(bytes, 0, -1)
  bytes.writeInt16BE(batch.attributes & ~attributeBits.transactional, attributesAt)
  bytes.writeBigInt64BE(by.producerId, 43)
  bytes.writeInt16BE(by.producerEpoch, 51)
  bytes.writeInt32BE(by.baseSequence, 53)
  bytes.writeUInt32BE(crc32c(bytes.subarray(attributesAt)), crcAt)
  return bytes
}

/** Stamps a batch with the broker's time (DefaultRecordBatch.setMaxTimestamp) and recomputes its checksum. */
export function stampBatch(bytes: Buffer, maxTimestamp: Int64, timestampType: Batch['timestampType']): void {
  const attributes = bytes.readInt16BE(attributesAt) & ~attributeBits.logAppendTime
  bytes.writeInt16BE(
    timestampType === 'LogAppendTime' ? attributes | attributeBits.logAppendTime : attributes,
    attributesAt,
  )
  bytes.writeBigInt64BE(BigInt(maxTimestamp), 35)
  bytes.writeUInt32BE(crc32c(bytes.subarray(attributesAt)), crcAt)
}

/** Largest high half of a safe integer. */
const safeHigh = 2 ** 21

/** Reads 8 bytes without a bigint where the number is exact: most are, and a search reads three of them for each batch. */
function readInt64(bytes: Buffer, at: number): Int64 {
  const high = bytes.readInt32BE(at)
  if (high < -safeHigh || high >= safeHigh) return int64(bytes.readBigInt64BE(at))
  const value = high * 2 ** 32 + bytes.readUInt32BE(at + 4)
  return Number.isSafeInteger(value) ? value : int64(bytes.readBigInt64BE(at))
}

/** False for the producer id -1. */
function hasProducer(bytes: Buffer): boolean {
  return bytes.readInt32BE(43) !== -1 || bytes.readInt32BE(47) !== -1
}

/** No log has offsets beyond 2^53: they are limited to what is exact. */
function safeOffset(value: Int64): number {
  if (typeof value === 'number') return value
  return value > 0n ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER
}
