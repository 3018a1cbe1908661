import type { ExchangeLine } from '../../../src-main/contract/workspace'

/** Words with a meaning of their own, before a colon. */
export const words = ['api', 'client', 'topic', 'error', 'connection', 'correlation', 'address'] as const
type Word = (typeof words)[number]

const textsOf: Readonly<Record<Word, (line: ExchangeLine) => readonly string[]>> = {
  api: ({ api }) => [api],
  client: ({ clientId }) => [clientId],
  topic: ({ topics }) => topics,
  error: ({ error }) => (error === null ? [] : [error]),
  connection: ({ connectionId }) => [String(connectionId)],
  correlation: ({ correlationId }) => [String(correlationId)],
  address: ({ address }) => [address],
}

/** These are one number or nothing; the others hold the text. */
const exact: ReadonlySet<Word> = new Set(['connection', 'correlation'])

export type Passes = (line: ExchangeLine) => boolean

/**
 * A filter as typed: words that must all match, such as `api:Fetch client:shop -topic:orders error:* took>100 bytes>1000 text`. A minus
 * turns a word round, quotes hold spaces together, `*` is anything.
 */
export function wireFilter(text: string): Passes {
  const tests = [...text.matchAll(/(-?)(?:(\w+)([:>]))?("[^"]*"?|\S+)/g)].map(([, minus, word, sign, raw = '']) => {
    const test = testOf(word, sign, raw.replaceAll('"', ''))
    return minus ? (line: ExchangeLine) => !test(line) : test
  })
  return (line) => tests.every((test) => test(line))
}

function testOf(word: string | undefined, sign: string | undefined, value: string): Passes {
  const wanted = value.toLowerCase()
  if (sign === '>' && word === 'took') return ({ tookMs }) => tookMs > Number(value)
  if (sign === '>' && word === 'bytes')
    return ({ requestBytes, responseBytes }) => requestBytes + responseBytes > Number(value)
  const known = sign === ':' ? words.find((one) => one === word) : undefined
  if (known) {
    const read = textsOf[known]
    if (wanted === '*') return (line) => read(line).some((text) => text !== '')
    if (exact.has(known)) return (line) => read(line).includes(value)
    return (line) => read(line).some((text) => text.toLowerCase().includes(wanted))
  }
  const whole = `${word ?? ''}${sign ?? ''}${wanted}`.toLowerCase()
  return ({ clientId, api, topics, error }) =>
    `${clientId} ${api} ${topics.join(' ')} ${error ?? ''}`.toLowerCase().includes(whole)
}

/** Completions of the word at the end: the names, or after a colon the values that the lines have. */
export function completions(text: string, lines: readonly ExchangeLine[]): readonly string[] {
  const [, before = '', minus = '', last = ''] = /^(.*?)(-?)(\S*)$/s.exec(text) ?? []
  const [word, value] = last.split(':')
  const known = words.find((one) => one === word)
  if (value === undefined) {
    return words.filter((one) => one.startsWith(last) && last !== '').map((one) => `${before}${minus}${one}:`)
  }
  if (!known) return []
  const values = new Set(lines.flatMap((line) => textsOf[known](line)))
  return [...values]
    .filter((one) => one !== '' && one.toLowerCase().includes(value.toLowerCase()) && one !== value)
    .sort()
    .slice(0, 20)
    .map((one) => `${before}${minus}${known}:${quoted(one)}`)
}

/** A word to add to a filter. */
export function term(word: Word, value: string, isExcluded = false): string {
  return `${isExcluded ? '-' : ''}${word}:${quoted(value)}`
}

function quoted(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value
}
