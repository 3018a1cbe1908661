import type { Cell } from '../../contract/messages'
import type { Follow } from '../../contract/search'
import { decode, utf8Of } from '../decoders/auto'
import type { Decoding } from './decoding'
import type { Filter } from './filter'

const whole = Number.POSITIVE_INFINITY
const isText: ReadonlySet<Cell['kind']> = new Set(['text', 'uuid', 'binary', 'base64'])

/**
 * Finds an id as a key, as the value of a header, or as a field of JSON, in whatever topic. With a name, headers and fields of another
 * name are others' ids.
 */
export function followFilter({ name, value }: Follow, decodings: ReadonlyMap<string, Decoding>): Filter {
  const field = fieldPattern(name, value)
  const isIt = (cell: Cell | undefined) => cell !== undefined && cell.kind !== 'null' && cell.text === value
  const hasField = (cell: Cell | undefined) =>
    cell !== undefined && cell.kind !== 'null' && !isText.has(cell.kind) && field.test(cell.text)
  return ({ key, value: bytes, headers }, { topic }) => {
    const decoding = decodings.get(topic)
    if (key && utf8Of(key) === value) return true
    const keyCell = decoding?.key(key, whole, { part: 'key', key, headers })
    if (isIt(keyCell) || hasField(keyCell)) return true
    const isHeader = headers.some(
      (header) => (name === null || header.key === name) && isIt(decode(header.value, whole)),
    )
    return isHeader || hasField(decoding?.value(bytes, whole, { part: 'value', key, headers }))
  }
}

/**
 * A field of JSON with this value, as text or as it is written. A quote within a JSON string follows a backslash, so that the
 * pattern never begins inside of one.
 */
function fieldPattern(name: string | null, value: string): RegExp {
  const forms = [JSON.stringify(value), ...(/^(?:-?\d[\d.eE+-]*|true|false)$/.test(value) ? [value] : [])]
  const either = `(?:${forms.map(escaped).join('|')})`
  return name === null
    ? new RegExp(`[:[,]\\s*${either}(?=\\s*[,}\\]])`)
    : new RegExp(`(?<!\\\\)${escaped(JSON.stringify(name))}\\s*:\\s*${either}(?=\\s*[,}\\]])`)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
