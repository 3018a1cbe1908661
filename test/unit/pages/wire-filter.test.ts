import { expect, test } from 'vitest'
import type { ExchangeLine } from '../../../src-main/contract/exchanges'
import { wireLanguage } from '../../../src-renderer/pages/wire/wire-filter'
import { completionsOf, readFilter, term } from '../../../src-renderer/parts/filter-language'

const passes = (text: string, row: ExchangeLine) => readFilter(text, wireLanguage).passes(row)

const line = (fields: Partial<ExchangeLine>): ExchangeLine => ({
  seq: 1,
  at: 0,
  tookMs: 5,
  clientId: 'shop',
  connectionId: 7,
  address: '127.0.0.1:50112',
  correlationId: 42,
  api: 'Fetch',
  version: 13,
  isNoise: false,
  topics: ['orders'],
  error: null,
  closed: null,
  requestBytes: 100,
  responseBytes: 900,
  ...fields,
})

test.each([
  ['', true],
  ['fetch', true],
  ['orders shop', true],
  ['produce', false],
  ['api:fet', true],
  ['api:produce', false],
  ['api=fetch', true],
  ['api=fet', false],
  ['-api:produce', true],
  ['-api:fetch', false],
  ['topic:ord client:SHOP', true],
  ['topic:bills', false],
  ['error:*', false],
  ['-error:*', true],
  ['took>4', true],
  ['took>5', false],
  ['took<6', true],
  ['took<5', false],
  ['bytes>999', true],
  ['bytes>1000', false],
  ['version:13', true],
  ['version>13', false],
  ['connection:7 correlation:42', true],
  ['connection:70', false],
  ['address:50112', true],
  ['127.0.0.1:50112', false],
  ['client:"shop"', true],
  ['"api:fetch"', false],
  ['-', true],
  ['api:', true],
  ['-api:', true],
])('%s: %s', (text, expected) => {
  expect(passes(text, line({}))).toBe(expected)
})

test('an error is found by its name, also without a word before it', () => {
  const failed = line({ error: 'MESSAGE_TOO_LARGE' })
  expect(['too_large', 'error:message', 'error:*'].map((text) => passes(text, failed))).toEqual([true, true, true])
  const closed = line({ closed: { kind: 'http', text: 'this looks like HTTP' } })
  expect(['looks', 'error:http', 'error:*', '-error:*'].map((text) => passes(text, closed))).toEqual([
    true,
    true,
    true,
    false,
  ])
})

test.each([
  ['fetch aip:Fetch', { from: 6, to: 15, kind: 'unknownField', field: 'aip' }],
  ['took>soon', { from: 0, to: 9, kind: 'noNumber', field: 'took', value: 'soon' }],
  ['api>Fetch', { from: 0, to: 9, kind: 'wrongSign', field: 'api' }],
  ['-api: fetch', { from: 0, to: 5, kind: 'noValue', field: 'api' }],
  ['api:', null],
  ['"aip:Fetch" 127.0.0.1:9092', null],
])('what is wrong in %s, and where', (text, problem) => {
  const filter = readFilter(text, wireLanguage)
  if (problem === null) expect(filter.problem).toBeNull()
  else expect(filter.problem).toMatchObject(problem)
})

test('the rest of a filter works while a word of it is not understood', () => {
  expect(passes('aip:x api:Fetch', line({}))).toBe(true)
  expect(passes('aip:x api:Produce', line({}))).toBe(false)
})

test('fields, signs and the values that rows have are completed, the most frequent first', () => {
  const lines = [line({ api: 'Produce', clientId: 'a b' }), line({}), line({})]
  const at = (text: string, caret = text.length) =>
    completionsOf(text, caret, wireLanguage, lines).map((option) => option.text)
  expect(at('to')).toEqual(['topic:', 'took>', 'took<'])
  expect(at('error:* -a')).toEqual(['error:* -api:', 'error:* -address:'])
  expect(at('api:')).toEqual(['api:Fetch ', 'api:Produce '])
  expect(at('api=p')).toEqual(['api=Produce '])
  expect(at('-client:a')).toEqual(['-client:"a b" '])
  expect(at('connection:')).toEqual(['connection:7 '])
  expect(at('took>')).toEqual([])
  expect(at('aip:')).toEqual([])
  // In the middle of a filter, the rest stays.
  expect(at('ap took>5', 2)).toEqual(['api: took>5'])
  expect(at('api:F took>5', 5)).toEqual(['api:Fetch took>5'])
  expect(at('').length).toBeGreaterThan(wireLanguage.fields.length)
  expect(passes(term('client', 'a b', true), line({ clientId: 'a b' }))).toBe(false)
})
