import type { GroupType, RebalanceFrame, TopicPartitions } from '../../../src-main/contract/groups'

export type Member = RebalanceFrame['members'][number]
export type Phase = Member['phase'] | 'silent' | 'gone'

/** Time that a member spent in one phase; `to` is null while it lasts. */
export interface Stretch {
  readonly phase: Phase
  readonly from: number
  to: number | null
}

export interface Lane {
  readonly memberId: string
  member: Member
  readonly stretches: Stretch[]
  /** Its assignments with their start, the newest last. */
  readonly owned: { readonly at: number; readonly assigned: TopicPartitions }[]
}

export type Assignment = Readonly<Record<string, TopicPartitions>>

/** Time that the group spent in one state. */
export interface Stage {
  readonly state: string
  readonly from: number
  to: number | null
}

/** A rebalance: from the first change until all members consume again. */
export interface Rebalance {
  readonly seq: number
  lastSeq: number
  readonly fromAt: number
  toAt: number | null
  readonly type: GroupType
  epoch: number
  readonly epochBefore: number
  readonly stages: Stage[]
  /** When each member joined, and sent SyncGroup, the last time. */
  readonly joined: Map<string, number>
  readonly synced: Map<string, number>
  readonly before: Assignment
  after: Assignment
}

const quietStates = new Set(['Stable', 'Empty', 'Dead'])

/** Lanes and rebalances of a part of a journal. Adding a frame costs only what it changed. */
export class History {
  /** In the order of first appearance. */
  readonly lanes = new Map<string, Lane>()
  readonly rebalances: Rebalance[] = []
  /** Time of the first frame. */
  fromAt = Number.POSITIVE_INFINITY
  lastAt = 0
  epoch = 0
  state = 'Empty'
  type: RebalanceFrame['type'] = 'classic'
  readonly #present = new Map<string, Member>()
  #open: Rebalance | null = null

  get running(): Rebalance | null {
    return this.#open
  }

  /** @param frames in order; the first of all is a full one */
  add(frames: readonly RebalanceFrame[]): void {
    for (const frame of frames) this.#add(frame)
  }

  #add(frame: RebalanceFrame): void {
    const { at } = frame
    if (at < this.lastAt) this.#setBack(at)
    this.fromAt = Math.min(this.fromAt, at)
    this.lastAt = at
    const isQuiet = quietStates.has(frame.state)
    const begins = frame.boundary === 'start' || frame.boundary === 'startAndEnd' || (!this.#open && !isQuiet)
    if (begins) this.#begin(frame)
    this.#apply(frame)
    if (this.#open) this.#follow(this.#open, frame, isQuiet)
    // The leader's assignment ends the rebalance; other members may fetch theirs a little later.
    else if (frame.kind === 'sync' && frame.about)
      this.rebalances[this.rebalances.length - 1]?.synced.set(frame.about, at)
    this.state = frame.state
    this.type = frame.type
    this.epoch = frame.epoch
  }

  /** The clock was set back: what was before lies in the future, and lanes go on by the new time. */
  #setBack(at: number): void {
    for (const lane of this.lanes.values()) {
      const { stretches, owned } = lane
      stretches.splice(0, stretches.length, ...stretches.filter(({ from }) => from <= at))
      owned.splice(0, owned.length, ...owned.filter((entry) => entry.at <= at))
      const last = stretches[stretches.length - 1]
      if (last && last.phase !== 'gone' && last.to !== null && last.to > at) last.to = null
    }
  }

  #begin(frame: RebalanceFrame): void {
    if (this.#open) this.#open.toAt = Math.max(this.#open.fromAt, frame.at)
    const before = assignmentOf(this.#present)
    this.#open = {
      seq: frame.seq,
      lastSeq: frame.seq,
      fromAt: frame.at,
      toAt: null,
      type: frame.type,
      epoch: frame.epoch,
      epochBefore: this.epoch,
      stages: [],
      joined: new Map(),
      synced: new Map(),
      before,
      after: before,
    }
    this.rebalances.push(this.#open)
  }

  #follow(open: Rebalance, frame: RebalanceFrame, isQuiet: boolean): void {
    const { at, about, kind } = frame
    open.lastSeq = frame.seq
    open.epoch = frame.epoch
    if (about !== null && kind === 'join') open.joined.set(about, at)
    if (about !== null && kind === 'sync') open.synced.set(about, at)
    const stage = open.stages[open.stages.length - 1]
    if (stage?.state !== frame.state) {
      if (stage) stage.to = at
      if (!isQuiet) open.stages.push({ state: frame.state, from: at, to: null })
    }
    if (!isQuiet) return
    open.toAt = Math.max(open.fromAt, at)
    open.after = assignmentOf(this.#present)
    this.#open = null
  }

  #apply(frame: RebalanceFrame): void {
    const { at } = frame
    for (const cause of frame.causes) {
      if (cause.kind !== 'brokerRestarted') continue
      // No heartbeat could reach a broker that was down.
      for (const { memberId } of frame.members) this.#silence(memberId, at - cause.downMs)
    }
    if (frame.full && this.#present.size > 0) {
      const shown = new Set(frame.members.map(({ memberId }) => memberId))
      for (const memberId of [...this.#present.keys()]) if (!shown.has(memberId)) this.#leave(memberId, at)
    }
    for (const memberId of frame.removed) {
      for (const cause of frame.causes) {
        if (cause.kind === 'sessionExpired' && cause.member.memberId === memberId)
          this.#silence(memberId, at - cause.afterMs)
      }
      this.#leave(memberId, at)
    }
    for (const member of frame.members) this.#enter(member, at)
  }

  #enter(member: Member, at: number): void {
    this.#present.set(member.memberId, member)
    let lane = this.lanes.get(member.memberId)
    if (!lane) {
      lane = { memberId: member.memberId, member, stretches: [], owned: [] }
      this.lanes.set(member.memberId, lane)
    }
    lane.member = member
    const last = lane.stretches[lane.stretches.length - 1]
    if (last?.phase !== member.phase) {
      if (last) last.to ??= at
      lane.stretches.push({ phase: member.phase, from: at, to: null })
    }
    const had = lane.owned[lane.owned.length - 1]
    if (!had || !sameTopics(had.assigned, member.assigned)) lane.owned.push({ at, assigned: member.assigned })
  }

  /** Its last heartbeat was at `from`, which is known only when its session has expired. */
  #silence(memberId: string, from: number): void {
    const stretches = this.lanes.get(memberId)?.stretches
    const last = stretches?.[stretches.length - 1]
    if (!stretches || !last || last.to !== null) return
    const begun = Math.max(from, last.from)
    last.to = begun
    stretches.push({ phase: 'silent', from: begun, to: null })
  }

  #leave(memberId: string, at: number): void {
    this.#present.delete(memberId)
    const lane = this.lanes.get(memberId)
    const last = lane?.stretches[lane.stretches.length - 1]
    if (!lane || !last || last.phase === 'gone') return
    last.to ??= at
    lane.stretches.push({ phase: 'gone', from: at, to: at })
    lane.owned.push({ at, assigned: {} })
  }
}

function assignmentOf(members: ReadonlyMap<string, Member>): Assignment {
  return Object.fromEntries([...members].map(([memberId, { assigned }]) => [memberId, assigned]))
}

function sameTopics(a: TopicPartitions, b: TopicPartitions): boolean {
  if (a === b) return true
  const topics = Object.keys(a)
  return (
    topics.length === Object.keys(b).length &&
    topics.every((topic) => a[topic]?.length === b[topic]?.length && a[topic]?.every((n, i) => n === b[topic]?.[i]))
  )
}

/** Owner of each partition: `orders:3` to member id. */
export function ownersOf(assignment: Assignment): Map<string, string> {
  const owners = new Map<string, string>()
  for (const [memberId, topics] of Object.entries(assignment)) {
    for (const [topic, numbers] of Object.entries(topics))
      for (const number of numbers) owners.set(`${topic}:${number}`, memberId)
  }
  return owners
}

/** Partitions that changed owner, with their previous owner. */
export function movedIn({ before, after }: Pick<Rebalance, 'before' | 'after'>): Map<string, string> {
  const was = ownersOf(before)
  return new Map(
    [...ownersOf(after)].flatMap(([partition, owner]): [string, string][] => {
      const old = was.get(partition)
      return old !== undefined && old !== owner ? [[partition, old]] : []
    }),
  )
}

/** The newest entry that is not later than `at`, by binary search; -1 when there is none. */
export function lastBefore<T>(list: readonly T[], at: number, timeOf: (entry: T) => number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (timeOf(list[middle] as T) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Assignment of a member at a time. */
export function ownedAt({ owned }: Lane, at: number): TopicPartitions {
  return owned[lastBefore(owned, at, (entry) => entry.at)]?.assigned ?? {}
}
