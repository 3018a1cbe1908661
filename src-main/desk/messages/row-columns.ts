import type { Cell } from '../../contract/messages'
import type { LogRecord } from '../../records/record'
import { decode, tableCharacters } from '../decoders/auto'
import type { Decoding } from './decoding'
import { jsonAt, placeOf, textOfJson } from './field-place'
import type { JsonPath } from './json-path'

type Read = (record: LogRecord, decoding: Decoding) => string | null

const whole = Number.POSITIVE_INFINITY

/** The value of a column for a record; `null` where the record has none. */
export function columnReader(column: string): Read {
  const place = placeOf(column)
  if (!place) return () => null
  if (place.part === 'headers') {
    return ({ headers }) => {
      const found = headers.findLast(({ key }) => key === place.name)
      return found ? shown(decode(found.value, tableCharacters)) : null
    }
  }
  const { part, path } = place
  return part === 'key'
    ? ({ key, headers }, decoding) => at(decoding.key(key, whole, { part: 'key', key, headers }), path)
    : ({ key, value, headers }, decoding) => at(decoding.value(value, whole, { part: 'value', key, headers }), path)
}

function at(cell: Cell, path: JsonPath): string | null {
  if (path.length === 0) return shown(cell)
  const source = jsonAt(cell, path)
  return source === null ? null : cut(textOfJson(source))
}

function shown(cell: Cell): string {
  return cell.kind === 'null' ? 'null' : cut(cell.text)
}

function cut(text: string): string {
  return text.length > tableCharacters ? text.slice(0, tableCharacters) : text
}
