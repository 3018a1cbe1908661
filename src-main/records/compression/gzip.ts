import { gunzipSync, gzipSync } from 'node:zlib'
import { corrupt } from '../failures'

export function gunzip(bytes: Buffer, limitBytes: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: limitBytes })
  } catch (error) {
    throw corrupt(`gzip data cannot be unpacked: ${(error as Error).message}`)
  }
}

export function gzip(bytes: Buffer, level?: number): Buffer {
  return gzipSync(bytes, level === undefined ? {} : { level })
}
