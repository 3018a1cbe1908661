import { buf as crc32Signed } from 'crc-32'
import { buf as crc32cSigned } from 'crc-32/crc32c'

/** Native CRC-32C where the machine has a build of it: in JavaScript it would cost a quarter of the throughput. */
const native = ((): ((bytes: Uint8Array) => number) | undefined => {
  try {
    return (require('@node-rs/crc32') as { crc32c(bytes: Uint8Array): number }).crc32c
  } catch {
    return undefined
  }
})()

/** CRC-32C (Castagnoli), unsigned: batches of magic 2. */
export const crc32c: (bytes: Uint8Array) => number = native ?? ((bytes) => crc32cSigned(bytes) >>> 0)

/** CRC-32 (IEEE), unsigned: messages of magic 0 and 1. */
export const crc32 = (bytes: Uint8Array): number => crc32Signed(bytes) >>> 0
