import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Batch, readBatches } from '../../../src-main/records/batch'
import { crc32c } from '../../../src-main/records/crc'
import { encodeBatch } from '../../../src-main/records/encode'
import { type LogRecord, readRecords } from '../../../src-main/records/record'
import { batchOf, TestBroker, type TestClient } from '../../support/core'

let broker: TestBroker
let client: TestClient
beforeEach(() => {
  broker = new TestBroker()
  client = broker.client()
})
afterEach(() => broker.dispose())

const nanoseconds = 1_700_000_000_000_000_000n
const anyTime = { 'message.timestamp.after.max.ms': '9223372036854775807' }

const recordsAt = (...timestamps: readonly bigint[]) =>
  encodeBatch(timestamps.map((timestamp, i) => ({ key: Buffer.from(`k${i}`), value: Buffer.from(`v${i}`), timestamp })))

async function stored(topic: string): Promise<{ batches: Batch[]; records: LogRecord[] }> {
  const { records } = await client.fetch(topic, 0)
  const batches = [...readBatches(records ?? new Uint8Array())]
  return { batches, records: batches.flatMap((batch) => [...readRecords(batch)]) }
}

/** Fetch 2, which Kafka 3.9 still serves: message sets instead of batches. */
async function fetchOld(topic: string, fetchOffset: number) {
  const { responses } = await client.ask('Fetch', 2, {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 0,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset: BigInt(fetchOffset), partitionMaxBytes: 1_000_000 }] }],
  } as never)
  return responses[0]!.partitions[0]!
}

async function listOffset(topic: string, timestamp: bigint) {
  const { topics } = await client.ask('ListOffsets', 7, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }] }],
  })
  const { offset, timestamp: found } = topics[0]!.partitions[0]!
  return { offset, timestamp: found }
}

describe('timestamps of 64 bits', () => {
  test('are stored and read as the producer sent them', async () => {
    await client.create('t', 1, anyTime)
    await client.produce('t', recordsAt(nanoseconds, nanoseconds + 1n))
    const { batches, records } = await stored('t')
    expect(records.map(({ timestamp }) => timestamp)).toEqual([nanoseconds, nanoseconds + 1n])
    expect(batches[0]?.maxTimestamp).toBe(nanoseconds + 1n)
  })

  test('survive a broker that compresses, and the forms of old clients', async () => {
    await client.create('t', 1, { ...anyTime, 'compression.type': 'gzip' })
    await client.produce('t', recordsAt(nanoseconds, 5n, nanoseconds + 1n))
    const { batches, records } = await stored('t')
    expect(batches[0]).toMatchObject({ codec: 'gzip', maxTimestamp: nanoseconds + 1n })
    expect(records.map(({ timestamp }) => timestamp)).toEqual([nanoseconds, 5, nanoseconds + 1n])
    const old = Buffer.from((await fetchOld('t', 0)).records ?? [])
    expect(old.readBigInt64BE(18)).toBe(nanoseconds)
  })

  test('are found by time, and the largest one by its first record', async () => {
    await client.create('t', 1, anyTime)
    await client.produce('t', recordsAt(nanoseconds, nanoseconds + 1n, nanoseconds + 1n))
    await client.produce('t', recordsAt(nanoseconds + 2n, 1n))
    expect(await listOffset('t', nanoseconds + 1n)).toEqual({ offset: 1n, timestamp: nanoseconds + 1n })
    expect(await listOffset('t', nanoseconds + 2n)).toEqual({ offset: 3n, timestamp: nanoseconds + 2n })
    expect(await listOffset('t', nanoseconds + 3n)).toEqual({ offset: -1n, timestamp: -1n })
    expect(await listOffset('t', -3n)).toEqual({ offset: 3n, timestamp: nanoseconds + 2n })
  })

  test('are the same after a restart', async () => {
    await client.create('t', 1, anyTime)
    await client.produce('t', recordsAt(nanoseconds + 1n))
    await broker.workspace.settled()
    const topic = broker.core.topics.find('t')!
    expect(broker.workspace.batches.open(topic.row.id, 0)).toMatchObject({
      maxTimestamp: nanoseconds + 1n,
      runningMaxTimestamp: nanoseconds + 1n,
    })
  })

  test('outside of what the topic allows are rejected as in Kafka', async () => {
    await client.create('t')
    expect((await client.produce('t', recordsAt(nanoseconds))).errorCode).toBe(32)
  })
})

describe('sizes', () => {
  test('a batch above max.message.bytes and segment.bytes is MESSAGE_TOO_LARGE, on which a producer splits it', async () => {
    await client.create('t', 1, { 'segment.bytes': '1048576' })
    await client.create('large', 1, { 'segment.bytes': '1048576', 'max.message.bytes': '5000000' })
    const large = batchOf(['x'.repeat(2_000_000)])
    expect((await client.produce('t', Buffer.from(large))).errorCode).toBe(10)
    expect((await client.produce('large', Buffer.from(large))).errorCode).toBe(18)
    expect((await client.fetch('large', 0)).highWatermark).toBe(0n)
  })
})

describe('lz4', () => {
  /** One stored (uncompressed) block of `body` in a frame with these flags; the checksum of the descriptor is given. */
  const frame = (body: Buffer, flags: number, checksum: number) => {
    const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, flags, 0x40, checksum, 0, 0, 0, 0x80, ...body, 0, 0, 0, 0])
    head.writeUInt32LE((0x80000000 | body.length) >>> 0, 7)
    return head
  }

  /** The batch with its records packed as the frame. */
  const packedAs = (flags: number, checksum: number) => {
    const plain = batchOf(['v'])
    const body = frame(plain.subarray(61), flags, checksum)
    return reChecked(Buffer.concat([plain.subarray(0, 61), body]))
  }

  test('blocks that depend on each other, which no Java client reads, are rejected and not stored', async () => {
    await client.create('t')
    expect((await client.produce('t', packedAs(0x40, 0xc0))).errorCode).toBe(-1)
    expect((await client.fetch('t', 0)).highWatermark).toBe(0n)
    expect((await client.produce('t', packedAs(0x60, 0x82))).errorCode).toBe(0)
    expect((await stored('t')).records.map(({ value }) => String(value))).toEqual(['v'])
  })
})

describe('old fetch versions', () => {
  test('a batch of zstd is the error of its partition, after what comes before it', async () => {
    await client.create('t')
    await client.produce('t', batchOf(['plain']))
    await client.produce('t', batchOf(['packed'], { codec: 'zstd' }))
    expect((await fetchOld('t', 0)).errorCode).toBe(0)
    expect((await fetchOld('t', 0)).records?.byteLength).toBeGreaterThan(0)
    expect((await fetchOld('t', 1)).errorCode).toBe(76)
  })
})

/** The batch as of codec lz4, with its own length and checksum. */
function reChecked(bytes: Buffer): Buffer {
  bytes.writeInt32BE(bytes.length - 12, 8)
  bytes.writeInt16BE(3, 21)
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)
  return bytes
}
