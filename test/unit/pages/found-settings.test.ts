import { expect, test } from 'vitest'
import { wordsOf } from '../../../src-renderer/format/find'
import { isFound, markedParts } from '../../../src-renderer/pages/settings/found'

const retention = ['Topics', 'log.retention.ms', 'How long messages are kept.', null, '604800000', '7 days']

test('a setting is found by its name, words of its description, its section and its value, in any order', () => {
  for (const find of ['', 'retention', 'KEPT messages', 'topics', '604800000', '7 days', 'days kept log']) {
    expect(isFound(wordsOf(find), retention), find).toBe(true)
  }
  for (const find of ['port', 'retention port', '8 days']) expect(isFound(wordsOf(find), retention), find).toBe(false)
})

test('the words are marked where they stand, whatever characters they have', () => {
  expect(markedParts('log.retention.ms', wordsOf('retention log'))).toEqual(['', 'log', '.', 'retention', '.ms'])
  expect(markedParts('Kept (in ms)', wordsOf('(IN'))).toEqual(['Kept ', '(in', ' ms)'])
  expect(markedParts('log.retention', wordsOf('log log.retention'))).toEqual(['', 'log.retention', ''])
  expect(markedParts('xms', wordsOf('.ms'))).toEqual(['xms'])
  expect(markedParts('Port', [])).toEqual(['Port'])
})
