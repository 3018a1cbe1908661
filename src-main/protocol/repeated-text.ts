/** Names are the same in most requests: client ids, topics, groups. Longer texts are rarely names. */
const longest = 64
const slots = 256
const remembered: (string | undefined)[] = new Array<undefined>(slots).fill(undefined)

/**
 * The text of bytes that are ASCII, without a new string when it was read before; `undefined` for bytes that are not, or too many.
 * To compare a name costs a tenth of what a new string costs, which has to be made outside JavaScript and hashed when it is looked up.
 */
export function repeatedText(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start > longest) return undefined
  let hash = end - start
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte >= 0x80) return undefined
    hash = (hash * 31 + byte) | 0
  }
  const slot = hash & (slots - 1)
  const text = remembered[slot]
  if (text !== undefined && isText(text, bytes, start, end)) return text
  return (remembered[slot] = bytes.toString('latin1', start, end))
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false
  return true
}
