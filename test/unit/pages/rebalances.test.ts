import { describe, expect, test } from 'vitest'
import type { RebalanceFrame, RebalanceTurn } from '../../../src-main/contract/groups'
import { causeKindOf, passes } from '../../../src-renderer/pages/rebalances/causes'
import { History, movedIn, ownedAt } from '../../../src-renderer/pages/rebalances/history'
import { hitAt } from '../../../src-renderer/pages/rebalances/hit'
import { storms, withTurns } from '../../../src-renderer/pages/rebalances/lines'
import { Roster } from '../../../src-renderer/pages/rebalances/roster'
import { linesIn } from '../../../src-renderer/pages/rebalances/scene'
import { readView, usualSpanMs, writeView } from '../../../src-renderer/pages/rebalances/view'
import { coursesOf, waitOf } from '../../../src-renderer/pages/rebalances/waits'

type Member = RebalanceFrame['members'][number]

const member = (memberId: string, phase: Member['phase'], partitions: number[] = []): Member => ({
  memberId,
  instanceId: null,
  clientId: 'worker',
  clientHost: '/127.0.0.1',
  phase,
  epoch: 1,
  subscribed: ['orders'],
  assigned: { orders: partitions },
  target: null,
})

let seq = 0
function frame(at: number, state: string, fields: Partial<RebalanceFrame> = {}): RebalanceFrame {
  seq++
  return {
    groupId: 'g',
    seq,
    at,
    cause: 'something happened',
    kind: 'join',
    about: null,
    turn: null,
    type: 'classic',
    state,
    epoch: 1,
    protocol: 'range',
    leader: null,
    members: [],
    removed: [],
    full: false,
    ...fields,
  }
}

/** a, b and c work; c falls silent; b is asked and comes late; a shares with it. */
function life(): RebalanceFrame[] {
  seq = 0
  return [
    frame(0, 'Stable', {
      full: true,
      members: [member('a', 'stable', [0, 1]), member('b', 'stable', [2, 3]), member('c', 'stable', [4, 5])],
    }),
    frame(20_000, 'PreparingRebalance', {
      turn: 'begins',
      kind: 'sessionExpired',
      about: 'c',
      cause: 'worker (c) sent no heartbeat for 10 s',
      removed: ['c'],
      members: [member('a', 'joining', [0, 1]), member('b', 'joining', [2, 3])],
    }),
    frame(20_050, 'PreparingRebalance', { about: 'a', members: [member('a', 'waiting', [0, 1])] }),
    frame(21_240, 'CompletingRebalance', {
      about: 'b',
      epoch: 2,
      members: [member('a', 'syncing', [0, 1]), member('b', 'syncing', [2, 3])],
    }),
    frame(21_250, 'Stable', {
      turn: 'ends',
      kind: 'sync',
      about: 'a',
      epoch: 2,
      members: [member('a', 'stable', [0, 1, 4]), member('b', 'syncing', [2, 3, 5])],
    }),
    frame(21_260, 'Stable', { kind: 'sync', about: 'b', epoch: 2, members: [member('b', 'stable', [2, 3, 5])] }),
  ]
}

function historyOf(frames: readonly RebalanceFrame[]): History {
  const history = new History()
  history.add(frames)
  return history
}

describe('the history of a group', () => {
  test('is the same whether frames come one by one or together', () => {
    const together = historyOf(life())
    const one = new History()
    for (const each of life()) one.add([each])
    expect(JSON.stringify([...one.lanes])).toBe(JSON.stringify([...together.lanes]))
    expect(one.rebalances).toEqual(together.rebalances)
  })

  test('tells each phase, who was waited for, and how everyone went through it', () => {
    const history = historyOf(life())
    const [rebalance] = history.rebalances
    if (!rebalance) throw new Error('there was a rebalance')
    expect(rebalance.stages).toEqual([
      { state: 'PreparingRebalance', from: 20_000, to: 21_240 },
      { state: 'CompletingRebalance', from: 21_240, to: 21_250 },
    ])
    expect(waitOf(rebalance, history.lanes)).toEqual({ memberIds: ['b'], ms: 1190, isMissing: false })
    expect(coursesOf(rebalance, history.lanes)).toEqual([
      { memberId: 'b', joinedMs: 1240, syncedMs: 1260, readyMs: null, goneMs: null, isWaitedFor: true },
      { memberId: 'c', joinedMs: null, syncedMs: null, readyMs: null, goneMs: 0, isWaitedFor: false },
      { memberId: 'a', joinedMs: 50, syncedMs: 1250, readyMs: 1250, goneMs: null, isWaitedFor: false },
    ])
  })

  test('shows silence since the last heartbeat, and what moved from whom', () => {
    const history = historyOf(life())
    expect(history.lanes.get('c')?.stretches).toEqual([
      { phase: 'stable', from: 0, to: 10_000 },
      { phase: 'silent', from: 10_000, to: 20_000 },
      { phase: 'gone', from: 20_000, to: 20_000 },
    ])
    const [rebalance] = history.rebalances
    expect(rebalance && [...movedIn(rebalance)]).toEqual([
      ['orders:4', 'c'],
      ['orders:5', 'c'],
    ])
    const lane = history.lanes.get('a')
    expect(lane && [ownedAt(lane, 21_000), ownedAt(lane, 21_250)]).toEqual([{ orders: [0, 1] }, { orders: [0, 1, 4] }])
  })

  test('names those that never came', () => {
    const frames = life().slice(0, 3)
    frames.push(
      frame(80_000, 'CompletingRebalance', {
        kind: 'joinExpired',
        epoch: 2,
        removed: ['b'],
        members: [member('a', 'syncing', [0, 1])],
      }),
    )
    const history = historyOf(frames)
    const { running } = history
    expect(running && waitOf(running, history.lanes)).toEqual({ memberIds: ['b'], ms: 59_950, isMissing: true })
  })

  test('can begin in the middle of a rebalance', () => {
    const frames = life().slice(2)
    const first = {
      ...(frames[0] as RebalanceFrame),
      full: true,
      members: [member('a', 'waiting'), member('b', 'joining')],
    }
    const history = historyOf([first, ...frames.slice(1)])
    expect(history.rebalances).toHaveLength(1)
    expect(history.rebalances[0]).toMatchObject({ fromAt: 20_050, toAt: 21_250 })
  })
})

describe('the list', () => {
  const turn = (at: number, what: RebalanceTurn['turn'], fields: Partial<RebalanceTurn> = {}): RebalanceTurn => ({
    seq: at,
    at,
    turn: what,
    epoch: at,
    kind: 'leave',
    cause: 'somebody left',
    ...fields,
  })

  test('pairs begins with ends as they come, also where an end is missing', () => {
    let lines = withTurns([], [turn(1, 'begins'), turn(3, 'ends'), turn(5, 'whole'), turn(7, 'begins')])
    expect(lines.map(({ fromAt, toAt, lastSeq, epoch }) => [fromAt, toAt, lastSeq, epoch])).toEqual([
      [1, 3, 3, 3],
      [5, 5, 5, 5],
      [7, null, 7, 7],
    ])
    lines = withTurns(lines, [turn(9, 'begins'), turn(11, 'ends')])
    expect(lines.slice(2).map(({ fromAt, toAt }) => [fromAt, toAt])).toEqual([
      [7, 9],
      [9, 11],
    ])
  })

  test('puts a storm together', () => {
    const turns = [0, 1000, 2000, 3000, 4000, 60_000, 61_000].map((at) => turn(at, 'whole'))
    const [storm, ...others] = storms(withTurns([], turns))
    expect(storm && 'lines' in storm ? storm.lines.length : 0).toBe(5)
    expect(others).toHaveLength(2)
  })

  test('sorts causes into kinds', () => {
    const kinds = [
      ['join', 'worker (1a2b) joined'],
      ['consumerHeartbeat', 'worker (1a2b) joined: orders; worker (1a2b) got 4 partitions'],
      ['consumerHeartbeat', 'worker (1a2b) left'],
      ['leave', 'worker (1a2b) left: the consumer is being closed'],
      ['sessionExpired', 'worker (1a2b) sent no heartbeat for 10 s'],
      ['joinExpired', 'worker (1a2b) did not rejoin within 60 s'],
      ['join', 'worker (1a2b) rejoined as the leader'],
      ['join', 'worker (1a2b) rejoined: its subscription changed'],
      ['topicsChanged', 'topic orders gained 2 partitions'],
      ['fence', 'its offsets were moved'],
      ['consumerHeartbeat', 'the group goes over to the consumer protocol; worker (1a2b) joined: orders'],
      ['whatever', 'nobody knows'],
    ] as const
    expect(kinds.map(([kind, cause]) => causeKindOf({ kind, cause }))).toEqual([
      'joined',
      'joined',
      'left',
      'left',
      'silent',
      'late',
      'rejoined',
      'subscription',
      'topics',
      'reset',
      'protocol',
      'other',
    ])
  })

  test('is filtered by kind and by text', () => {
    const line = { kind: 'left', cause: 'Worker (1a2b) left' } as const
    expect(passes({ kinds: new Set(), find: '' }, line)).toBe(true)
    expect(passes({ kinds: new Set(['joined']), find: '' }, line)).toBe(false)
    expect(passes({ kinds: new Set(['joined', 'left']), find: 'worker' }, line)).toBe(true)
    expect(passes({ kinds: new Set(), find: 'other' }, line)).toBe(false)
  })
})

describe('what lies under the pointer', () => {
  const history = historyOf(life())
  const lines = withTurns(
    [],
    [
      { seq: 2, at: 20_000, turn: 'begins', epoch: 1, kind: 'sessionExpired', cause: 'c fell silent' },
      { seq: 5, at: 21_250, turn: 'ends', epoch: 2, kind: 'sync', cause: '' },
    ],
  )
  const scene = {
    lanes: [...history.lanes.values()],
    hueOf: () => 0,
    laneHeight: 30,
    scrollTop: 0,
    height: 90,
    lines,
    isDimmed: () => false,
    selected: null,
    hovered: null,
    silentSince: new Map(),
    nowAt: 25_000,
  }
  const window = { fromAt: 0, toAt: 30_000, width: 1000 }
  const at = (ms: number) => (ms / 30_000) * 1000

  test('is a rebalance, a little beside it too, and a stretch of a lane', () => {
    expect(hitAt(scene, window, at(20_500), 10)).toMatchObject({ line: { seq: 2 }, lane: { memberId: 'a' } })
    expect(hitAt(scene, window, at(20_000) - 5, 40)).toMatchObject({ line: { seq: 2 }, stretch: { phase: 'stable' } })
    expect(hitAt(scene, window, at(15_000), 70)).toMatchObject({ line: null, stretch: { phase: 'silent' } })
    expect(hitAt(scene, window, at(24_000), 70)).toMatchObject({ lane: { memberId: 'c' }, stretch: null })
    expect(hitAt(scene, window, at(29_000), 10).stretch).toBeNull()
    expect(hitAt({ ...scene, scrollTop: 60 }, window, at(1000), 10).lane?.memberId).toBe('c')
    expect(hitAt(scene, window, at(1000), 95).lane).toBeNull()
  })

  test('only what touches the window is looked at', () => {
    expect(linesIn(lines, { ...window, fromAt: 21_300 })).toEqual([])
    expect(linesIn(lines, { ...window, fromAt: 21_000 })).toHaveLength(1)
    expect(linesIn(lines, { ...window, toAt: 19_000 })).toEqual([])
  })
})

test('a link to the timeline says what is seen, and nothing of what is usual', () => {
  const view = {
    endAt: 1_700_000_000_123,
    spanMs: 5000,
    selected: 7,
    kinds: new Set(['left', 'silent'] as const),
    find: 'a b',
  }
  expect(readView(writeView(view))).toEqual(view)
  const usual = { endAt: null, spanMs: usualSpanMs, selected: null, kinds: new Set<never>(), find: '' }
  expect(writeView(usual)).toBe('')
  expect(readView('span=banana&at=-5&causes=left,nonsense')).toEqual({ ...usual, kinds: new Set(['left']) })
})

test('names are short while they are unique, and members keep their numbers', () => {
  const roster = new Roster()
  const lanes = historyOf(life()).lanes
  const named = [...lanes.values()].map((lane, i) => ({
    ...lane,
    member: { ...lane.member, clientId: i === 2 ? 'other' : 'worker' },
  }))
  roster.meet(named)
  expect(named.map(({ memberId }) => roster.name(memberId))).toEqual(['worker a', 'worker b', 'other'])
  roster.meet([...named].reverse())
  expect(named.map(({ memberId }) => roster.number(memberId))).toEqual([1, 2, 3])
})
