import { fromUtf8 } from '../../format/bytes'
import type { FileLine, FilePiece } from './file-lines'
import { readJson } from './json'

/** A list of JSON is read as a whole, unlike a file of lines. */
const maxBytes = 64 * 1024 * 1024
const encoder = new TextEncoder()

/** The items of a file that is one JSON list, each with its line; JSON of another kind is one item. @throws Error with a sentence */
export async function* arrayItems(file: Blob): AsyncGenerator<FilePiece<FileLine>> {
  if (file.size > maxBytes) {
    throw new Error('A list of more than 64 MiB is not read as a whole: write one value per line instead.')
  }
  const text = fromUtf8(new Uint8Array(await file.arrayBuffer()))?.replace(/^\uFEFF/, '')
  const node = text === undefined ? undefined : readJson(text)
  if (text === undefined || !node) throw new Error('This is not JSON: a list [ … ], or one value.')
  if (node.kind !== 'array') {
    yield { items: [{ number: 1, bytes: encoder.encode(node.source) }], readBytes: file.size }
    return
  }
  let at = text.indexOf('[') + 1
  let number = 1
  let counted = 0
  const items = node.entries.map(({ value: { source } }): FileLine => {
    at = text.indexOf(source, at)
    for (let end = text.indexOf('\n', counted); end >= 0 && end < at; end = text.indexOf('\n', counted)) {
      number++
      counted = end + 1
    }
    at += source.length
    return { number, bytes: encoder.encode(source) }
  })
  yield { items, readBytes: file.size }
}
