import { decode as decodeMsgpack } from '@msgpack/msgpack'
import { decode as decodeCbor } from 'cbor2'

/** Formats that carry what JSON carries, in bytes. Integers beyond 53 bits come as bigint. @throws Error for bytes that are no such value */
export const binaryJson = {
  msgpack: (bytes: Uint8Array): unknown => decodeMsgpack(bytes, { useBigInt64: true }),
  cbor: (bytes: Uint8Array): unknown => decodeCbor(bytes),
} as const
