import { expect, test } from 'vitest'
import type { TopicLine } from '../../../src-main/contract/topics'
import { treeRows } from '../../../src-renderer/pages/topics/topic-tree'

const topic = (name: string, messages: number): TopicLine => ({
  name,
  id: name,
  internal: false,
  partitions: 1,
  messages,
  sizeBytes: 0,
  cleanupPolicy: 'delete',
  inPerSecond: 0,
  inBytesPerSecond: 0,
  outBytesPerSecond: 0,
  lastMessageAt: -1,
  groups: [],
})

const topics = [
  topic('shop.orders.new', 1),
  topic('shop.orders.old', 2),
  topic('shop.bills', 4),
  topic('mails', 8),
  topic('_x', 16),
]
const shown = (...open: string[]) =>
  treeRows(topics, new Set(open)).map(({ name, messages, depth, topics: count }) => [name, messages, depth, count])

test('topics whose names begin alike are a group with their sums; a group of one is that topic', () => {
  expect(shown()).toEqual([
    ['_x', 16, 0, 1],
    ['mails', 8, 0, 1],
    ['shop.', 7, 0, 3],
  ])
  expect(shown('shop.')).toEqual([
    ['_x', 16, 0, 1],
    ['mails', 8, 0, 1],
    ['shop.', 7, 0, 3],
    ['shop.bills', 4, 1, 1],
    ['shop.orders.', 3, 1, 2],
  ])
  expect(shown('shop.', 'shop.orders.').slice(-2)).toEqual([
    ['shop.orders.new', 1, 2, 1],
    ['shop.orders.old', 2, 2, 1],
  ])
})
