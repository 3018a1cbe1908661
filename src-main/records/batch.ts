import { type Int64, int64 } from '../base/int64'
import { crc32c } from './crc'
import { corrupt } from './failures'

/** org.apache.kafka.common.record.CompressionType, by its id in the attributes. */
export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type Codec = (typeof codecs)[number]

/** Made once: it is asked for several times of each batch. */
const noProducerId = -1n

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
  readonly sizeBytes: number
  /** The memory that it was read from, and where in it: other batches may lie beside it. */
  readonly around: Buffer
  readonly at: number
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
  return new BatchHeader(buffer, offset, size)
}

/**
 * The header over its bytes. A search reads as many of these as there are batches and looks at few fields, so what it does not need is read when
 * it is asked for.
 */
class BatchHeader implements Batch {
  readonly around: Buffer
  readonly at: number
  readonly sizeBytes: number
  readonly baseOffset: number
  readonly lastOffset: number
  readonly attributes: number
  readonly recordCount: number
  #bytes: Buffer | undefined

  constructor(around: Buffer, at: number, sizeBytes: number) {
    this.around = around
    this.at = at
    this.sizeBytes = sizeBytes
    this.baseOffset = safeOffset(readInt64(around, at))
    this.lastOffset = Math.min(this.baseOffset + around.readInt32BE(at + 23), Number.MAX_SAFE_INTEGER)
    this.attributes = around.readInt16BE(at + attributesAt)
    this.recordCount = around.readInt32BE(at + 57)
  }

  get bytes(): Buffer {
    const { around, at, sizeBytes } = this
    return (this.#bytes ??= sizeBytes === around.length ? around : around.subarray(at, at + sizeBytes))
  }

  get leaderEpoch(): number {
    return this.around.readInt32BE(this.at + 12)
  }

  get crc(): number {
    return this.around.readUInt32BE(this.at + crcAt)
  }

  get codec(): Codec {
    return codecs[this.attributes & attributeBits.codec] ?? 'none'
  }

  get timestampType(): Batch['timestampType'] {
    return this.attributes & attributeBits.logAppendTime ? 'LogAppendTime' : 'CreateTime'
  }

  get isTransactional(): boolean {
    return (this.attributes & attributeBits.transactional) !== 0
  }

  get isControl(): boolean {
    return (this.attributes & attributeBits.control) !== 0
  }

  get hasDeleteHorizon(): boolean {
    return (this.attributes & attributeBits.deleteHorizon) !== 0
  }

  get baseTimestamp(): Int64 {
    return readInt64(this.around, this.at + 27)
  }

  get maxTimestamp(): Int64 {
    return readInt64(this.around, this.at + 35)
  }

  get producerId(): bigint {
    const { around, at } = this
    const isNone = around.readInt32BE(at + 43) === -1 && around.readInt32BE(at + 47) === -1
    return isNone ? noProducerId : around.readBigInt64BE(at + 43)
  }

  get producerEpoch(): number {
    return this.around.readInt16BE(this.at + 51)
  }

  get baseSequence(): number {
    return this.around.readInt32BE(this.at + 53)
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
    offset += batch.sizeBytes
  }
}

/** The last offset that each producer has in `bytes`, whose other parts are not read: up to where they are damaged, if they are. */
export function lastOffsetsOfProducers(bytes: Buffer): ReadonlyMap<bigint, number> {
  const offsets = new Map<bigint, number>()
  for (let at = 0; at + batchHeaderBytes <= bytes.length; ) {
    const size = bytes.readInt32BE(at + 8) + logOverheadBytes
    const lastOffset = bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4) + bytes.readInt32BE(at + 23)
    if (size < batchHeaderBytes || !Number.isSafeInteger(lastOffset)) break
    const producerId = bytes.readBigInt64BE(at + 43)
    if (producerId >= 0n) offsets.set(producerId, lastOffset)
    at += size
  }
  return offsets
}

/** Size of the whole v2 batch that begins at `at`, as far as its header tells; `undefined` when none does. */
export function wholeBatchSize(bytes: Buffer, at: number): number | undefined {
  if (at + batchHeaderBytes > bytes.length || bytes[at + 16] !== 2) return undefined
  const size = bytes.readInt32BE(at + 8) + logOverheadBytes
  return size < batchHeaderBytes || at + size > bytes.length ? undefined : size
}

/** Whether `bytes` are whole v2 batches and nothing else, as far as their headers tell. */
export function areWholeBatches(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; ) {
    const size = wholeBatchSize(bytes, at)
    if (size === undefined) return false
    at += size
  }
  return true
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

/** Whether `bytes` are the one whole v2 batch that had this base offset and this checksum. */
export function isIntact(bytes: Buffer, baseOffset: number, crc: number): boolean {
  if (wholeBatchSize(bytes, 0) !== bytes.length || readInt64(bytes, 0) !== baseOffset) return false
  return bytes.readUInt32BE(crcAt) === crc && crc32c(bytes.subarray(attributesAt)) === crc
}

/** A batch without records (DefaultRecordBatch.writeEmptyHeader): it keeps the offsets and sequence numbers of one that is lost. */
export function emptyBatch(
  of: Pick<
    Batch,
    'baseOffset' | 'lastOffset' | 'attributes' | 'maxTimestamp' | 'producerId' | 'producerEpoch' | 'baseSequence'
  >,
): Buffer {
  const bytes = Buffer.alloc(batchHeaderBytes)
  placeBatch(bytes, of.baseOffset, 0)
  bytes.writeInt32BE(batchHeaderBytes - logOverheadBytes, 8)
  bytes[16] = 2
  bytes.writeInt16BE(of.attributes & ~(attributeBits.codec | attributeBits.deleteHorizon), attributesAt)
  bytes.writeInt32BE(of.lastOffset - of.baseOffset, 23)
  bytes.writeBigInt64BE(-1n, 27)
  bytes.writeBigInt64BE(BigInt(of.maxTimestamp), 35)
  bytes.writeBigInt64BE(of.producerId, 43)
  bytes.writeInt16BE(of.producerEpoch, 51)
  bytes.writeInt32BE(of.baseSequence, 53)
  bytes.writeUInt32BE(crc32c(bytes.subarray(attributesAt)), crcAt)
  return bytes
}

/** Gives a batch its place in the log. Offset and leader epoch lie outside the checksum. */
export function placeBatch(bytes: Buffer, baseOffset: number, leaderEpoch: number): void {
  bytes.writeInt32BE(Math.floor(baseOffset / 2 ** 32), 0)
  bytes.writeUInt32BE(baseOffset >>> 0, 4)
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

/** No log has offsets beyond 2^53: they are limited to what is exact. */
function safeOffset(value: Int64): number {
  if (typeof value === 'number') return value
  return value > 0n ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER
}
