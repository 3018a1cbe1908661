/** Bytes that are looked at as one text: a larger one costs more for each byte. */
const chunkBytes = 64 * 1024

/** Of a longer text only the beginning is looked for: where that is not, the text is not. */
const mostLetters = 200

/** The highest bit of each of four bytes. */
const highBits = 0x80808080
const ones = 0x01010101
const spaces = 0x20202020

/** Tells of parts of a buffer whether they are printable ASCII, four bytes at a time: most of what a search reads is. */
export class PlainText {
  readonly bytes: Buffer
  readonly #words: Int32Array

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.#words = new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >> 2)
  }

  /** True where the bytes [from, end) are printable ASCII, tabs and line ends. */
  has(from: number, end: number): boolean {
    const { bytes } = this
    const words = this.#words
    const aligned = Math.min(end, from + (-(bytes.byteOffset + from) & 3))
    if (!isPlain(bytes, from, aligned)) return false
    let at = aligned
    for (let index = (bytes.byteOffset + at) >> 2; at + 4 <= end; at += 4, index++) {
      const word = words[index] as number
      // A byte beyond 0x7e, or below 0x20; the latter may also be told of a byte behind one, which is looked at alone then.
      if (((word | (word + ones) | (word - spaces)) & highBits) !== 0 && !isPlain(bytes, at, at + 4)) return false
    }
    return isPlain(bytes, at, end)
  }
}

function isPlain(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number
    if (byte > 0x7e || (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13)) return false
  }
  return true
}

/**
 * Looks for a text in bytes, whatever its case is.
 *
 * @param wanted in lower case
 * @returns false where the text may be there: a JSON string may show an escaped character as itself
 */
export function lacksText(wanted: string): (bytes: Buffer) => boolean {
  const head = wanted.slice(0, mostLetters)
  const pattern = new RegExp(head.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'i')
  // A match may lie across the border of two chunks.
  const step = chunkBytes - head.length
  return (bytes) => {
    if (bytes.includes('\\u')) return false
    for (let at = 0; at < bytes.length; at += step) {
      if (pattern.test(bytes.toString('latin1', at, at + chunkBytes))) return false
    }
    return true
  }
}
