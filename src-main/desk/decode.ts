import type { Cell } from '../contract/messages'

/** Tables show this much of a value; the detail pane shows more. */
export const tableCharacters = 300
export const detailBytes = 1024 * 1024

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Control characters other than tab and line breaks: such bytes are no text for people. */
const unprintable = /[^\P{Cc}\t\n\r]/u

/**
 * A key or a value as people read it, by looking at the bytes: JSON, text, a UUID, else bytes. JSON stays as it was written, so that
 * 64-bit numbers and the order of keys are exact.
 */
export function decode(bytes: Uint8Array | null, maxCharacters: number): Cell {
  if (bytes === null) return { kind: 'null' }
  const sizeBytes = bytes.byteLength
  const text = textOf(bytes)
  if (text === undefined) {
    const shown = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(sizeBytes, Math.ceil(maxCharacters / 2)))
    return { kind: 'binary', text: shown.toString('hex'), sizeBytes, cut: shown.length < sizeBytes }
  }
  const kind = isJson(text) ? 'json' : /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? 'uuid' : 'text'
  return { kind, text: text.slice(0, maxCharacters), sizeBytes, cut: text.length > maxCharacters }
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

function isJson(text: string): boolean {
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
