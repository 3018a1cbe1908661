import { expect, test } from 'vitest'
import { type Int64, int64 } from '../../src-main/base/int64'
import { type Batch, checkBatch, magicAt, placeBatch, readBatch, stampBatch } from '../../src-main/records/batch'
import { encodeBatch } from '../../src-main/records/encode'
import { RecordsError } from '../../src-main/records/failures'
import { readLegacySet } from '../../src-main/records/legacy'
import { type LogRecord, readRecords } from '../../src-main/records/record'
import { corpus } from './corpus'

interface GoldenRecord {
  readonly offset: number
  readonly timestamp: Int64 | string
  readonly keyBase64: string | null
  readonly valueBase64: string | null
  readonly headers: readonly (readonly [string, string | null])[]
}

interface GoldenBatch {
  readonly position: number
  readonly sizeInBytes: number
  readonly magic: number
  readonly valid: boolean
  readonly error?: string
  readonly baseOffset: number
  readonly lastOffset: number
  readonly crc: number
  readonly attributes: number
  readonly compression: string
  readonly timestampType: string
  readonly maxTimestamp: number | string
  readonly producerId: number | string
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly records?: readonly GoldenRecord[]
}

interface Line {
  readonly name: string
  readonly hex: string
  readonly javaReads: boolean
  readonly byteExact: boolean
  readonly batches: readonly GoldenBatch[]
  readonly truncatedTailBytes?: number
  readonly recordsMeant?: readonly GoldenRecord[]
  readonly rewrite?: {
    readonly lastOffset: number
    readonly partitionLeaderEpoch: number
    readonly logAppendTime?: number
  }
  readonly hexAfter?: string
}

/** An offset of the corpus, limited to what is exact, as the offsets of a log are. */
const safe = (value: number | string) =>
  Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value)))

/** A time of the corpus, exact. */
const exact = (value: Int64 | string) => int64(BigInt(value))

/** The facts of a record that every reader has. */
const expected = ({ offset, timestamp, keyBase64, valueBase64, headers }: GoldenRecord): GoldenRecord => ({
  offset,
  timestamp: exact(timestamp),
  keyBase64,
  valueBase64,
  headers,
})

const toGolden = ({ offset, timestamp, key, value, headers }: LogRecord): GoldenRecord => ({
  offset,
  timestamp,
  keyBase64: key?.toString('base64') ?? null,
  valueBase64: value?.toString('base64') ?? null,
  headers: headers.map((header) => [header.key, header.value?.toString('base64') ?? null] as const),
})

/** A whole batch or message as a broker must read it. */
function read(bytes: Buffer): { batch?: Batch; records: LogRecord[] } {
  if (magicAt(bytes) < 2) return { records: [...readLegacySet(bytes).records] }
  const batch = readBatch(bytes)
  checkBatch(batch)
  return { batch, records: [...readRecords(batch)] }
}

const lines = corpus<Line>('records')

for (const line of lines) {
  test(line.name, () => {
    const all = Buffer.from(line.hex, 'hex')
    if (!line.javaReads) {
      // Kafka refuses some of it: so do we, by an error of our own making and never by another exception.
      const readAll = () => {
        for (let at = 0; at < all.length; ) {
          const size = all.length - at >= 17 ? all.readInt32BE(at + 8) + 12 : 0
          read(all.subarray(at, size > 0 ? at + size : undefined))
          at += Math.max(1, size)
        }
      }
      if (line.recordsMeant) {
        // Others write it so and a tolerant reader finds the records; refusing is allowed, misreading is not.
        try {
          readAll()
        } catch (error) {
          expect(error).toBeInstanceOf(RecordsError)
        }
      } else expect(readAll).toThrow(RecordsError)
      return
    }
    for (const golden of line.batches) {
      const bytes = all.subarray(golden.position, golden.position + golden.sizeInBytes)
      const { batch, records } = read(bytes)
      if (batch) {
        expect({
          baseOffset: batch.baseOffset,
          lastOffset: batch.lastOffset,
          crc: batch.crc,
          attributes: batch.attributes,
          compression: batch.codec,
          timestampType: batch.timestampType,
          maxTimestamp: batch.maxTimestamp,
          producerId: String(batch.producerId),
          producerEpoch: batch.producerEpoch,
          baseSequence: batch.baseSequence,
        }).toEqual({
          baseOffset: safe(golden.baseOffset),
          lastOffset: safe(golden.lastOffset),
          crc: golden.crc,
          attributes: golden.attributes,
          compression: golden.compression,
          timestampType: golden.timestampType,
          maxTimestamp: exact(golden.maxTimestamp),
          producerId: String(golden.producerId),
          producerEpoch: golden.producerEpoch,
          baseSequence: golden.baseSequence,
        })
        if (line.byteExact && batch.timestampType === 'CreateTime' && Number.isSafeInteger(golden.lastOffset))
          expect(written(batch, records).toString('hex')).toBe(bytes.toString('hex'))
      }
      if (golden.records && Number.isSafeInteger(golden.lastOffset)) {
        expect(records.map(toGolden)).toEqual(golden.records.map(expected))
      }
    }
    if (line.rewrite && line.hexAfter && all[16] === 2) {
      const { lastOffset, partitionLeaderEpoch, logAppendTime } = line.rewrite
      const copy = Buffer.from(all)
      const batch = readBatch(copy)
      placeBatch(copy, lastOffset - (batch.lastOffset - batch.baseOffset), partitionLeaderEpoch)
      if (logAppendTime !== undefined) stampBatch(copy, logAppendTime, 'LogAppendTime')
      expect(copy.toString('hex')).toBe(line.hexAfter)
    }
  })
}

function written(batch: Batch, records: readonly LogRecord[]): Buffer {
  return encodeBatch(records, {
    codec: batch.codec,
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    leaderEpoch: batch.leaderEpoch,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
    maxTimestamp: batch.maxTimestamp,
    ...(batch.hasDeleteHorizon ? { deleteHorizonMs: batch.baseTimestamp } : {}),
  })
}
