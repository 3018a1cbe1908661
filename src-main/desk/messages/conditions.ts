import type { Cell } from '../../contract/messages'
import type { Condition } from '../../contract/search'
import type { LogRecord } from '../../records/record'
import { decode } from '../decoders/auto'
import type { Decoding } from './decoding'
import { Expressions } from './expression'
import { type FieldPlace, jsonAt, placeOf, textOfJson } from './field-place'
import { ConditionError, type Filter, RecordError, rawText, textFilter, unescaped } from './filter'

const whole = Number.POSITIVE_INFINITY

/** Passes what all conditions hold for. @throws ConditionError when one of them makes no sense */
export function conditionsFilter(
  conditions: readonly Condition[],
  decodings: ReadonlyMap<string, Decoding> = new Map(),
): Filter {
  if (conditions.length === 0) return () => true
  const expressions = new Expressions()
  const tests = conditions.map((condition) => conditionFilter(condition, decodings, expressions))
  return (record, range) => {
    expressions.begin()
    try {
      return tests.every((test) => test(record, range))
    } catch (error) {
      if (!(error instanceof RecordError)) throw error
      throw new RecordError(`at ${range.topic}-${range.partition} offset ${record.offset}: ${error.message}`)
    }
  }
}

function conditionFilter(
  { field, test, value, isNot }: Condition,
  decodings: ReadonlyMap<string, Decoding>,
  expressions: Expressions,
): Filter {
  const holds = field === '' && test === 'contains' ? textFilter(value, decodings) : fieldFilter()
  return isNot ? (record, range) => !holds(record, range) : holds

  function fieldFilter(): Filter {
    const place = placeOf(field)
    if (!place) throw new ConditionError(`The filter has no field ${field}: begin with key, value or headers`)
    const passes = textsTest(test, value, expressions)
    return (record, { topic }) => {
      const texts = textsAt(record, place, decodings.get(topic))
      return texts !== null && passes(texts)
    }
  }
}

/** Of the texts of a place that is there. */
function textsTest(
  test: Condition['test'],
  value: string,
  expressions: Expressions,
): (texts: readonly string[]) => boolean {
  switch (test) {
    case 'exists':
      return () => true
    case 'is':
      return (texts) => texts.includes(value)
    case 'contains': {
      const wanted = value.toLowerCase()
      return (texts) => texts.some((text) => text.toLowerCase().includes(wanted))
    }
    case 'matches': {
      const matches = expressions.test(value)
      return (texts) => texts.some(matches)
    }
    default: {
      if (!isNumber(value)) throw new ConditionError(`A number is above or below another number, and ${value} is none`)
      const sign = test === 'above' ? 1 : -1
      return (texts) => texts.some((text) => isNumber(text) && sign * compare(text, value) > 0)
    }
  }
}

/** The texts that stand at a place, in its bytes and as it is shown; `null` where the message has no such place. */
function textsAt(
  { key, value, headers }: LogRecord,
  place: FieldPlace,
  decoding: Decoding | undefined,
): readonly string[] | null {
  if (place.part === 'headers') {
    const { name } = place
    const found = name === null ? headers : headers.filter((header) => header.key === name)
    if (found.length === 0) return null
    const values = found.flatMap((header) => textsOf(header.value, decode(header.value, whole)))
    return name === null ? [...found.map((header) => header.key), ...values] : values
  }
  const bytes = place.part === 'key' ? key : value
  const cell = decoding?.[place.part](bytes, whole, { part: place.part, key, headers })
  if (place.path.length === 0) return bytes === null ? null : textsOf(bytes, cell)
  const source = cell ? jsonAt(cell, place.path) : null
  return source === null ? null : jsonTexts(source)
}

function textsOf(bytes: Uint8Array | null, cell: Cell | undefined): readonly string[] {
  if (bytes === null) return []
  const raw = rawText(bytes)
  if (!cell || cell.kind === 'null') return [raw]
  return [...new Set([raw, cell.text, ...(cell.kind === 'json' ? jsonTexts(cell.text.trim()) : [])])]
}

/** A string stands for what it says; an object or list also for the characters that it escapes. */
function jsonTexts(source: string): readonly string[] {
  const text = textOfJson(source)
  return source.startsWith('"') || !text.includes('\\u') ? [text] : [text, unescaped(text)]
}

/** Longer numbers are compared as texts by nobody. */
const mostDigits = 1000

function isNumber(text: string): boolean {
  return text.length <= mostDigits && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)
}

/** Whole numbers of any size exactly. */
function compare(a: string, b: string): number {
  const isWhole = /^-?\d+$/
  const [one, other] = isWhole.test(a) && isWhole.test(b) ? [BigInt(a), BigInt(b)] : [Number(a), Number(b)]
  return one < other ? -1 : one > other ? 1 : 0
}

/**
 * A text, in lower case, that the bytes of a message must have if all conditions hold: whole batches without it can be ruled out. Empty
 * where there is none: what must not be there tells nothing of a batch.
 */
export function neededText(conditions: readonly Condition[]): string {
  return longest(conditions.flatMap((condition) => (condition.isNot ? [] : textsNeeded(condition)))).toLowerCase()
}

function textsNeeded({ field, test, value }: Condition): readonly string[] {
  const isText = test === 'contains' || test === 'is'
  if (field === '') return test === 'contains' ? [value] : []
  const place = placeOf(field)
  const names = !place || place.part === 'headers' ? [] : place.path.filter((step) => !/^\d+$/.test(step))
  return [...names, ...(isText ? [value] : [])].map(plainPart)
}

/** The longest part of a text that JSON writes as it is, unless it escapes it by number. */
function plainPart(text: string): string {
  const parts = ['']
  for (const character of text) {
    if (character < ' ' || '"\\/'.includes(character)) parts.push('')
    else parts.push(`${parts.pop()}${character}`)
  }
  return longest(parts)
}

function longest(texts: readonly string[]): string {
  return texts.reduce((most, text) => (text.length > most.length ? text : most), '')
}
