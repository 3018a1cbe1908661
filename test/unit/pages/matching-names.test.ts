import { expect, test } from 'vitest'
import { matchingNames, mostNames, nameOptions } from '../../../src-renderer/parts/matching-names'

const topics = Array.from({ length: 5000 }, (_, i) => `team-${i % 7}.orders-${i}`)

test('any part of a name finds it, in any case, and names that begin with the text come first', () => {
  const names = ['big-orders', 'Orders', 'orders-dlt', 'payments']
  expect(matchingNames(names, ' order ')).toEqual(['Orders', 'orders-dlt', 'big-orders'])
  expect(matchingNames(names, '')).toEqual(names)
  expect(matchingNames(names, 'shipments')).toEqual([])
})

test('of thousands of names a list offers the first, and what is typed finds each', () => {
  expect(nameOptions(topics, '')).toHaveLength(mostNames)
  expect(matchingNames(topics, 'orders-4999')).toEqual([topics[4999]])
  expect(nameOptions(topics, 'orders-4999')).toEqual([{ label: topics[4999], text: topics[4999] }])
})
