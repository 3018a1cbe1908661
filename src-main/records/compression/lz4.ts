import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import { corrupt } from '../failures'

const magic = 0x184d2204
const endMark = 0
/** Block maximum sizes by their id in the frame descriptor. */
const blockMaximum: Record<number, number> = { 4: 64 * 1024, 5: 256 * 1024, 6: 1024 * 1024, 7: 4 * 1024 * 1024 }

/**
 * The frame format with all of its flags. Kafka's magic 0 producers computed the descriptor's checksum over the magic too
 * (KAFKA-3160): `mendHeader` tells that the checksum may be theirs.
 */
export function lz4Decompress(bytes: Buffer, limitBytes: number, mendHeader?: (bytes: Buffer) => Buffer): Buffer {
  const frame = mendHeader ? mendHeader(bytes) : bytes
  checkFrame(frame, limitBytes)
  try {
    return decompressFrameSync(frame)
  } catch (error) {
    throw corrupt(`lz4 data cannot be unpacked: ${(error as Error).message}`)
  }
}

export function lz4Compress(bytes: Buffer): Buffer {
  return compressFrameSync(bytes)
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
