import { type Int64, maxInt64, subtractInt64 } from '../base/int64'
import { attributeBits, batchHeaderBytes, type Codec, codecs, logOverheadBytes } from './batch'
import { compress, type Level } from './compression'
import { crc32c } from './crc'
import { varintBytes, writeVarint } from './varints'

/** A record to write. `offset` only where it is not the next one (compaction). */
export interface NewRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly { readonly key: string; readonly value: Uint8Array | null }[]
  readonly timestamp: Int64
  readonly offset?: number
}

export interface BatchOptions {
  readonly codec?: Codec
  readonly level?: Level
  readonly baseOffset?: number
  /** The last offset of the batch where it is not that of the last record (compaction keeps it). */
  readonly lastOffset?: number
  readonly leaderEpoch?: number
  readonly producerId?: bigint
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly isTransactional?: boolean
  readonly isControl?: boolean
  readonly timestampType?: 'CreateTime' | 'LogAppendTime'
  readonly maxTimestamp?: Int64
  /** KIP-534: replaces the base timestamp. */
  readonly deleteHorizonMs?: Int64
}

/** A v2 batch (DefaultRecordBatch). Without options: uncompressed, at offset 0, of no producer. */
export function encodeBatch(records: readonly NewRecord[], options: BatchOptions = {}): Buffer {
  const baseOffset = options.baseOffset ?? 0
  const codec = options.codec ?? 'none'
  const baseTimestamp = options.deleteHorizonMs ?? records[0]?.timestamp ?? -1
  const body = Buffer.concat(
    records.map((record, i) =>
      encodeRecord(
        record,
        subtractInt64(record.timestamp, baseTimestamp),
        (record.offset ?? baseOffset + i) - baseOffset,
      ),
    ),
  )
  const packed = compress(codec, body, options.level)
  const lastRecord = records[records.length - 1]
  const lastOffset = options.lastOffset ?? lastRecord?.offset ?? baseOffset + records.length - 1
  const bytes = Buffer.allocUnsafe(batchHeaderBytes + packed.length)
  bytes.writeBigInt64BE(BigInt(baseOffset), 0)
  bytes.writeInt32BE(bytes.length - logOverheadBytes, 8)
  bytes.writeInt32BE(options.leaderEpoch ?? -1, 12)
  bytes[16] = 2
  bytes.writeInt16BE(attributesOf(codec, options), 21)
  bytes.writeInt32BE(lastOffset - baseOffset, 23)
  bytes.writeBigInt64BE(BigInt(baseTimestamp), 27)
  bytes.writeBigInt64BE(
    BigInt(options.maxTimestamp ?? records.reduce<Int64>((max, { timestamp }) => maxInt64(max, timestamp), -1)),
    35,
  )
  bytes.writeBigInt64BE(options.producerId ?? -1n, 43)
  bytes.writeInt16BE(options.producerEpoch ?? -1, 51)
  bytes.writeInt32BE(options.baseSequence ?? -1, 53)
  bytes.writeInt32BE(records.length, 57)
  packed.copy(bytes, batchHeaderBytes)
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)
  return bytes
}

function attributesOf(codec: Codec, options: BatchOptions): number {
  return (
    codecs.indexOf(codec) |
    (options.timestampType === 'LogAppendTime' ? attributeBits.logAppendTime : 0) |
    (options.isTransactional ? attributeBits.transactional : 0) |
    (options.isControl ? attributeBits.control : 0) |
    (options.deleteHorizonMs === undefined ? 0 : attributeBits.deleteHorizon)
  )
}

function encodeRecord(record: NewRecord, timestampDelta: Int64, offsetDelta: number): Buffer {
  const headers = (record.headers ?? []).map(({ key, value }) => ({ key: Buffer.from(key), value }))
  const sized = (bytes: Uint8Array | null) => (bytes === null ? 1 : varintBytes(bytes.byteLength) + bytes.byteLength)
  const length =
    1 +
    varintBytes(timestampDelta) +
    varintBytes(offsetDelta) +
    sized(record.key) +
    sized(record.value) +
    varintBytes(headers.length) +
    headers.reduce((sum, { key, value }) => sum + sized(key) + sized(value), 0)
  const bytes = Buffer.allocUnsafe(varintBytes(length) + length)
  let at = writeVarint(bytes, 0, length)
  bytes[at++] = 0
  at = writeVarint(bytes, at, timestampDelta)
  at = writeVarint(bytes, at, offsetDelta)
  const put = (content: Uint8Array | null) => {
    at = writeVarint(bytes, at, content === null ? -1 : content.byteLength)
    if (content === null) return
    bytes.set(content, at)
    at += content.byteLength
  }
  put(record.key)
  put(record.value)
  at = writeVarint(bytes, at, headers.length)
  for (const { key, value } of headers) {
    put(key)
    put(value)
  }
  return bytes
}

/** Outcome of a transaction in its marker (ControlRecordType). */
export type Marker = 'ABORT' | 'COMMIT'

/** The control batch that ends a transaction in one partition (EndTransactionMarker). */
export function encodeMarker(
  marker: Marker,
  of: {
    readonly producerId: bigint
    readonly producerEpoch: number
    readonly coordinatorEpoch: number
    readonly timestamp: number
  },
): Buffer {
  const key = Buffer.alloc(4)
  key.writeInt16BE(marker === 'COMMIT' ? 1 : 0, 2)
  const value = Buffer.alloc(6)
  value.writeInt32BE(of.coordinatorEpoch, 2)
  return encodeBatch([{ key, value, timestamp: of.timestamp }], {
    producerId: of.producerId,
    producerEpoch: of.producerEpoch,
    isTransactional: true,
    isControl: true,
  })
}

/** Which marker a control record's key says; other control records (leader change, snapshots) are none. */
export function markerOf(key: Uint8Array | null): Marker | undefined {
  if (!key || key.byteLength < 4) return undefined
  const type = ((key[2] as number) << 8) | (key[3] as number)
  return type === 0 ? 'ABORT' : type === 1 ? 'COMMIT' : undefined
}
