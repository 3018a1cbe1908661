import { expect, test } from 'vitest'
import type { BlockedGroup, BlockedPartition, TransactionLine } from '../../../src-main/contract/workspace'
import { endedOf } from '../../../src-renderer/pages/transactions/ended'
import { axisOf, heldUp, lanesOf, lastingLanes, placeOn } from '../../../src-renderer/pages/transactions/lanes'
import { texts } from '../../../src-renderer/pages/transactions/texts'

const group = (groupId: string, isolation: BlockedGroup['isolation']) => ({ groupId, isolation })
const part = (topic: string, records: number, groups: readonly BlockedGroup[] = []): BlockedPartition => ({
  topic,
  partition: 0,
  records,
  groups,
  others: [],
})

function open(transactionalId: string, startedAt: number, blocked: readonly BlockedPartition[] = []): TransactionLine {
  return {
    transactionalId,
    producerId: '1',
    producerEpoch: 0,
    state: 'Ongoing',
    partitions: blocked.map(({ topic }) => `${topic}:0`),
    startedAt,
    updatedAt: startedAt,
    timeoutMs: 60_000,
    committed: 0,
    aborted: 0,
    ended: [],
    blocked,
  }
}

const reader = group('billing', 'read_committed')
const careless = group('dashboard', 'read_uncommitted')
const silent = group('nightly', null)

test('transactions that hold up a group come first, then those that hold messages back; of these the oldest', () => {
  const lanes = lanesOf([
    open('idle', 1),
    open('holds', 2, [part('a', 5, [careless])]),
    open('late', 9, [part('a', 1, [reader])]),
    { ...open('over', 0), state: 'CompleteCommit' },
    open('early', 3, [part('a', 1, [reader])]),
  ])
  expect(lanes.map(({ line, effect }) => `${line.transactionalId} ${effect}`)).toEqual([
    'early waits',
    'late waits',
    'holds holds',
    'idle nothing',
  ])
})

test('a lane says whom it holds up, and shows first the partitions that a group waits for', () => {
  const [lane] = lanesOf([
    open('pay', 0, [
      part('many', 900),
      part('b', 2, [silent]),
      part('c', 1, [reader, silent]),
      part('d', 3),
      part('e', 4),
    ]),
  ])
  expect(lane?.parts.map(({ topic }) => topic)).toEqual(['c', 'many', 'e'])
  expect(lane).toMatchObject({
    effect: 'waits',
    waiting: ['billing'],
    unknown: ['nightly'],
    records: 910,
    moreParts: 2,
  })
  expect(lane && texts.lanes.whom(lane)).toBe('Holds up billing: 910 messages not delivered yet.')
})

test('what is not known is not guessed', () => {
  const said = (...groups: readonly BlockedGroup[]) =>
    lanesOf([open('pay', 0, [part('a', 1, groups)])]).map((lane) => texts.lanes.whom(lane))[0]
  expect(said(careless)).toBe('Holds back 1 message. No group waits for it.')
  expect(said(careless, silent)).toBe(
    'Holds back 1 message. Whether nightly waits is not known: no consumer of it fetches now.',
  )
  expect(lanesOf([open('pay', 0)]).map((lane) => texts.lanes.whom(lane))).toEqual([
    'Has no partition yet: it holds back nothing.',
  ])
})

test('a transaction of less than a second has no lane', () => {
  const lanes = lanesOf([open('quick', 9001), open('slow', 9000)])
  expect(lastingLanes(lanes, 10_000).map(({ line }) => line.transactionalId)).toEqual(['slow'])
})

test('all lanes share an axis that begins with the oldest, and is never so short that milliseconds fill it', () => {
  const lanes = lanesOf([open('a', 100_000), open('b', 40_000)])
  expect(axisOf(lanes, 140_000)).toEqual({ from: 40_000, to: 140_000 })
  expect(placeOn({ from: 40_000, to: 140_000 }, 90_000)).toBe(0.5)
  expect(axisOf(lanesOf([open('a', 139_990)]), 140_000)).toEqual({ from: 130_000, to: 140_000 })
  // A clock of another machine may be ahead.
  expect(placeOn({ from: 0, to: 10 }, 11)).toBe(1)
})

test('transactions of all ids that ended are listed together, the newest first, and by how they ended', () => {
  const end = (at: number, outcome: 'committed' | 'aborted' | 'timed out') => ({
    at,
    outcome,
    startedAt: at - 1,
    partitions: [],
  })
  const lines = [
    { ...open('a', 1), ended: [end(9, 'committed'), end(3, 'timed out')] },
    { ...open('b', 1), ended: [end(5, 'aborted')] },
  ]
  const told = (state: string) => endedOf(lines, state).map(({ transactionalId, at }) => `${transactionalId}${at}`)
  expect(told('')).toEqual(['a9', 'b5', 'a3'])
  expect(told('CompleteCommit')).toEqual(['a9'])
  expect(told('CompleteAbort')).toEqual(['b5', 'a3'])
  expect(told('Ongoing')).toEqual([])
})

test('a group is held up by the transactions that it waits for, in the partitions that it reads', () => {
  const lines = [
    open('pay', 0, [
      part('a', 2, [reader, careless]),
      part('b', 3, [reader]),
      part('c', 4, [careless]),
      part('d', 1, [reader]),
    ]),
    open('new', 9_500, [part('a', 1, [reader])]),
    open('other', 0, [part('c', 4, [careless])]),
  ]
  const found = (groupId: string) =>
    heldUp(lines, groupId, 10_000).map(({ line, records }) => `${line.transactionalId} ${records}`)
  expect([found('billing'), found('dashboard')]).toEqual([['pay 6'], []])
})
