import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import { corrupt, RecordsError } from '../failures'

const magic = 0x184d2204
const endMark = 0
/** Block maximum sizes by their id in the frame descriptor. */
const blockMaximum: Record<number, number> = { 4: 64 * 1024, 5: 256 * 1024, 6: 1024 * 1024, 7: 4 * 1024 * 1024 }

/** Unpacks a frame, with any of the format's flags. */
export function lz4Decompress(bytes: Buffer, limitBytes: number): Buffer {
  checkFrame(bytes, limitBytes)
  try {
    return decompressFrameSync(bytes)
  } catch (error) {
    throw corrupt(`lz4 data cannot be unpacked: ${(error as Error).message}`)
  }
}

export function lz4Compress(bytes: Buffer): Buffer {
  return compressFrameSync(bytes)
}

const versionBits = 0xc0
const version1 = 0x40
const independentBlocksBit = 0x20
const reservedFlagBits = 0x03
const reservedDescriptorBits = 0x8f

/**
 * Rejects a frame that no Java client can read: Lz4BlockInputStream (FLG and BD) knows neither blocks that depend on each other nor
 * dictionaries. Kafka answers a produce request with UNKNOWN_SERVER_ERROR, as the exception has no error code of its own.
 */
export function checkLz4Frame(bytes: Buffer): void {
  if (bytes.length < 7) throw corrupt('lz4 frame is cut off')
  if (bytes.readUInt32LE(0) !== magic) throw corrupt('lz4 frame has no magic')
  const flags = bytes[4] as number
  const descriptor = bytes[5] as number
  if ((flags & reservedFlagBits) !== 0) throw unreadable('Reserved bits must be 0')
  if ((flags & independentBlocksBit) === 0) throw unreadable('Dependent block stream is unsupported')
  if ((flags & versionBits) !== version1) throw unreadable(`Version ${flags >> 6} is unsupported`)
  if ((descriptor & reservedDescriptorBits) !== 0) throw unreadable('Reserved fields of the block descriptor must be 0')
}

function unreadable(message: string): RecordsError {
  return new RecordsError('UNKNOWN_SERVER_ERROR', message)
}

/** Walks the blocks: an unfinished frame is refused as Java does, and what it may unpack to is bounded before memory is taken. */
function checkFrame(bytes: Buffer, limitBytes: number): void {
  if (bytes.length < 7) throw corrupt('lz4 frame is cut off')
  if (bytes.readUInt32LE(0) !== magic) throw corrupt('lz4 frame has no magic')
  const flags = bytes[4] as number
  const maximum = blockMaximum[((bytes[5] as number) >> 4) & 7]
  if (maximum === undefined) throw corrupt('lz4 frame has an unknown block size')
  const hasContentSize = (flags & 0x08) !== 0
  const hasDictionary = (flags & 0x01) !== 0
  const blockChecksumBytes = flags & 0x10 ? 4 : 0
  const contentChecksumBytes = flags & 0x04 ? 4 : 0
  let at = 6 + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1
  let blocks = 0
  for (;;) {
    if (at + 4 > bytes.length) throw corrupt('lz4 frame ended prematurely')
    const length = bytes.readUInt32LE(at) & 0x7fffffff
    at += 4
    if (length === endMark) break
    at += length + blockChecksumBytes
    blocks++
    if (at > bytes.length) throw corrupt('lz4 frame ended prematurely')
  }
  if (at + contentChecksumBytes > bytes.length) throw corrupt('lz4 frame ended prematurely')
  // All but the last block are full.
  if ((blocks - 1) * maximum > limitBytes) throw corrupt(`lz4 frame unpacks to more than ${limitBytes} bytes`)
}
