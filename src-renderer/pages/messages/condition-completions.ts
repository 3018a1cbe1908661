import type { Cell, MessageRow } from '../../../src-main/contract/messages'
import { integer } from '../../format/numbers'
import { conditionWords, typedValue } from './conditions'
import { texts } from './texts'

export interface Completion {
  readonly label: string
  readonly note: string
  readonly text: string
  readonly caret: number
}

const mostCompletions = 50
/** Fields within fields are offered to so deep. */
const deepest = 4
const notJson: ReadonlySet<Cell['kind']> = new Set(['null', 'text', 'uuid', 'binary', 'base64'])

/** Fields first; behind a field what can be asked of it; behind that the values that the messages in sight have. */
export function conditionCompletions(text: string, caret: number, rows: readonly MessageRow[]): readonly Completion[] {
  const word = conditionWords(text).find(({ from, to }) => from < caret && caret <= to)
  const [from, to] = word ? [word.from, word.to] : [caret, caret]
  const minus = word?.isNot ? '-' : ''
  const put = (label: string, note: string, ending: string): Completion => {
    const before = `${text.slice(0, from)}${minus}${label}${ending}`
    const after = text.slice(to).replace(/^ /, '')
    const joined = ending === ' ' || after === '' ? `${before}${after}` : `${before} ${after}`
    return { label: `${minus}${label}`, note, text: joined, caret: before.length }
  }
  const fields = fieldsOf(rows)
  if (word && word.sign !== '') {
    if (word.sign !== ':' && word.sign !== '=') return []
    const typed = word.value.toLowerCase()
    return [...(fields.get(word.field)?.values ?? [])]
      .filter(([value]) => value.toLowerCase().includes(typed))
      .sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1))
      .slice(0, mostCompletions)
      .map(([value, times]) => put(`${word.field}${word.sign}${typedValue(value)}`, integer(times), ' '))
  }
  const typed = word?.value ?? ''
  const asks = fields.has(typed) || /^headers?(?:\..+)?$/.test(typed) ? askedOf(typed, word?.isNot ?? false) : []
  const names = [...fields.keys(), 'headers', 'headers.'].filter((name) => name.startsWith(typed) && name !== typed)
  return [
    ...asks.map(([label, note, ending]) => put(label, note, ending)),
    ...names
      .slice(0, mostCompletions)
      .map((name) => put(name, texts.query.conditions.fields[name] ?? texts.query.conditions.fieldOfJson, '')),
  ]
}

function askedOf(field: string, isNot: boolean): readonly (readonly [label: string, note: string, ending: string])[] {
  const notes = texts.query.conditions[isNot ? 'notAsked' : 'asked']
  return [
    [`${field}:`, notes.contains, ''],
    [`${field}=`, notes.is, ''],
    [`${field}~`, notes.matches, ''],
    [`${field}:*`, notes.exists, ' '],
    [`${field}>`, notes.above, ''],
    [`${field}<`, notes.below, ''],
  ]
}

interface SeenField {
  readonly values: Map<string, number>
}

/** `key`, `value` and the fields of their JSON, with the values that were seen. */
function fieldsOf(rows: readonly MessageRow[]): ReadonlyMap<string, SeenField> {
  const fields = new Map<string, SeenField>([
    ['key', { values: new Map() }],
    ['value', { values: new Map() }],
  ])
  const note = (field: string, value: string | null) => {
    let seen = fields.get(field)
    if (!seen) fields.set(field, (seen = { values: new Map() }))
    if (value !== null) seen.values.set(value, (seen.values.get(value) ?? 0) + 1)
  }
  const walk = (field: string, value: unknown, depth: number) => {
    if (typeof value !== 'object' || value === null) {
      // A number beyond 2^53 would be another one.
      if (depth > 0) note(field, typeof value === 'number' && !Number.isSafeInteger(value) ? null : String(value))
      return
    }
    if (depth > 0) note(field, null)
    if (depth >= deepest || Array.isArray(value)) return
    for (const [name, inner] of Object.entries(value)) walk(`${field}${stepOf(name)}`, inner, depth + 1)
  }
  for (const { key, value } of rows) {
    if (key.kind !== 'null' && !key.cut) note('key', key.text)
    for (const [field, cell] of [['key', key] as const, ['value', value] as const]) {
      if (cell.kind === 'null' || notJson.has(cell.kind)) continue
      if (!cell.cut) walk(field, parsed(cell.text), 0)
      // Of text that was cut, the names alone.
      else for (const name of namesIn(cell.text)) note(`${field}${stepOf(name)}`, null)
    }
  }
  return fields
}

function stepOf(name: string): string {
  return /^[^\s.:=~<>"[\]]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

function namesIn(json: string): readonly string[] {
  return [...new Set([...json.matchAll(/"([A-Za-z_$][\w$]*)"\s*:/g)].map(([, name]) => name as string))]
}
