import { noteUnpacked } from '../../base/unpacked-bytes'
import type { Codec } from '../batch'
import { gunzip, gzip } from './gzip'
import { lz4Compress, lz4Decompress } from './lz4'
import { snappyCompress, snappyDecompress } from './snappy'
import { zstdCompress, zstdDecompress } from './zstd'

/** Most bytes that a batch may unpack to: a few kilobytes of zeros must not fill the memory. */
export const maxUnpackedBytes = 512 * 1024 * 1024

/** Compression level on the codec's own scale. */
export type Level = number | undefined

/** Unpacks what was packed with `codec`. @throws RecordsError CORRUPT_MESSAGE */
export function decompress(codec: Codec, bytes: Buffer, limitBytes = maxUnpackedBytes): Buffer {
  if (codec === 'none') return bytes
  const unpacked = unpack(codec, bytes, limitBytes)
  noteUnpacked(unpacked.length)
  return unpacked
}

function unpack(codec: Exclude<Codec, 'none'>, bytes: Buffer, limitBytes: number): Buffer {
  switch (codec) {
    case 'gzip':
      return gunzip(bytes, limitBytes)
    case 'snappy':
      return snappyDecompress(bytes, limitBytes)
    case 'lz4':
      return lz4Decompress(bytes, limitBytes)
    case 'zstd':
      return zstdDecompress(bytes, limitBytes)
  }
}

/** Packs as Kafka's own producers do: snappy in xerial's framing, lz4 in its frame format. */
export function compress(codec: Codec, bytes: Buffer, level?: Level): Buffer {
  switch (codec) {
    case 'none':
      return bytes
    case 'gzip':
      return gzip(bytes, level)
    case 'snappy':
      return snappyCompress(bytes)
    case 'lz4':
      return lz4Compress(bytes)
    case 'zstd':
      return zstdCompress(bytes, level)
  }
}
