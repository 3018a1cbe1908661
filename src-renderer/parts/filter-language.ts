import { integer } from '../format/numbers'

/**
 * A filter as people type it into one field: words that must all match, such as `api:Fetch -client:app took>100 text`. What the words
 * of a list are, the list says (`FilterField`).
 */

/** Something that rows are filtered by. */
export type FilterField<Row> = {
  readonly name: string
  /** A few words, for the completion. */
  readonly note: string
} & (
  | {
      readonly kind: 'text'
      readonly read: (row: Row) => readonly string[]
    }
  | {
      /** An id is one number or another; a number may also be more or less. */
      readonly kind: 'number' | 'id'
      readonly read: (row: Row) => number | null
    }
)

export interface FilterLanguage<Row> {
  readonly fields: readonly FilterField<Row>[]
  /** Where a word without a field is searched. */
  readonly anywhere: (row: Row) => string
}

/** What cannot be understood: characters `from` to `to` of the filter. */
export interface FilterProblem {
  readonly from: number
  readonly to: number
  readonly kind: 'unknownField' | 'noNumber' | 'wrongSign' | 'noValue'
  /** The field, as typed. */
  readonly field: string
  /** What was compared with. */
  readonly value: string
}

export interface Filter<Row> {
  readonly passes: (row: Row) => boolean
  readonly problem: FilterProblem | null
}

interface Word {
  readonly from: number
  readonly to: number
  readonly isExcluded: boolean
  /** Absent: the word is a text. */
  readonly field: string | undefined
  readonly sign: string
  readonly value: string
}

/** Signs of each kind of field. `:` is "contains" for a text and "is" for a number; `=` is "is" for both. */
const signs: Readonly<Record<FilterField<never>['kind'], readonly string[]>> = {
  text: [':', '='],
  id: [':', '='],
  number: ['>', '<', '=', ':'],
}

/** `-` negates a word, quotes hold spaces together. */
function wordsIn(text: string): readonly Word[] {
  return [...text.matchAll(/(-?)(?:(\w+)([:=<>]))?("[^"]*"?|[^\s"]*)/g)]
    .filter(([whole]) => whole !== '')
    .map(({ index, 0: whole, 1: minus, 2: field, 3: sign = '', 4: value = '' }) => ({
      from: index,
      to: index + whole.length,
      isExcluded: minus === '-',
      field,
      sign,
      value: value.replaceAll('"', ''),
    }))
}

/** A word that is not understood excludes nothing: the rest of the filter still works while it is typed. */
export function readFilter<Row>(text: string, { fields, anywhere }: FilterLanguage<Row>): Filter<Row> {
  const tests: ((row: Row) => boolean)[] = []
  let problem: FilterProblem | null = null
  for (const word of wordsIn(text)) {
    const { from, to, field: name = '', value, isExcluded } = word
    if (word.field === undefined && value === '') continue
    const test = word.field === undefined ? containing(value, anywhere) : testOf(word, fields, to === text.length)
    if (typeof test === 'string') problem ??= { from, to, kind: test, field: name, value }
    else tests.push(isExcluded ? (row) => !test(row) : test)
  }
  return { passes: (row) => tests.every((test) => test(row)), problem }
}

function containing<Row>(value: string, read: (row: Row) => string): (row: Row) => boolean {
  const wanted = value.toLowerCase()
  return (row) => read(row).toLowerCase().includes(wanted)
}

/** @param isLast it may still be typed: without a value it is no mistake yet */
function testOf<Row>(
  { field: name, sign, value, isExcluded }: Word,
  fields: readonly FilterField<Row>[],
  isLast: boolean,
): ((row: Row) => boolean) | FilterProblem['kind'] {
  const field = fields.find((each) => each.name === name)
  if (!field) return 'unknownField'
  if (!signs[field.kind].includes(sign)) return 'wrongSign'
  if (value === '') return isLast ? () => !isExcluded : 'noValue'
  if (field.kind !== 'text') {
    const wanted = Number(value)
    if (Number.isNaN(wanted)) return 'noNumber'
    const { read } = field
    return (row) => {
      const number = read(row)
      if (number === null) return false
      return sign === '>' ? number > wanted : sign === '<' ? number < wanted : number === wanted
    }
  }
  const { read } = field
  const wanted = value.toLowerCase()
  if (value === '*') return (row) => read(row).some((text) => text !== '')
  if (sign === '=') return (row) => read(row).some((text) => text.toLowerCase() === wanted)
  return (row) => read(row).some((text) => text.toLowerCase().includes(wanted))
}

/** What can be put in the place of the word at the caret. */
export interface Completion {
  /** What it is called in the list. */
  readonly label: string
  /** What a field is, or how many rows have the value. */
  readonly note: string
  /** The whole filter with it, and where the caret is then. */
  readonly text: string
  readonly caret: number
}

const mostCompletions = 50

/** Names of fields; behind the name of one its signs; behind a sign the values that the rows have, the most frequent first. */
export function completionsOf<Row>(
  text: string,
  caret: number,
  { fields }: FilterLanguage<Row>,
  rows: readonly Row[],
): readonly Completion[] {
  const word = wordsIn(text).find(({ from, to }) => from < caret && caret <= to)
  const [from, to] = word ? [word.from, word.to] : [caret, caret]
  const minus = word?.isExcluded ? '-' : ''
  const put = (label: string, note: string, ending: string): Completion => {
    const before = `${text.slice(0, from)}${minus}${label}${ending}`
    const after = text.slice(to).replace(/^ /, '')
    const joined = ending === ' ' || after === '' ? `${before}${after}` : `${before} ${after}`
    return { label: `${minus}${label}`, note, text: joined, caret: before.length }
  }
  const field = fields.find(({ name }) => name === word?.field)
  if (!word || word.field === undefined) {
    const typed = (word?.value ?? '').toLowerCase()
    return fields
      .filter(({ name }) => name.startsWith(typed))
      .flatMap(({ name, note, kind }) =>
        kind === 'number' ? [put(`${name}>`, note, ''), put(`${name}<`, note, '')] : [put(`${name}:`, note, '')],
      )
  }
  if (!field || field.kind === 'number') return []
  const counts = new Map<string, number>()
  const count = (value: string) => counts.set(value, (counts.get(value) ?? 0) + 1)
  for (const row of rows) {
    if (field.kind === 'text') for (const value of field.read(row)) count(value)
    else count(String(field.read(row) ?? ''))
  }
  const typed = word.value.toLowerCase()
  return [...counts]
    .filter(([value]) => value !== '' && value.toLowerCase().includes(typed))
    .sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1))
    .slice(0, mostCompletions)
    .map(([value, times]) => put(`${field.name}${word.sign}${quoted(value)}`, integer(times), ' '))
}

/** A word to add to a filter. */
export function term(field: string, value: string, isExcluded = false): string {
  return `${isExcluded ? '-' : ''}${field}:${quoted(value)}`
}

function quoted(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value
}
