import * as zlib from 'node:zlib'
import { corrupt } from '../failures'

interface Zstd {
  compress(bytes: Buffer, level?: number): Buffer
  decompress(bytes: Buffer, limitBytes: number): Buffer
}

/** Node's own zstd where it has one (22.15 and later), else the zstd-napi package. */
const zstd: Zstd | undefined = nodeZstd() ?? packagedZstd()

export function zstdDecompress(bytes: Buffer, limitBytes: number): Buffer {
  if (!zstd) throw new Error('zstd is not available on this machine: the package zstd-napi has no build for it')
  try {
    const frames = [...dataFrames(bytes)]
    if (frames.length === 1) return zstd.decompress(frames[0] as Buffer, limitBytes)
    const parts: Buffer[] = []
    let left = limitBytes
    for (const frame of frames) {
      const part = zstd.decompress(frame, left)
      left -= part.length
      parts.push(part)
    }
    return Buffer.concat(parts)
  } catch (error) {
    throw corrupt(`zstd data cannot be unpacked: ${(error as Error).message}`)
  }
}

const frameMagic = 0xfd2fb528
const skippableMagic = 0x184d2a50

/** The frames of a stream (RFC 8878): there may be several, and skippable ones between them, which Node's zlib does not read. */
function* dataFrames(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const magic = bytes.readUInt32LE(at)
    const isSkippable = ((magic ^ skippableMagic) & 0xfffffff0) === 0
    const end = isSkippable ? at + 8 + bytes.readUInt32LE(at + 4) : frameEnd(bytes, at)
    if (end > bytes.length) throw corrupt('a zstd frame is cut off')
    if (!isSkippable) yield bytes.subarray(at, end)
    at = end
  }
}

/** Where the frame at `at` ends: its blocks are walked by their headers. */
function frameEnd(bytes: Buffer, at: number): number {
  if (bytes.readUInt32LE(at) !== frameMagic) throw corrupt('no zstd frame begins here')
  const descriptor = bytes.readUInt8(at + 4)
  const isSingleSegment = (descriptor & 0x20) !== 0
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] as number
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 0x03] as number
  let position = at + 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + contentSizeBytes
  for (;;) {
    const header = bytes.readUIntLE(position, 3)
    const isLast = (header & 1) === 1
    const isRunLength = ((header >>> 1) & 3) === 1
    position += 3 + (isRunLength ? 1 : header >>> 3)
    if (isLast) return position + (descriptor & 0x04 ? 4 : 0)
  }
}

export function zstdCompress(bytes: Buffer, level?: number): Buffer {
  if (!zstd) throw new Error('zstd is not available on this machine: the package zstd-napi has no build for it')
  return zstd.compress(bytes, level)
}

function nodeZstd(): Zstd | undefined {
  // Absent in older runtimes, whatever the types say.
  const { zstdCompressSync, zstdDecompressSync, constants } = zlib as Partial<typeof zlib>
  if (!zstdCompressSync || !zstdDecompressSync || !constants) return undefined
  return {
    compress: (bytes, level) =>
      zstdCompressSync(bytes, level === undefined ? {} : { params: { [constants.ZSTD_c_compressionLevel]: level } }),
    decompress: (bytes, limitBytes) => zstdDecompressSync(bytes, { maxOutputLength: limitBytes }),
  }
}

function packagedZstd(): Zstd | undefined {
  try {
    const packaged = require('zstd-napi') as {
      compress(bytes: Buffer, parameters?: { compressionLevel?: number }): Buffer
      decompress(bytes: Buffer): Buffer
    }
    return {
      compress: (bytes, level) => packaged.compress(bytes, level === undefined ? {} : { compressionLevel: level }),
      decompress(bytes, limitBytes) {
        const unpacked = packaged.decompress(bytes)
        if (unpacked.length > limitBytes) throw corrupt(`zstd frame unpacks to more than ${limitBytes} bytes`)
        return unpacked
      },
    }
  } catch {
    return undefined
  }
}
