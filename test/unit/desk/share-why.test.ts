import { expect, test } from 'vitest'
import type { ShareRun } from '../../../src-main/contract/share'
import { whyOf } from '../../../src-main/desk/shares/why'
import type { LaneFacts } from '../../../src-main/desk/source/shares'

/** A share-partition whose one member waits for records that are there. */
const delivering: LaneFacts = {
  topic: 'orders',
  partition: 0,
  logStart: 0,
  logEnd: 10,
  readEnd: 10,
  start: 0,
  windowEnd: 0,
  runs: [],
  next: 0,
  inFlight: 0,
  maxInFlight: 100,
  deliveryCountLimit: 5,
  reset: 'earliest',
  began: null,
  groupMembers: 1,
  members: ['m'],
  sessions: [{ memberId: 'm', isWaiting: true, askedAt: 5 }],
  outcomes: [],
}

function held(memberId: string, first: number, last: number, lockedUntil: number): ShareRun {
  return { first, last, state: 'acquired', deliveryCount: 1, memberId, acquiredAt: 0, lockedUntil }
}

const why = (change: Partial<LaneFacts>, at = 10_000) => whyOf({ ...delivering, ...change }, at)

test('nothing is said while records are delivered', () => {
  expect(why({})).toEqual([])
})

test('a group without members, or without one for the partition', () => {
  expect(why({ groupMembers: 0, members: [], sessions: [] })).toEqual([{ kind: 'noMembers' }])
  expect(why({ members: [], sessions: [] })).toEqual([{ kind: 'noMember' }])
})

test('everything that is left is acquired: by whom, and until when', () => {
  const runs = [held('a', 0, 0, 30), held('b', 1, 8, 50), held('a', 9, 9, 40)]
  expect(why({ runs, next: 10, windowEnd: 10, inFlight: 10 })).toEqual([
    {
      kind: 'locked',
      holders: [
        { memberId: 'b', records: 8, firstLockEnd: 50, lastLockEnd: 50 },
        { memberId: 'a', records: 2, firstLockEnd: 30, lastLockEnd: 40 },
      ],
    },
  ])
})

test('the limit of offsets in flight is reached', () => {
  const runs = [held('a', 0, 4, 30)]
  expect(why({ runs, next: 5, windowEnd: 5, inFlight: 5, maxInFlight: 5 })).toMatchObject([
    { kind: 'locksExhausted', limit: 5, holders: [{ memberId: 'a', records: 5 }] },
  ])
})

test('an available record inside the window is delivered, limit or not', () => {
  const free: ShareRun = { ...held('a', 0, 0, 0), state: 'available', memberId: null, lockedUntil: null }
  expect(why({ runs: [free, held('a', 1, 4, 30)], next: 0, windowEnd: 5, inFlight: 5, maxInFlight: 5 })).toEqual([])
})

test('an open transaction holds back readers of committed records', () => {
  expect(why({ next: 7, windowEnd: 7, readEnd: 7 })).toEqual([{ kind: 'openTransaction', offset: 7, records: 3 }])
})

test('the members do not fetch: since the newest of their requests', () => {
  const sessions = [
    { memberId: 'm', isWaiting: false, askedAt: 5 },
    { memberId: 'n', isWaiting: false, askedAt: 9 },
  ]
  expect(why({ members: ['m', 'n'], sessions })).toEqual([{ kind: 'notFetching', memberIds: ['m', 'n'], since: 9 }])
  expect(why({ sessions }, 2008)).toEqual([])
  expect(why({ sessions }, 2009)).toHaveLength(1)
  expect(why({ sessions: [] })).toEqual([{ kind: 'notFetching', memberIds: ['m'], since: null }])
})

test('a record on its last attempt is named', () => {
  const free: ShareRun = {
    ...held('a', 3, 3, 0),
    state: 'available',
    deliveryCount: 4,
    memberId: null,
    lockedUntil: null,
  }
  expect(why({ runs: [free], start: 3, next: 3, windowEnd: 4, inFlight: 1 })).toEqual([
    { kind: 'lastAttempt', offset: 3, limit: 5 },
  ])
})
