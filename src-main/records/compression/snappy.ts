import { compressSync, uncompressSync } from 'snappy'
import { corrupt } from '../failures'

/** xerial's framing (snappy-java): this magic, two int32 versions, then blocks, each after its int32 length. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const xerialHeaderBytes = 16
const blockBytes = 32 * 1024

/** Reads both what Java and librdkafka's xerial-minded peers frame, and the bare block that others send. */
export function snappyDecompress(bytes: Buffer, limitBytes: number): Buffer {
  if (bytes.length < xerialHeaderBytes || !bytes.subarray(0, 8).equals(xerialMagic)) return block(bytes, limitBytes)
  const blocks: Buffer[] = []
  let unpacked = 0
  for (let at = xerialHeaderBytes; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw corrupt('snappy data ends within a block length')
    // Concatenated streams: a header may come again where a length is expected (SnappyInputStream).
    if (bytes.length - at >= xerialHeaderBytes && bytes.subarray(at, at + 8).equals(xerialMagic)) {
      at += xerialHeaderBytes
      continue
    }
    const length = bytes.readInt32BE(at)
    at += 4
    if (length < 0 || length > bytes.length - at)
      throw corrupt(`snappy block declares ${length} bytes, ${bytes.length - at} left`)
    const piece = block(bytes.subarray(at, at + length), limitBytes - unpacked)
    unpacked += piece.length
    blocks.push(piece)
    at += length
  }
  return blocks.length === 1 && blocks[0] ? blocks[0] : Buffer.concat(blocks)
}

export function snappyCompress(bytes: Buffer): Buffer {
  const header = Buffer.alloc(xerialHeaderBytes)
  xerialMagic.copy(header)
  header.writeInt32BE(1, 8)
  header.writeInt32BE(1, 12)
  const parts: Buffer[] = [header]
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const packed = compressSync(bytes.subarray(at, at + blockBytes))
    const length = Buffer.allocUnsafe(4)
    length.writeInt32BE(packed.length)
    parts.push(length, packed)
  }
  return Buffer.concat(parts)
}

function block(bytes: Buffer, limitBytes: number): Buffer {
  const declared = declaredBytes(bytes)
  if (declared > limitBytes)
    throw corrupt(`snappy block declares ${declared} unpacked bytes; at most ${limitBytes} are read`)
  try {
    return uncompressSync(bytes, { asBuffer: true }) as Buffer
  } catch (error) {
    throw corrupt(`snappy data cannot be unpacked: ${(error as Error).message}`)
  }
}

/** A block begins with its unpacked length as a varint. */
function declaredBytes(bytes: Buffer): number {
  let value = 0
  for (let i = 0; i < 5 && i < bytes.length; i++) {
    const byte = bytes[i] as number
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return value
  }
  throw corrupt('snappy block has no length')
}
