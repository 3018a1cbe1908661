import { int64 } from '../base/int64'
import { type Batch, codecs, readBatches } from './batch'
import { decompress, maxUnpackedBytes } from './compression'
import { checkLz4Frame } from './compression/lz4'
import { crc32 } from './crc'
import { corrupt, RecordsError } from './failures'
import { type LogRecord, readRecords } from './record'

/** Bytes of a message before its key: offset, size, checksum, magic, attributes, and from magic 1 on a timestamp. */
const overheadBytes = 12
const headerBytes = [6, 14] as const
const codecBits = 0x07
const logAppendTimeBit = 0x08

/** One message of magic 0 or 1, unpacked. They have no headers. */
interface LegacyRecord extends LogRecord {
  readonly magic: 0 | 1
}

export interface LegacySet {
  readonly records: readonly LegacyRecord[]
  /** The codec of the first message: what a set is stored with again. */
  readonly codec: (typeof codecs)[number]
}

/** Reads a message set of magic 0 and 1, wrapped compressed sets included. @throws RecordsError */
export function readLegacySet(bytes: Uint8Array): LegacySet {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records: LegacyRecord[] = []
  let codec: LegacySet['codec'] | undefined
  for (let at = 0; at < buffer.length; ) {
    const message = readMessage(buffer, at)
    codec ??= message.codec
    records.push(...unwrap(message))
    at += message.sizeBytes
  }
  return { records, codec: codec ?? 'none' }
}

interface Message extends LegacyRecord {
  readonly codec: LegacySet['codec']
  readonly sizeBytes: number
  readonly isLogAppendTime: boolean
}

function readMessage(buffer: Buffer, at: number): Message {
  const left = buffer.length - at
  if (left < overheadBytes + headerBytes[0])
    throw corrupt(`Message needs ${overheadBytes + headerBytes[0]} bytes, ${left} left`)
  const size = buffer.readInt32BE(at + 8)
  if (size < headerBytes[0] || size > left - overheadBytes)
    throw corrupt(`Message declares ${size} bytes, ${left - overheadBytes} left`)
  const body = buffer.subarray(at + overheadBytes, at + overheadBytes + size)
  const stored = body.readUInt32BE(0)
  const computed = crc32(body.subarray(4))
  if (stored !== computed) throw corrupt(`Record is corrupt (stored crc = ${stored}, computed crc = ${computed})`)
  const magic = body[4]
  if (magic !== 0 && magic !== 1) throw corrupt(`Message has magic ${magic}`)
  if (size < headerBytes[magic] + 8) throw corrupt(`Message of magic ${magic} declares only ${size} bytes`)
  const attributes = body[5] as number
  const codec = codecs[attributes & codecBits]
  if (codec === undefined) throw corrupt(`Unknown compression type id: ${attributes & codecBits}`)
  let position: number = headerBytes[magic]
  const field = (): Buffer | null => {
    if (position + 4 > size) throw corrupt('Message is cut off')
    const length = body.readInt32BE(position)
    position += 4
    if (length < 0) return null
    if (length > size - position) throw corrupt(`Message declares a field of ${length} bytes, ${size - position} left`)
    position += length
    return body.subarray(position - length, position)
  }
  const key = field()
  const value = field()
  return {
    magic,
    codec,
    offset: Number(buffer.readBigInt64BE(at)),
    timestamp: magic === 1 ? int64(body.readBigInt64BE(6)) : -1,
    isLogAppendTime: magic === 1 && (attributes & logAppendTimeBit) !== 0,
    key,
    value,
    headers: [],
    sizeBytes: overheadBytes + size,
  }
}

/** A compressed message holds a set; at magic 1 its offsets are relative and the wrapper bears the last one (KIP-31). */
function unwrap(message: Message): LegacyRecord[] {
  if (message.codec === 'none') return [message]
  if (message.value === null) throw corrupt('Found invalid compressed record set with null value')
  if (message.codec === 'zstd')
    throw new RecordsError('UNSUPPORTED_COMPRESSION_TYPE', `zstd is not for magic ${message.magic}`)
  const packed = mended(message)
  if (message.codec === 'lz4') checkLz4Frame(packed)
  const unpacked = decompress(message.codec, packed, maxUnpackedBytes)
  const inner: Message[] = []
  for (let at = 0; at < unpacked.length; ) {
    const one = readMessage(unpacked, at)
    if (one.codec !== 'none') throw corrupt('Inner records must not be compressed')
    if (one.magic !== message.magic)
      throw corrupt(`Compressed message magic ${message.magic} does not match wrapper magic ${one.magic}`)
    inner.push(one)
    at += one.sizeBytes
  }
  const last = inner[inner.length - 1]
  if (!last) throw corrupt('Found invalid compressed record set with no inner records')
  const base = message.magic === 1 ? message.offset - last.offset : 0
  return inner.map((one) => ({
    ...one,
    offset: base + one.offset,
    timestamp: message.isLogAppendTime ? message.timestamp : one.timestamp,
  }))
}

/** KAFKA-3160: at magic 0 the lz4 frame's header checksum also covered the frame's magic. The right one is put in its place. */
function mended(message: Message): Buffer {
  const value = message.value as Buffer
  if (message.codec !== 'lz4' || message.magic !== 0 || value.length < 7) return value
  const at = value[4] !== undefined && (value[4] & 0x08) !== 0 ? 14 : 6
  const copy = Buffer.from(value)
  copy[at] = (xxh32(value.subarray(4, at)) >>> 8) & 0xff
  return copy
}

/** xxHash32 with seed 0 of fewer than 16 bytes: all that a frame descriptor has. */
function xxh32(bytes: Buffer): number {
  const [prime1, prime2, prime3, prime4, prime5] = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1]
  let hash = (prime5 + bytes.length) >>> 0
  const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by))
  let at = 0
  for (; at + 4 <= bytes.length; at += 4) {
    hash = Math.imul(rotate((hash + Math.imul(bytes.readUInt32LE(at), prime3)) | 0, 17), prime4)
  }
  for (; at < bytes.length; at++)
    hash = Math.imul(rotate((hash + Math.imul(bytes[at] as number, prime5)) | 0, 11), prime1)
  hash = Math.imul(hash ^ (hash >>> 15), prime2)
  hash = Math.imul(hash ^ (hash >>> 13), prime3)
  return (hash ^ (hash >>> 16)) >>> 0
}

/**
 * Batches as a message set for clients that cannot read v2 (RecordsUtil.downConvert, up to Kafka 3.9): headers, control batches and
 * records before `from` are left out. Written uncompressed. Ends before a batch that cannot be converted; returns its error when there
 * is nothing before it.
 */
export function downConvert(batches: readonly Uint8Array[], magic: 0 | 1, from: number): Uint8Array[] | RecordsError {
  const messages: Uint8Array[] = []
  try {
    for (const bytes of batches) for (const batch of readBatches(bytes)) messages.push(...converted(batch, magic, from))
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error
    if (messages.length === 0) return error
  }
  return messages
}

function converted(batch: Batch, magic: 0 | 1, from: number): Uint8Array[] {
  if (batch.isControl) return []
  if (batch.codec === 'zstd') {
    throw new RecordsError(
      'UNSUPPORTED_COMPRESSION_TYPE',
      'Down-conversion of zstandard-compressed batches is not supported',
    )
  }
  return [...readRecords(batch)].filter(({ offset }) => offset >= from).map((record) => encodeMessage(record, magic))
}

function encodeMessage({ offset, timestamp, key, value }: LogRecord, magic: 0 | 1): Buffer {
  const size = headerBytes[magic] + 8 + (key?.length ?? 0) + (value?.length ?? 0)
  const bytes = Buffer.allocUnsafe(overheadBytes + size)
  bytes.writeBigInt64BE(BigInt(offset), 0)
  bytes.writeInt32BE(size, 8)
  bytes[16] = magic
  bytes[17] = 0
  if (magic === 1) bytes.writeBigInt64BE(BigInt(timestamp), 18)
  let at = overheadBytes + headerBytes[magic]
  for (const field of [key, value]) {
    at = bytes.writeInt32BE(field === null ? -1 : field.length, at)
    if (field) at += field.copy(bytes, at)
  }
  bytes.writeUInt32BE(crc32(bytes.subarray(16)), 12)
  return bytes
}
