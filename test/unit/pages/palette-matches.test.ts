import { expect, test } from 'vitest'
import { bestOf, matchingLists, rankOf } from '../../../src-renderer/app/palette-matches'

test('the beginning of a label matches best, then the beginning of a word, then any part, then its letters in order', () => {
  expect(['orders', 'demo-orders', 'reorders', 'old riders', 'audit'].map((label) => rankOf(label, 'orders'))).toEqual([
    0,
    1,
    2,
    3,
    null,
  ])
  expect(rankOf('orders', 'odr')).toBe(3)
})

test('of many matches the best are shown, and the others are counted', () => {
  const names = Array.from({ length: 5000 }, (_, i) => `topic-${i}`)
  const all = bestOf(names, (name) => name, ' Topic-49 ', 3)
  expect(all).toEqual({ shown: ['topic-49', 'topic-490', 'topic-491'], more: 380, best: 0 })
  expect(bestOf(names, (name) => name, '', 2)).toEqual({ shown: ['topic-0', 'topic-1'], more: 4998, best: 0 })
  expect(bestOf(names, (name) => name, 'zebra', 2)).toEqual({ shown: [], more: 0, best: null })
})

test('a topic that begins with what was typed comes before an action that only has its letters', () => {
  const lists = [
    ['Pages', ['Home', 'Topics']],
    ['Actions', ['Keyboard shortcuts', 'Produce to orders…']],
    ['Topics', ['audit', 'orders']],
  ] as const
  const found = (search: string) =>
    matchingLists<string>(lists, (label) => label, search, 30).map(({ heading, shown }) => [heading, ...shown])
  expect(found('ord')).toEqual([
    ['Topics', 'orders'],
    ['Actions', 'Produce to orders…', 'Keyboard shortcuts'],
  ])
  expect(found('').map(([heading]) => heading)).toEqual(['Pages', 'Actions', 'Topics'])
})
