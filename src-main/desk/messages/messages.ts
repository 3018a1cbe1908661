import type { TopicPartition } from '../../base/topic-partition'
import type { ExactMessage, MessageDetail, MessageRow } from '../../contract/messages'
import { type Batch, batchHeaderBytes, readBatch } from '../../records/batch'
import { type LogRecord, readRecords, unpackRecords } from '../../records/record'
import { decode, detailBytes, tableCharacters } from '../decoders/auto'
import { type DecoderChoices, decodersOf } from '../decoders/chosen'
import type { ClusterSource } from '../source/source'
import { consumers, writers } from './consumed'
import { type Decoding, decodingFor } from './decoding'
import { exactMessage } from './payload'
import { recordsOf } from './readable'

async function decodingOf(
  { decoding: schemas }: ClusterSource,
  decoders: DecoderChoices,
  topic: string,
  record: LogRecord,
): Promise<Decoding> {
  const decoding = await decodingFor(await decodersOf(decoders, topic), topic, schemas)
  await decoding.prepare?.([record])
  return decoding
}

/** The first record at or behind an offset, as a table shows it. Control records and what was compacted away are passed over. */
export async function messageAt(
  source: ClusterSource,
  decoders: DecoderChoices,
  place: TopicPartition,
  offset: number,
): Promise<MessageRow | null> {
  const { records } = source
  for (let from = offset; ; ) {
    const read = await records.read(place, from)
    if (!read) return null
    const batch = readBatch(read.bytes)
    const record = batch.isControl ? undefined : recordsOf(batch).records.find((one) => one.offset >= offset)
    if (record) {
      const { key, value } = record
      const decoding = await decodingOf(source, decoders, place.topic, record)
      return {
        topic: place.topic,
        partition: place.partition,
        offset: record.offset,
        timestamp: Number(record.timestamp),
        key: decoding.key(key, tableCharacters, { part: 'key', key, headers: record.headers }),
        value: decoding.value(value, tableCharacters, { part: 'value', key, headers: record.headers }),
        headers: record.headers.length,
        sizeBytes: (key?.length ?? 0) + (value?.length ?? 0),
        transaction: read.transaction,
      }
    }
    from = batch.lastOffset + 1
  }
}

/** One record byte for byte. @throws Error when it is gone */
export async function exact(source: ClusterSource, place: TopicPartition, offset: number): Promise<ExactMessage> {
  return exactMessage((await recordAt(source, place, offset)).record)
}

async function recordAt({ records }: ClusterSource, place: TopicPartition, offset: number) {
  const read = await records.read(place, offset)
  const batch = read && readBatch(read.bytes)
  const unpacked = batch && unpackRecords(batch)
  const record = batch && [...readRecords(batch, unpacked ?? undefined)].find((one) => one.offset === offset)
  if (!read || !batch || !record || !unpacked) {
    throw new Error(
      `There is no message at offset ${offset} of ${place.topic}-${place.partition}: it was deleted or compacted away, or the offset is a control record.`,
    )
  }
  return { batch, unpacked, record, transaction: read.transaction }
}

/** One record with its batch, and which groups have read it. @throws Error when it is gone */
export async function detail(
  source: ClusterSource,
  decoders: DecoderChoices,
  place: TopicPartition,
  offset: number,
): Promise<MessageDetail> {
  const { batch, unpacked, record, transaction } = await recordAt(source, place, offset)
  const { key, value } = record
  const decoding = await decodingOf(source, decoders, place.topic, record)
  const producerId = String(batch.producerId)
  const known = transaction
    ? (await source.transactions.list()).find((one) => one.producerId === producerId)
    : undefined
  return {
    topic: place.topic,
    partition: place.partition,
    offset,
    timestamp: Number(record.timestamp),
    timestampType: batch.timestampType,
    key: decoding.key(key, detailBytes, { part: 'key', key, headers: record.headers }),
    value: decoding.value(value, detailBytes, { part: 'value', key, headers: record.headers }),
    keyHex: hex(record.key),
    valueHex: hex(record.value),
    headers: record.headers.map((header) => ({ key: header.key, value: decode(header.value, detailBytes) })),
    batch: {
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      records: batch.recordCount,
      codec: batch.codec,
      sizeBytes: batch.bytes.length,
      compressionRatio: compressionRatio(batch, unpacked.length),
      crc: batch.crc,
      producerId,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      transactional: batch.isTransactional,
      leaderEpoch: batch.leaderEpoch,
    },
    transaction: transaction && { state: transaction, id: known?.transactionalId ?? null },
    next: await nextOf(source, place, offset),
    consumedBy: await consumers(source, place, offset),
    writtenBy: await writers(source, place.topic, producerId),
  }
}

/** How many times smaller the records became; the header of a batch is never compressed. `null` without a codec. */
function compressionRatio({ bytes, codec }: Batch, recordsBytes: number): number | null {
  return codec === 'none' ? null : recordsBytes / Math.max(1, bytes.length - batchHeaderBytes)
}

/** Offsets that hold no record were control records, or were compacted away. */
async function nextOf(
  { records }: ClusterSource,
  place: TopicPartition,
  offset: number,
): Promise<MessageDetail['next']> {
  let markers = 0
  for (let from = offset + 1; ; ) {
    const read = await records.read(place, from)
    if (!read) return null
    const batch = readBatch(read.bytes)
    const next = batch.isControl ? undefined : recordsOf(batch).records.find((record) => record.offset > offset)
    if (next) return { offset: next.offset, gap: gapText(next.offset - offset - 1, markers) }
    if (batch.isControl) markers += batch.recordCount
    from = batch.lastOffset + 1
  }
}

function gapText(missing: number, markers: number): string | null {
  const compacted = missing - markers
  const parts = [
    ...(markers > 0 ? [`${markers} ${markers === 1 ? 'is a transaction marker' : 'are transaction markers'}`] : []),
    ...(compacted > 0 ? [`${compacted} ${compacted === 1 ? 'was' : 'were'} compacted away`] : []),
  ]
  return parts.length > 0 ? `between them ${parts.join(', ')}` : null
}

function hex(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64 * 1024)).toString('hex')
}
