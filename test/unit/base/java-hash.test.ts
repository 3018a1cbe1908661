import { expect, test } from 'vitest'
import { inHashMapOrder, javaHash, partitionHash } from '../../../src-main/base/java-hash'

/* What Java 17 printed. */
test('texts and partitions have the hash that they have in Java', () => {
  expect([javaHash(''), javaHash('billing'), javaHash('orders')]).toEqual([0, -109829509, -1008770331])
  expect(partitionHash('a', 3)).toBe(31 * 34 + 97)
})

test('keys of a hash map come by bucket, and in one bucket in the order in which they were added', () => {
  expect(inHashMapOrder(['AaAa', 'x', 'BBBB', 'AaBB'], javaHash)).toEqual(['x', 'AaAa', 'BBBB', 'AaBB'])
  const users = 'alice bob carol Aa BB dave eve u10 u11 u12 u13 u14 u15 u16 u17 u18'.split(' ')
  const listed = 'Aa BB dave alice carol bob u11 eve u10 u13 u12 u15 u14 u17 u16 u18'.split(' ')
  expect(inHashMapOrder(users, javaHash)).toEqual(listed)
})

test('a map that had more keys before has the order of its larger table', () => {
  expect(inHashMapOrder(['bob', 'alice'], javaHash)).toEqual(['bob', 'alice'])
  expect(inHashMapOrder(['bob', 'alice'], javaHash, 13)).toEqual(['alice', 'bob'])
})
