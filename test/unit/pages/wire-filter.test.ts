import { expect, test } from 'vitest'
import type { ExchangeLine } from '../../../src-main/contract/workspace'
import { completions, term, wireFilter } from '../../../src-renderer/pages/wire/wire-filter'

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
  ['-api:produce', true],
  ['-api:fetch', false],
  ['topic:ord client:SHOP', true],
  ['topic:bills', false],
  ['error:*', false],
  ['-error:*', true],
  ['took>4', true],
  ['took>5', false],
  ['bytes>999', true],
  ['bytes>1000', false],
  ['connection:7 correlation:42', true],
  ['connection:70', false],
  ['address:50112', true],
  ['client:"shop"', true],
  ['other:thing', false],
])('%s: %s', (text, passes) => {
  expect(wireFilter(text)(line({}))).toBe(passes)
})

test('an error is found by its name, also without a word before it', () => {
  const failed = line({ error: 'MESSAGE_TOO_LARGE' })
  expect(['too_large', 'error:message', 'error:*'].map((text) => wireFilter(text)(failed))).toEqual([true, true, true])
})

test('words and values that the list has are completed', () => {
  const lines = [line({}), line({ api: 'Produce', clientId: 'a b' })]
  expect(completions('to', lines)).toEqual(['topic:'])
  expect(completions('error:* -a', lines)).toEqual(['error:* -api:', 'error:* -address:'])
  expect(completions('api:', lines)).toEqual(['api:Fetch', 'api:Produce'])
  expect(completions('-client:a', lines)).toEqual(['-client:"a b"'])
  expect(completions('', lines)).toEqual([])
  expect(wireFilter(term('client', 'a b', true))(line({ clientId: 'a b' }))).toBe(false)
})
