import type { Condition } from '../../../src-main/contract/search'

/**
 * Conditions as people type them into one field: words that must all hold, such as `value.status=paid -headers.retry:* key~^order-\d+$`.
 * A word without a field is a text anywhere in the message.
 */

/** Signs between a field and what it is compared with, and what they ask. `:*` asks whether the field exists. */
export const signs = { ':': 'contains', '=': 'is', '~': 'matches', '>': 'above', '<': 'below' } as const

type Sign = keyof typeof signs

/** What cannot be understood: characters `from` to `to`. */
export interface ConditionProblem {
  readonly from: number
  readonly kind: 'noNumber' | 'noValue' | 'noSign' | 'tooMany' | 'tooLong'
  readonly field: string
  readonly value: string
}

export interface ConditionWord {
  readonly from: number
  readonly to: number
  readonly isNot: boolean
  /** Empty: the word is a text. */
  readonly field: string
  readonly sign: Sign | ''
  readonly value: string
  /** A quoted `*` is an asterisk. */
  readonly isQuoted: boolean
}

const step = String.raw`\.[^\s.:=~<>"[\]]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\]`
const field = String.raw`(?:key|value)(?:${step})*|headers?(?:\.(?:"[^"]*"|[^\s:=~<>"]+))?`
const quoted = String.raw`"(?:[^"\\]|\\"|\\(?!"))*"?`
const word = new RegExp(String.raw`(-?)(?:(${field})([:=~<>]))?(${quoted}|\S*)`, 'g')

/** The contract's bounds: more or longer ones are rejected there. */
const mostConditions = 50
const mostCharacters = 1000

/** `-` negates a word, quotes hold spaces together. */
export function conditionWords(text: string): readonly ConditionWord[] {
  return [...text.matchAll(word)]
    .filter(([whole]) => whole !== '')
    .map(({ index, 0: whole, 1: minus, 2: name = '', 3: sign = '', 4: value = '' }) => {
      const isQuoted = value.startsWith('"')
      return {
        from: index,
        to: index + whole.length,
        isNot: minus === '-',
        field: fieldOf(name),
        sign: sign as Sign | '',
        value: isQuoted ? unquoted(value) : value,
        isQuoted,
      }
    })
}

/** A word that is not understood, or is still typed, asks for nothing: the other words still hold. */
export function readConditions(text: string): {
  readonly conditions: readonly Condition[]
  readonly problem: ConditionProblem | null
} {
  const conditions: Condition[] = []
  let problem: ConditionProblem | null = null
  for (const one of conditionWords(text)) {
    const kind = problemOf(one, one.to === text.length) ?? (conditions.length >= mostConditions ? 'tooMany' : null)
    if (kind) problem ??= { from: one.from, kind, field: one.field, value: one.value }
    else if (isComplete(one) && !(one.to === text.length && isField(one))) conditions.push(conditionOf(one))
  }
  return { conditions, problem }
}

/** @param isLast it may still be typed: without a sign or a value it is no mistake yet */
function problemOf(one: ConditionWord, isLast: boolean): ConditionProblem['kind'] | null {
  const { field, sign, value, isQuoted } = one
  if (Math.max(field.length, value.length) > mostCharacters) return 'tooLong'
  // `value.item is lamp` is meant as a condition, but `value` alone may be a text.
  if (sign === '') return !isLast && isField(one) && /[.[]/.test(value) ? 'noSign' : null
  if (value === '' && !isQuoted) return isLast ? null : 'noValue'
  return (sign === '>' || sign === '<') && !/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value) ? 'noNumber' : null
}

/** An empty text is compared with only where it is quoted. */
function isComplete({ sign, value, isQuoted }: ConditionWord): boolean {
  return value !== '' || (isQuoted && sign === '=')
}

/** The name of a field, behind which a sign may still be typed. */
function isField({ field, value, isQuoted }: ConditionWord): boolean {
  return field === '' && !isQuoted && isFieldName(value)
}

function isFieldName(text: string): boolean {
  return /^(?:key|value|headers?)(?:[.[][^\s"]*)?$/.test(text)
}

function conditionOf({ field, sign, value, isNot, isQuoted }: ConditionWord): Condition {
  if (sign === ':' && value === '*' && !isQuoted) return { field, test: 'exists', value: '', isNot }
  return { field, test: sign === '' ? 'contains' : signs[sign], value, isNot }
}

/** A header's name may be quoted. */
function fieldOf(name: string): string {
  return name.replace(/^(headers?\.)"([^"]*)"$/, '$1$2')
}

function unquoted(value: string): string {
  return value
    .replace(/^"/, '')
    .replace(/(?<!\\)"$/, '')
    .replaceAll('\\"', '"')
}

/** A value as it is typed behind a sign. */
export function typedValue(value: string): string {
  return /\s|^"|^\*$|^$/.test(value) ? `"${value.replaceAll('"', '\\"')}"` : value
}

/** Whether a condition is read as it is written: the names of fields can be anything. */
export function canBeTyped(condition: Condition): boolean {
  const { conditions } = readConditions(typedCondition(condition))
  return JSON.stringify(conditions) === JSON.stringify([condition])
}

/** A condition as it is typed. */
export function typedCondition({ field, test, value, isNot }: Condition): string {
  const minus = isNot ? '-' : ''
  if (test === 'exists') return `${minus}${field}:*`
  if (field === '') return `${minus}${isFieldName(value) ? `"${value}"` : typedValue(value)}`
  const sign = (Object.keys(signs) as Sign[]).find((one) => signs[one] === test) ?? ':'
  return `${minus}${field}${sign}${typedValue(value)}`
}
