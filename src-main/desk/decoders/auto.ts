import type { Cell } from '../../contract/messages'
import { binaryJson } from './binary-json'
import { exactJson } from './exact-json'

/** Tables show this much of a value; the detail pane shows more. */
export const tableCharacters = 300
export const detailBytes = 1024 * 1024

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Control characters other than tab and line breaks. */
const controls = /[^\P{Cc}\t\n\r]/gu
const printable = /^[\P{Cc}\t\n\r]$/u
/** Begins a colour of a terminal. */
const escapeCode = '\u001b'
/** With more of them than one in so many characters, bytes are not text for people. */
const charactersPerControl = 8
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * A key or a value as people read it, by looking at the bytes: JSON, text, a UUID, a number as Java's serializers write it, MessagePack or
 * CBOR of an object or a list, else bytes. JSON stays as it was written, so that 64-bit numbers and the order of keys are exact.
 */
export function decode(bytes: Uint8Array | null, maxCharacters: number): Cell {
  if (bytes === null) return { kind: 'null' }
  const text = textOf(bytes)
  if (text !== undefined) {
    const bare = withoutMark(text)
    if (isJson(bare)) return cellOf('json', bare, bytes, maxCharacters)
    return cellOf(uuid.test(text) ? 'uuid' : 'text', text, bytes, maxCharacters)
  }
  const number = smallInteger(bytes)
  if (number !== undefined) return cellOf('integer', number, bytes, maxCharacters)
  const registered = bytes[0] === 0 ? textOf(bytes.subarray(5)) : undefined
  if (registered !== undefined && registered !== '' && isJson(registered)) {
    return cellOf('json', registered, bytes, maxCharacters)
  }
  for (const format of ['msgpack', 'cbor'] as const) {
    const value = structured(format, bytes)
    if (value !== undefined) return cellOf(format, value, bytes, maxCharacters)
  }
  return hexCell(bytes, maxCharacters)
}

export function cellOf(
  kind: Exclude<Cell['kind'], 'null'>,
  text: string,
  { byteLength: sizeBytes }: Uint8Array,
  maxCharacters: number,
): Cell {
  return { kind, text: cutAt(text, maxCharacters), sizeBytes, cut: text.length > maxCharacters }
}

/** Never in the middle of a character of two UTF-16 units. */
function cutAt(text: string, maxCharacters: number): string {
  const cut = text.slice(0, maxCharacters)
  return cut.length < text.length ? cut.replace(/[\uD800-\uDBFF]$/, '') : cut
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
    return isReadable(text) ? text : undefined
  } catch {
    // Not UTF-8: bytes are shown as bytes.
    return undefined
  }
}

/**
 * Colours of a terminal, separators of FIX, a NUL at the end as C writes it: text all the same. Binary formats that happen to be UTF-8
 * have more control characters, and mostly begin with one.
 */
function isReadable(text: string): boolean {
  const found = text.replace(/\0$/, '').match(controls)?.length ?? 0
  if (found === 0) return text !== '\0'
  return found * charactersPerControl <= text.length && (text.startsWith(escapeCode) || printable.test(text.charAt(0)))
}

/** Any UTF-8, whatever control characters are in it. */
export function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    // Not UTF-8.
    return undefined
  }
}

/** UTF-8 without control characters: what somebody can type and see. */
export function printableOf(bytes: Uint8Array): string | undefined {
  const text = utf8Of(bytes)
  return text === undefined || text.search(controls) >= 0 ? undefined : text
}

/** A byte order mark is no part of JSON (RFC 8259); some writers put one all the same. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
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
function structured(format: 'msgpack' | 'cbor', bytes: Uint8Array): string | undefined {
  const first = bytes[0] ?? 0
  const isContainer =
    format === 'msgpack'
      ? (first >= 0x80 && first <= 0x9f) || (first >= 0xdc && first <= 0xdf)
      : first >= 0x80 && first <= 0xbf
  if (!isContainer || bytes.byteLength < 3) return undefined
  try {
    const value = binaryJson[format](bytes)
    return typeof value === 'object' && value !== null ? exactJson(value) : undefined
  } catch {
    // Looks like it and is not.
    return undefined
  }
}
