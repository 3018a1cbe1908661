import { describe, expect, test } from 'vitest'
import type { Cause } from '../../../src-main/contract/causes'
import type { RebalanceBoundary, RebalanceFrame } from '../../../src-main/contract/groups'
import { memberName } from '../../../src-renderer/format/members'
import { causeKindOf, passes } from '../../../src-renderer/pages/rebalances/causes'
import { History, movedIn, ownedAt } from '../../../src-renderer/pages/rebalances/history'
import { hitAt } from '../../../src-renderer/pages/rebalances/hit'
import { inTime, storms, withBoundaries } from '../../../src-renderer/pages/rebalances/lines'
import { Roster, shortLabels } from '../../../src-renderer/pages/rebalances/roster'
import { runsIn } from '../../../src-renderer/pages/rebalances/runs'
import { lineBefore, linesIn, nameOf } from '../../../src-renderer/pages/rebalances/scene'
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

const name = (memberId: string) => ({ memberId, instanceId: null, clientId: 'worker' })

let seq = 0
function frame(at: number, state: string, fields: Partial<RebalanceFrame> = {}): RebalanceFrame {
  seq++
  return {
    groupId: 'g',
    seq,
    at,
    causes: [],
    kind: 'join',
    about: null,
    boundary: null,
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
      boundary: 'start',
      kind: 'sessionExpired',
      about: 'c',
      causes: [{ kind: 'sessionExpired', member: name('c'), afterMs: 10_000 }],
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
      boundary: 'end',
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
  test('is the same for frames one by one and together', () => {
    const together = historyOf(life())
    const one = new History()
    for (const each of life()) one.add([each])
    expect(JSON.stringify([...one.lanes])).toBe(JSON.stringify([...together.lanes]))
    expect(one.rebalances).toEqual(together.rebalances)
  })

  test('has each phase, the members that were waited for, and the times of each member', () => {
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

  test('shows the time since the last heartbeat, and the previous owners of moved partitions', () => {
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

  test('names members that never joined', () => {
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

  test('can start in the middle of a rebalance', () => {
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
  const boundary = (at: number, what: RebalanceBoundary['boundary']): RebalanceBoundary => ({
    seq: at,
    at,
    boundary: what,
    epoch: at,
    kind: 'leave',
    causes: [{ kind: 'left', member: name('a'), reason: null }],
  })

  test('pairs starts and ends as they arrive, also where an end is missing', () => {
    let lines = withBoundaries(
      [],
      [boundary(1, 'start'), boundary(3, 'end'), boundary(5, 'startAndEnd'), boundary(7, 'start')],
    )
    expect(lines.map(({ fromAt, toAt, lastSeq, epoch }) => [fromAt, toAt, lastSeq, epoch])).toEqual([
      [1, 3, 3, 3],
      [5, 5, 5, 5],
      [7, null, 7, 7],
    ])
    lines = withBoundaries(lines, [boundary(9, 'start'), boundary(11, 'end')])
    expect(lines.slice(2).map(({ fromAt, toAt }) => [fromAt, toAt])).toEqual([
      [7, 9],
      [9, 11],
    ])
  })

  test('has lines of their own for what is no rebalance, also within one', () => {
    const lines = withBoundaries(
      [],
      [boundary(1, 'start'), boundary(2, 'note'), boundary(3, 'end'), boundary(4, 'note')],
    )
    expect(lines.map(({ fromAt, toAt, isNote }) => [fromAt, toAt, isNote])).toEqual([
      [1, 3, false],
      [2, 2, true],
      [4, 4, true],
    ])
    // They end a storm, and are not counted as rebalances of it.
    const stormy = [0, 1000, 2000, 3000, 4000].map((at) => boundary(at, 'startAndEnd'))
    expect(storms(withBoundaries([], [...stormy, boundary(4500, 'note')])).map((one) => 'lines' in one)).toEqual([
      true,
      false,
    ])
  })

  test('groups the rebalances of a storm', () => {
    const boundaries = [0, 1000, 2000, 3000, 4000, 60_000, 61_000].map((at) => boundary(at, 'startAndEnd'))
    const [storm, ...others] = storms(withBoundaries([], boundaries))
    expect(storm && 'lines' in storm ? storm.lines.length : 0).toBe(5)
    expect(others).toHaveLength(2)
  })

  test('groups causes into kinds', () => {
    const member = name('worker-1a2b')
    const subscribed = { topics: ['orders'], pattern: null }
    const causes: readonly (readonly [Cause[], string])[] = [
      [[{ kind: 'joined', member, subscribed: null }], 'joined'],
      [
        [
          { kind: 'joined', member, subscribed },
          { kind: 'gained', member, partitions: 4, awaitsMore: false },
        ],
        'joined',
      ],
      [[{ kind: 'left', member, reason: 'the consumer is being closed' }], 'left'],
      [[{ kind: 'sessionExpired', member, afterMs: 10_000 }], 'silent'],
      [[{ kind: 'rejoinExpired', members: [member], afterMs: 60_000 }], 'late'],
      [[{ kind: 'rejoined', member, because: 'leader', reason: null }], 'rejoined'],
      [[{ kind: 'rejoined', member, because: 'subscriptionChanged', reason: null }], 'subscription'],
      [[{ kind: 'topicsChanged', changes: [{ topic: 'orders', change: 'grew', partitions: 2 }] }], 'topics'],
      [[{ kind: 'offsetsReset', target: { to: 'earliest', value: null, groupId: null } }], 'reset'],
      [[{ kind: 'upgraded' }, { kind: 'joined', member, subscribed }], 'protocol'],
      [[{ kind: 'left', member, reason: null }, { kind: 'downgraded' }], 'protocol'],
      [[{ kind: 'mustRevoke', member, partitions: 1 }], 'other'],
    ]
    for (const [list, kind] of causes) expect(causeKindOf({ kind: 'whatever', causes: list })).toBe(kind)
  })

  test('groups a sentence of an old journal by its event', () => {
    const causes = [{ kind: 'told', text: 'worker (1a2b) sent no heartbeat for 10 s' }] as const
    expect(causeKindOf({ kind: 'sessionExpired', causes })).toBe('silent')
    expect(causeKindOf({ kind: 'consumerHeartbeat', causes })).toBe('other')
  })

  test('is filtered by kind and by text', () => {
    const line = { kind: 'left', cause: 'Worker (1a2b) left' } as const
    expect(passes({ kinds: new Set(), find: '' }, line)).toBe(true)
    expect(passes({ kinds: new Set(['joined']), find: '' }, line)).toBe(false)
    expect(passes({ kinds: new Set(['joined', 'left']), find: 'worker' }, line)).toBe(true)
    expect(passes({ kinds: new Set(), find: 'other' }, line)).toBe(false)
    const deliveries = { kind: 'deliveries', cause: 'worker: 1 record rejected' } as const
    expect(passes({ kinds: new Set(), find: '' }, deliveries)).toBe(false)
    expect(passes({ kinds: new Set(['deliveries']), find: '' }, deliveries)).toBe(true)
    expect(passes({ kinds: new Set(), find: 'rejected' }, deliveries)).toBe(true)
  })
})

describe('what lies under the pointer', () => {
  const history = historyOf(life())
  const lines = withBoundaries(
    [],
    [
      { seq: 2, at: 20_000, boundary: 'start', epoch: 1, kind: 'sessionExpired', causes: [] },
      { seq: 5, at: 21_250, boundary: 'end', epoch: 2, kind: 'sync', causes: [] },
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

  test('is a rebalance, also slightly beside it, and a phase of a lane', () => {
    expect(hitAt(scene, window, at(20_500), 10)).toMatchObject({ line: { seq: 2 }, lane: { memberId: 'a' } })
    expect(hitAt(scene, window, at(20_000) - 5, 40)).toMatchObject({ line: { seq: 2 }, stretch: { phase: 'stable' } })
    expect(hitAt(scene, window, at(15_000), 70)).toMatchObject({ line: null, stretch: { phase: 'silent' } })
    expect(hitAt(scene, window, at(24_000), 70)).toMatchObject({ lane: { memberId: 'c' }, stretch: null })
    expect(hitAt(scene, window, at(29_000), 10).stretch).toBeNull()
    expect(hitAt({ ...scene, scrollTop: 60 }, window, at(1000), 10).lane?.memberId).toBe('c')
    expect(hitAt(scene, window, at(1000), 95).lane).toBeNull()
  })

  test('only rebalances that touch the window are searched', () => {
    expect(linesIn(lines, { ...window, fromAt: 21_300 })).toEqual([])
    expect(linesIn(lines, { ...window, fromAt: 21_000 })).toHaveLength(1)
    expect(linesIn(lines, { ...window, toAt: 19_000 })).toEqual([])
  })
})

test('a link to the timeline has its state without the defaults', () => {
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

test('threads of Kafka Streams have short names, longer ones where two would be the same', () => {
  const roster = new Roster()
  const lanes = [...historyOf(life()).lanes.values()].map((lane, i) => ({
    ...lane,
    member: {
      ...lane.member,
      clientId: [
        'shop-4dddb8f3-1f0a-4d7c-9b0e-0123456789ab-StreamThread-1-consumer',
        'till-StreamThread-2-consumer',
        'till-StreamThread-2-consumer',
      ][i] as string,
    },
  }))
  roster.meet(lanes)
  expect(lanes.map(({ memberId }) => roster.name(memberId))).toEqual([
    '4dddb8f3 thread 1',
    `till thread 2 ${lanes[1]?.memberId}`,
    `till thread 2 ${lanes[2]?.memberId}`,
  ])
  expect(memberName({ memberId: 'm-1234', instanceId: null, clientId: 'till-StreamThread-2-consumer' })).toBe(
    'till thread 2 1234',
  )
})

test('a restart of the broker is seen in every lane: no heartbeat while it was down', () => {
  const history = historyOf([
    frame(0, 'Stable', { members: [member('a', 'stable', [0]), member('b', 'stable', [1])], full: true }),
    frame(20_000, 'Stable', {
      members: [member('a', 'stable', [0])],
      full: true,
      kind: 'note',
      boundary: 'note',
      causes: [{ kind: 'brokerRestarted', downMs: 5000 }],
    }),
  ])
  const phases = (memberId: string) =>
    history.lanes.get(memberId)?.stretches.map(({ phase, from, to }) => [phase, from, to])
  expect(phases('a')).toEqual([
    ['stable', 0, 15_000],
    ['silent', 15_000, 20_000],
    ['stable', 20_000, null],
  ])
  // One that was not stored is gone.
  expect(phases('b')?.at(-1)).toEqual(['gone', 20_000, 20_000])
})

test('many partitions of one fate share a cell', () => {
  const all = Array.from({ length: 30 }, (_, number) => number)
  expect(runsIn(all, () => 'stays')).toEqual([[0, 29]])
  expect(runsIn(all, (number) => (number === 7 ? 'moved' : 'stays'))).toEqual([
    [0, 6],
    [7, 7],
    [8, 29],
  ])
  expect(runsIn([0, 1, 5], () => 'stays')).toEqual([
    [0, 0],
    [1, 1],
    [5, 5],
  ])
})

test('names beside the lanes are told apart by their ends where they are long and begin alike', () => {
  const labels = (...names: readonly string[]) => [...shortLabels(names.map((name) => [name, name])).values()]
  expect(labels('demo-statistics-1 thread 1', 'demo-statistics-1 thread 2', 'demo-statistics-2 thread 1')).toEqual([
    '…1 thread 1',
    '…1 thread 2',
    '…2 thread 1',
  ])
  // Short ones, and those that differ from the start, stay whole.
  expect(labels('till-1', 'till-2')).toEqual([])
  expect(labels('a-very-long-name-of-a-client', 'b')).toEqual([])
  expect(labels('a-very-long-name-of-a-client')).toEqual([])
})

test('a clock that was set back leaves lanes and lines in the order of time, and no time negative', () => {
  const life = [
    frame(0, 'Stable', { members: [member('a', 'stable', [0])], full: true }),
    frame(600_000, 'PreparingRebalance', { boundary: 'start', members: [member('a', 'joining', [0])] }),
    // Ten minutes back, within the rebalance.
    frame(1000, 'Stable', { boundary: 'end', members: [member('a', 'stable', [0])] }),
    frame(3000, 'PreparingRebalance', { boundary: 'start', members: [member('a', 'joining', [0])] }),
    frame(4000, 'Stable', { boundary: 'end', members: [member('a', 'stable', [0])] }),
  ]
  const history = historyOf(life)
  expect(history.lanes.get('a')?.stretches).toEqual([
    { phase: 'stable', from: 0, to: 3000 },
    { phase: 'joining', from: 3000, to: 4000 },
    { phase: 'stable', from: 4000, to: null },
  ])
  expect(history.rebalances.map(({ fromAt, toAt }) => [fromAt, toAt])).toEqual([
    [600_000, 600_000],
    [3000, 4000],
  ])
  const boundaries = life.flatMap((one) => (one.boundary ? [{ ...one, boundary: one.boundary }] : []))
  const lines = withBoundaries([], boundaries)
  expect(lines.map(({ fromAt, toAt }) => [fromAt, toAt])).toEqual([
    [600_000, 600_000],
    [3000, 4000],
  ])
  expect(inTime(lines).map(({ fromAt }) => fromAt)).toEqual([3000, 600_000])
  const [, second] = lines
  expect(inTime(second ? [second] : [])).toHaveLength(1)
})

test('the column at the left edge is named by the rebalance that led to it, whatever was noted since', () => {
  const lines = withBoundaries(
    [],
    [
      { seq: 1, at: 1000, boundary: 'start', epoch: 0, kind: 'join', causes: [] },
      { seq: 2, at: 2000, boundary: 'end', epoch: 1, kind: 'sync', causes: [] },
      { seq: 3, at: 3000, boundary: 'note', epoch: 1, kind: 'restart', causes: [] },
      { seq: 4, at: 4000, boundary: 'start', epoch: 1, kind: 'join', causes: [] },
    ],
  )
  const named = (at: number) => {
    const line = lineBefore(lines, at)
    return line && nameOf(line, 'epoch')
  }
  expect([1999, 2000, 3500, 4000].map(named)).toEqual([undefined, 'epoch 1', 'epoch 1', 'rebalancing'])
})
