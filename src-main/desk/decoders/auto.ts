import type { Cell } from '../../contract/messages'
import { binaryJson } from './binary-json'
import { exactJson } from './exact-json'

/** Tables show this much of a value; the detail pane shows more. */
export const tableCharacters = 300
export const detailBytes = 1024 * 1024

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Control characters other than tab and line breaks: such bytes are no text for people. */
const unprintable = /[^\P{Cc}\t\n\r]/u
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * A key or a value as people read it, by looking at the bytes: JSON, text, a UUID, a number as Java's serializers write it, MessagePack or
 * CBOR of an object or a list, else bytes. JSON stays as it was written, so that 64-bit numbers and the order of keys are exact.
 */
export function decode(bytes: Uint8Array | null, maxCharacters: number): Cell {
  if (bytes === null) return { kind: 'null' }
  const text = textOf(bytes)
  if (text !== undefined) {
    return cellOf(isJson(text) ? 'json' : uuid.test(text) ? 'uuid' : 'text', text, bytes, maxCharacters)
  }
  const number = smallInteger(bytes)
  if (number !== undefined) return cellOf('integer', number, bytes, maxCharacters)
  const registered = bytes[0] === 0 ? textOf(bytes.subarray(5)) : undefined
  if (registered !== undefined && registered !== '' && isJson(registered)) {
    return cellOf('json', registered, bytes, maxCharacters)
  }
  for (const format of ['msgpack', 'cbor'] as const) {
    const value = structured(format, bytes)
    if (value !== undefined) return cellOf(format, exactJson(value), bytes, maxCharacters)
  }
  return hexCell(bytes, maxCharacters)
}

export function cellOf(
  kind: Exclude<Cell['kind'], 'null'>,
  text: string,
  { byteLength: sizeBytes }: Uint8Array,
  maxCharacters: number,
): Cell {
  return { kind, text: text.slice(0, maxCharacters), sizeBytes, cut: text.length > maxCharacters }
}

export function hexCell(bytes: Uint8Array, maxCharacters: number): Cell {
  const shown = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, Math.ceil(maxCharacters / 2)))
  return {
    kind: 'binary',
    text: shown.toString('hex'),
    sizeBytes: bytes.byteLength,
    cut: shown.length < bytes.byteLength,
  }
}

export function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = strictUtf8.decode(bytes)
    return unprintable.test(text) ? undefined : text
  } catch {
    // Not UTF-8: bytes are shown as bytes.
    return undefined
  }
}

export function isJson(text: string): boolean {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[' && first !== '"' && !/^\s*-?\d+(\.\d+)?\s*$/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    // Looks like JSON and is not: shown as the text that it is.
    return false
  }
}

/** Four or eight bytes that hold a number near zero: who has ids in the thousands of billions chooses the decoder. */
function smallInteger(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = buffer[0]
  if (first !== 0 && first !== 0xff) return undefined
  if (buffer.length === 4) return String(buffer.readInt32BE())
  return buffer.length === 8 && buffer[1] === first ? String(buffer.readBigInt64BE()) : undefined
}

/** An object or a list that takes all of the bytes: anything less would see MessagePack everywhere. */
function structured(format: 'msgpack' | 'cbor', bytes: Uint8Array): object | undefined {
  const first = bytes[0] ?? 0
  const isContainer =
    format === 'msgpack'
      ? (first >= 0x80 && first <= 0x9f) || (first >= 0xdc && first <= 0xdf)
      : first >= 0x80 && first <= 0xbf
  if (!isContainer || bytes.byteLength < 3) return undefined
  try {
    const value = binaryJson[format](bytes)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    // Looks like it and is not.
    return undefined
  }
}
