import fc from 'fast-check'
import { expect, it } from 'vitest'
import { streamsStateOf } from '../../src-main/groups/streams/group'
import { restoredStreamsGroup, streamsMachine } from '../../src-main/groups/streams/machine'
import type { Tasks } from '../../src-main/groups/streams/tasks'
import { metadataOf, StreamsGroupTester } from '../support/streams-group'

const ids = ['a1', 'a2', 'b1', 'b2', 'c1']

type Move =
  | { readonly kind: 'beat' | 'leave' | 'crash' | 'lost' | 'rejoin'; readonly member: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'topics'; readonly there: boolean }
  | { readonly kind: 'standbys'; readonly count: number }
  | { readonly kind: 'restart' }

const member = fc.nat(ids.length - 1)
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('beat' as const), member }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('leave' as const, 'crash' as const, 'lost' as const, 'rejoin' as const),
      member,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('topics' as const), there: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('standbys' as const), count: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
)

function keysOf(tasks: Tasks): string[] {
  return Object.entries(tasks).flatMap(([id, numbers]) => numbers.map((number) => `${id}_${number}`))
}

const topics = { lines: 3, words: 3, 'counts-changelog': 3 }

class Run {
  readonly tester = new StreamsGroupTester(topics)
  readonly crashed = new Set<string>()
  #epochs = new Map<string, number>()
  #groupEpoch = 0

  do(next: Move): void {
    const { tester: t } = this
    if (next.kind === 'wait') this.#wait(next.ms)
    else if (next.kind === 'restart') t.group = restoredStreamsGroup(t.group, t.now)
    else if (next.kind === 'standbys') t.settings = { ...t.settings, configs: { standbys: next.count, tags: [] } }
    else if (next.kind === 'topics') {
      t.topics = metadataOf(next.there ? topics : { words: 3 })
      t.step({ kind: 'topicsChanged' })
    } else this.#member(next.kind, ids[next.member]!)
    this.check()
  }

  #member(kind: 'beat' | 'leave' | 'crash' | 'lost' | 'rejoin', id: string): void {
    const { tester: t } = this
    const isIn = t.epochOf(id) !== 0
    if (kind === 'beat' && !this.crashed.has(id)) this.beat(id)
    // The answer does not arrive: the client still has what it had.
    if (kind === 'lost' && isIn && !this.crashed.has(id)) {
      const owned = t.owned.get(id)
      this.beat(id)
      if (owned) t.owned.set(id, owned)
    }
    if (kind === 'crash' && isIn) this.crashed.add(id)
    if (kind === 'leave' && isIn && !this.crashed.has(id)) this.#gone(id, () => t.heartbeat(id, -1))
    if (kind === 'rejoin' && isIn) {
      this.crashed.delete(id)
      t.owned.delete(id)
      const { tasks } = t.heartbeat(id, 0, { processId: id[0]! })
      if (tasks) t.owned.set(id, tasks)
    }
  }

  beat(id: string): void {
    const isIn = this.tester.epochOf(id) !== 0
    expect(this.tester.beat(id, isIn ? {} : { processId: id[0]! }).error).toBe('NONE')
  }

  #gone(id: string, step: () => unknown): void {
    step()
    this.tester.owned.delete(id)
    this.crashed.delete(id)
    this.#epochs.delete(id)
  }

  #wait(ms: number): void {
    const { tester: t } = this
    t.now += ms
    for (let event = streamsMachine.due(t.group, t.now); event; event = streamsMachine.due(t.group, t.now)) {
      const due = event
      if ('memberId' in due) this.#gone(due.memberId, () => t.step(due))
      else t.step(due)
    }
  }

  check(): void {
    const { group } = this.tester
    expect(group.groupEpoch).toBeGreaterThanOrEqual(this.#groupEpoch)
    expect(group.assignmentEpoch).toBeLessThanOrEqual(group.groupEpoch)
    this.#groupEpoch = group.groupEpoch
    const held = group.members.flatMap(({ assigned, pendingRevocation }) =>
      keysOf(assigned.active).concat(keysOf(pendingRevocation.active)),
    )
    expect(held.length, 'an active task with two owners').toBe(new Set(held).size)
    for (const { memberId, memberEpoch, assigned } of group.members) {
      expect(memberEpoch).toBeGreaterThanOrEqual(this.#epochs.get(memberId) ?? 0)
      this.#epochs.set(memberId, memberEpoch)
      const copies = [...keysOf(assigned.standby), ...keysOf(assigned.warmup)]
      expect(copies.length).toBe(new Set(copies).size)
    }
  }
}

it('never has an active task with two owners, and gives all tasks out once its members are quiet', () => {
  fc.assert(
    fc.property(fc.array(move, { minLength: 5, maxLength: 60 }), (moves) => {
      const run = new Run()
      for (const each of moves) run.do(each)
      const { tester: t } = run
      run.do({ kind: 'topics', there: true })
      for (const id of run.crashed) t.step({ kind: 'memberSessionExpired', memberId: id })
      if (t.group.members.length === 0) return
      for (let round = 0; round < 8; round++) {
        for (const { memberId } of t.group.members) run.beat(memberId)
        run.check()
      }
      expect(streamsStateOf(t.group)).toBe('Stable')
      const active = t.group.members.flatMap(({ assigned }) => keysOf(assigned.active))
      expect(active.sort()).toEqual(['0_0', '0_1', '0_2', '1_0', '1_1', '1_2'])
      for (const process of ['a', 'b', 'c']) {
        const held = t.group.members
          .filter(({ processId }) => processId === process)
          .flatMap(({ assigned }) => [...keysOf(assigned.active), ...keysOf(assigned.standby)])
        expect(held.length, 'a task twice in one process').toBe(new Set(held).size)
      }
    }),
    { numRuns: 200 },
  )
})
