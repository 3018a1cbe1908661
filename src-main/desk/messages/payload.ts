import type { ExactMessage, Payload } from '../../contract/messages'
import type { LogRecord } from '../../records/record'
import { printableOf } from '../decoders/auto'

/** Bytes as a page and a file hold them: text where they are UTF-8 that people read. `bytesOf` gives the same bytes back. */
export function payloadOf(bytes: Uint8Array | null): Payload {
  return bytes === null ? null : (printableOf(bytes) ?? base64Of(bytes))
}

export function base64Of(bytes: Uint8Array): { readonly base64: string } {
  return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') }
}

export function bytesOf(payload: Payload): Buffer | null {
  if (payload === null) return null
  return typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload.base64, 'base64')
}

export function exactMessage({ key, value, headers }: LogRecord): ExactMessage {
  return {
    key: payloadOf(key),
    value: payloadOf(value),
    headers: headers.map((header) => ({ key: header.key, value: payloadOf(header.value) })),
  }
}
