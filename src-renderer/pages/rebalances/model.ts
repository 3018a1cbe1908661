import type { RebalanceFrame, TopicPartitions } from '../../../src-main/contract/groups'

type Member = RebalanceFrame['members'][number]
export type Phase = Member['phase'] | 'silent' | 'gone'

/** A stretch of one member's life in one phase; `to` is null while it lasts. */
export interface Stretch {
  readonly phase: Phase
  readonly from: number
  to: number | null
}

export interface Lane {
  readonly memberId: string
  readonly member: Member
  readonly stretches: Stretch[]
}

export type Assignment = Readonly<Record<string, TopicPartitions>>

/** From the first sign of change until everyone is at work again. */
export interface Rebalance {
  readonly seq: number
  readonly fromAt: number
  toAt: number | null
  epoch: number
  readonly cause: string
  /** Who joined last, and how long the others waited for it. */
  waitedFor: { readonly memberId: string; readonly ms: number } | null
  lastSeq: number
  readonly before: Assignment
  after: Assignment
}

export interface Timeline {
  readonly lanes: readonly Lane[]
  /** The newest last. */
  readonly rebalances: readonly Rebalance[]
  readonly state: string
  readonly epoch: number
}

const quietStates = new Set(['Stable', 'Empty', 'Dead'])

/** Lanes and rebalances out of frames, the oldest frame first. */
export function timelineOf(frames: readonly RebalanceFrame[]): Timeline {
  const lanes = new Map<string, Lane>()
  const present = new Map<string, Member>()
  const rebalances: Rebalance[] = []
  let open: Rebalance | null = null
  let state = 'Empty'
  let epoch = 0
  for (const frame of frames) {
    const before = assignmentOf(present)
    const known = new Map(present)
    if (frame.full) {
      const shown = new Set(frame.members.map(({ memberId }) => memberId))
      for (const memberId of [...present.keys()]) if (!shown.has(memberId)) leave(memberId, frame.at)
    }
    const silentMs = silenceOf(frame.cause)
    for (const memberId of frame.removed) {
      if (silentMs > 0 && frame.removed.length === 1) silence(memberId, frame.at - silentMs)
      leave(memberId, frame.at)
    }
    for (const member of frame.members) {
      present.set(member.memberId, member)
      enter(member, frame.at)
    }
    const isQuiet = quietStates.has(frame.state)
    if (!open && !isQuiet) {
      open = {
        seq: frame.seq,
        fromAt: frame.at,
        toAt: null,
        epoch: frame.epoch,
        cause: frame.cause,
        waitedFor: null,
        lastSeq: frame.seq,
        before,
        after: before,
      }
      rebalances.push(open)
    }
    if (open) {
      open.lastSeq = frame.seq
      open.epoch = frame.epoch
      const joined = frame.members.find(
        ({ memberId, phase }) => phase === 'waiting' && known.get(memberId)?.phase !== 'waiting',
      )
      if (joined) open.waitedFor = { memberId: joined.memberId, ms: frame.at - open.fromAt }
      if (isQuiet) {
        open.toAt = frame.at
        open.after = assignmentOf(present)
        open = null
      }
    }
    state = frame.state
    epoch = frame.epoch
  }
  return { lanes: [...lanes.values()], rebalances, state, epoch }

  function enter(member: Member, at: number): void {
    const lane = lanes.get(member.memberId)
    const last = lane?.stretches[lane.stretches.length - 1]
    const stretches = lane?.stretches ?? []
    if (last?.phase !== member.phase) {
      if (last && last.to === null) last.to = at
      stretches.push({ phase: member.phase, from: at, to: null })
    }
    lanes.set(member.memberId, { memberId: member.memberId, member, stretches })
  }

  /** It was heard last at `from`; that was known only when its session ended. */
  function silence(memberId: string, from: number): void {
    const stretches = lanes.get(memberId)?.stretches
    const last = stretches?.[stretches.length - 1]
    if (!stretches || !last || last.to !== null) return
    const begun = Math.max(from, last.from)
    last.to = begun
    stretches.push({ phase: 'silent', from: begun, to: null })
  }

  function leave(memberId: string, at: number): void {
    present.delete(memberId)
    const lane = lanes.get(memberId)
    const last = lane?.stretches[lane.stretches.length - 1]
    if (!lane || !last || last.phase === 'gone') return
    last.to ??= at
    lane.stretches.push({ phase: 'gone', from: at, to: at })
  }
}

/** How long a member that is out was silent, by the coordinator's words; 0 when that is not why. */
function silenceOf(cause: string): number {
  const match = /sent no heartbeat for ([\d.]+) s/.exec(cause)
  return match ? Number(match[1]) * 1000 : 0
}

function assignmentOf(members: ReadonlyMap<string, Member>): Assignment {
  return Object.fromEntries([...members].map(([memberId, { assigned }]) => [memberId, assigned]))
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

/** Partitions that have another owner afterwards. */
export function movedIn({ before, after }: Pick<Rebalance, 'before' | 'after'>): Set<string> {
  const was = ownersOf(before)
  const is = ownersOf(after)
  return new Set(
    [...is].flatMap(([partition, owner]) =>
      was.get(partition) !== undefined && was.get(partition) !== owner ? [partition] : [],
    ),
  )
}
