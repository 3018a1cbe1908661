import type { Cell } from '../../contract/messages'
import type { LogRecord } from '../../records/record'
import { decode, tableCharacters } from '../decoders/auto'
import type { Decoding } from './decoding'
import { type JsonPath, readPath, sourceAt } from './json-path'

type Read = (record: LogRecord, decoding: Decoding) => string | null

const whole = Number.POSITIVE_INFINITY
const isText: ReadonlySet<Cell['kind']> = new Set(['text', 'uuid', 'binary', 'base64'])

/** The value of a column for a record; `null` where the record has none. */
export function columnReader(column: string): Read {
  const header = /^headers?\.(.+)$/s.exec(column)?.[1]
  if (header !== undefined) {
    return ({ headers }) => {
      const found = headers.findLast(({ key }) => key === header)
      return found ? shown(decode(found.value, tableCharacters)) : null
    }
  }
  const [, part, rest = ''] = /^(key|value|\$)((?:[.[].*)?)$/s.exec(column) ?? []
  const path = part === undefined ? null : readPath(rest)
  if (path === null) return () => null
  return part === 'key'
    ? ({ key, headers }, decoding) => at(decoding.key(key, whole, { part: 'key', key, headers }), path)
    : ({ key, value, headers }, decoding) => at(decoding.value(value, whole, { part: 'value', key, headers }), path)
}

function at(cell: Cell, path: JsonPath): string | null {
  if (path.length === 0) return shown(cell)
  if (cell.kind === 'null' || isText.has(cell.kind)) return null
  const source = sourceAt(cell.text, path)
  if (source === null) return null
  return cut(source.startsWith('"') ? (JSON.parse(source) as string) : source)
}

function shown(cell: Cell): string {
  return cell.kind === 'null' ? 'null' : cut(cell.text)
}

function cut(text: string): string {
  return text.length > tableCharacters ? text.slice(0, tableCharacters) : text
}
