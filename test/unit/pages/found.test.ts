import { expect, test } from 'vitest'
import { wordsOf } from '../../../src-renderer/format/find'
import { isFound, placesOf } from '../../../src-renderer/format/found'

const retention = ['Topics', 'log.retention.ms', 'How long messages are kept.', null, '604800000', '7 days']

test('a setting is found by its name, words of its description, its section and its value, in any order', () => {
  for (const find of ['', 'retention', 'KEPT messages', 'topics', '604800000', '7 days', 'days kept log']) {
    expect(isFound(wordsOf(find), retention), find).toBe(true)
  }
  for (const find of ['port', 'retention port', '8 days']) expect(isFound(wordsOf(find), retention), find).toBe(false)
})

test('the words are marked where they stand, whatever characters they have', () => {
  const marked = (text: string, find: string) =>
    placesOf(text, wordsOf(find)).map(({ at, end }) => `${at} ${text.slice(at, end)}`)
  expect(marked('log.retention.ms', 'retention log')).toEqual(['0 log', '4 retention'])
  expect(marked('Kept (in ms)', '(IN')).toEqual(['5 (in'])
  expect(marked('log.retention', 'log log.retention')).toEqual(['0 log.retention'])
  expect(marked('xms', '.ms')).toEqual([])
  expect(marked('Port', '')).toEqual([])
  // A letter that grows in lower case shifts nothing.
  expect(marked('İstanbul x', 'x')).toEqual(['9 x'])
  // Spaces of a search in messages are part of what is found.
  expect(placesOf('a b ab', ['a b', ''])).toEqual([{ at: 0, end: 3 }])
  expect(placesOf('a'.repeat(5000), ['a'])).toHaveLength(2000)
})
