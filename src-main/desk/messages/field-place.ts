import type { Cell } from '../../contract/messages'
import { type JsonPath, readPath, sourceAt } from './json-path'

/** A place within a message: all headers, one of them, the key, the value, or a field of the JSON that these are or are shown as. */
export type FieldPlace =
  | { readonly part: 'headers'; readonly name: string | null }
  | { readonly part: 'key' | 'value'; readonly path: JsonPath }

/** Kinds of cells whose text is no JSON. */
const isText: ReadonlySet<Cell['kind']> = new Set(['text', 'uuid', 'binary', 'base64'])

/** Reads `key`, `value.customer.id`, `headers` and `headers.trace`; `null` for text that is no place. */
export function placeOf(text: string): FieldPlace | null {
  const headers = /^headers?(?:\.(.+))?$/s.exec(text)
  if (headers) return { part: 'headers', name: headers[1] ?? null }
  const [, part, rest = ''] = /^(key|value|\$)((?:[.[].*)?)$/s.exec(text) ?? []
  const path = part === undefined ? null : readPath(rest)
  return path && { part: part === 'key' ? 'key' : 'value', path }
}

/** The JSON at a path of what a cell shows; `null` where there is none. */
export function jsonAt(cell: Cell, path: JsonPath): string | null {
  return cell.kind === 'null' || isText.has(cell.kind) ? null : sourceAt(cell.text, path)
}

/** JSON as the text that it stands for: a string without its quotes, all else as it is written. */
export function textOfJson(source: string): string {
  return source.startsWith('"') ? (JSON.parse(source) as string) : source
}
