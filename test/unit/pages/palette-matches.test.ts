import { expect, test } from 'vitest'
import { bestOf, rankOf } from '../../../src-renderer/app/palette-matches'

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
  expect(all).toEqual({ shown: ['topic-49', 'topic-490', 'topic-491'], more: 380 })
  expect(bestOf(names, (name) => name, '', 2)).toEqual({ shown: ['topic-0', 'topic-1'], more: 4998 })
  expect(bestOf(names, (name) => name, 'zebra', 2)).toEqual({ shown: [], more: 0 })
})
