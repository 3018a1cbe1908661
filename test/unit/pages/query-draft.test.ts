import { describe, expect, test } from 'vitest'
import type { MessageDetail } from '../../../src-main/contract/messages'
import { gapText } from '../../../src-renderer/pages/messages/gap'
import { messageJson } from '../../../src-renderer/pages/messages/message-text'
import { partitionsText, readPartitions } from '../../../src-renderer/pages/messages/partition-list'
import { draftOf, newest, queryOf, queryText, withCondition } from '../../../src-renderer/pages/messages/query-draft'

const topics = ['orders']

describe('what a view says of itself in its address', () => {
  test.each([
    { ...newest, find: 'ada', committed: true },
    { ...newest, from: 'offset', offset: '12', partitions: '0,3-5' },
    { ...newest, from: 'time', fromAt: 1_700_000_000_000, until: 1_700_000_060_000, open: 'orders:1:55' },
    { ...newest, from: 'time', fromAt: 1_699_999_999_999_940_000, until: 1_700_000_000_000_060_000 },
    { ...newest, columns: ['value.customer.id', 'headers.trace'], follow: 'o-17', followName: 'order' },
    { ...newest, from: 'group', groupId: 'billing', filterBy: 'script', script: 'value.total > 1' },
    { ...newest, filterBy: 'conditions', where: 'value.status=paid -key:"a b"' },
  ] as const)('leads to the same: %j', (draft) => {
    expect(draftOf(queryText(draft), topics)).toEqual(draft)
  })

  test('is nothing when all is as usual', () => {
    expect(queryText(newest)).toBe('')
  })

  test('opens the message of a link', () => {
    expect(draftOf('partition=1&offset=55', topics)).toEqual({
      ...newest,
      from: 'offset',
      offset: '55',
      partitions: '1',
      open: 'orders:1:55',
    })
    expect(draftOf('offset=55', topics)).toMatchObject({ from: 'offset', offset: '55', open: null })
  })
})

test('another start does not take over the value of the one before', () => {
  const draft = { ...newest, from: 'offset', offset: '12', until: 5000 } as const
  expect(queryOf(draft, topics)).toMatchObject({ value: 12, until: null })
  expect(queryOf({ ...draft, from: 'time' }, topics)).toMatchObject({ value: 0, until: 5000 })
})

describe('partitions', () => {
  test.each([
    ['0,3-5', [0, 3, 4, 5], '0,3-5'],
    ['5 3, 4 x 0', [0, 3, 4, 5], '0,3-5'],
    ['7', [7], '7'],
  ])('are read from %j', (text, numbers, shortest) => {
    expect(readPartitions(text)).toEqual(numbers)
    expect(partitionsText(numbers)).toBe(shortest)
  })

  test('are all when none is named', () => {
    expect(readPartitions('')).toBeNull()
    expect(readPartitions('all')).toBeNull()
  })
})

test('a gap names what its offsets were', () => {
  expect(gapText({ first: 12, last: 14, markers: 1, aborted: 0 })).toBe(
    'offsets 12–14: 1 transaction marker, 2 removed by compaction',
  )
  expect(gapText({ first: 1234, last: 1234, markers: 0, aborted: 1 })).toBe('offset 1,234: 1 of aborted transactions')
})

test('a message as JSON keeps large numbers, null and bytes apart', () => {
  const cell = { sizeBytes: 1, cut: false }
  const detail = {
    topic: 'orders',
    partition: 1,
    offset: 55,
    timestamp: 9,
    key: { kind: 'null' },
    value: { ...cell, kind: 'json', text: '{"total":9007199254740993}' },
    headers: [
      { key: 'a', value: { ...cell, kind: 'text', text: 'say "hi"' } },
      { key: 'b', value: { ...cell, kind: 'binary', text: '00ff' } },
    ],
  } as unknown as MessageDetail
  expect(messageJson(detail)).toBe(
    '{"topic":"orders","partition":1,"offset":55,"timestamp":9,"key":null,"value":{"total":9007199254740993},' +
      '"headers":[{"key":"a","value":"say \\"hi\\""},{"key":"b","value":{"hex":"00ff"}}]}',
  )
})

test('a further condition stands behind the others, and takes the place of a text', () => {
  const draft = { ...newest, find: 'ada' }
  expect(withCondition(draft, 'key=a')).toEqual({ filterBy: 'conditions', where: 'key=a' })
  const next = { ...draft, ...withCondition(draft, 'key=a') }
  expect(withCondition(next, '-value.b=1')).toEqual({ filterBy: 'conditions', where: 'key=a -value.b=1' })
  expect(queryOf(next, topics)).toMatchObject({
    find: '',
    conditions: [{ field: 'key', test: 'is', value: 'a', isNot: false }],
  })
  expect(queryOf({ ...next, filterBy: 'text' }, topics)).toMatchObject({ find: 'ada', conditions: [] })
})
