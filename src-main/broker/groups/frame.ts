import type { Millis } from '../../base/clock'
import type { AnyEvent } from '../../groups/either'
import type { GroupView, MemberView } from './view'

/** What a frame is in the course of a rebalance; `whole`: it begins and ends with it. */
export type Turn = 'begins' | 'ends' | 'whole'

/** One step of a group that changed it: a frame of the rebalance timeline, live and from the journal. */
export interface GroupFrame {
  readonly groupId: string
  /** Counts the frames of the group, without gaps. */
  readonly seq: number
  readonly at: Millis
  /** Why, in plain words. */
  readonly cause: string
  /** The machine's event: `join`, `sessionExpired`, ... */
  readonly kind: string
  /** Whose request or deadline it was; `null` for what concerns nobody in particular. */
  readonly about: string | null
  readonly turn: Turn | null
  readonly type: GroupView['type']
  readonly state: string
  readonly epoch: number
  readonly protocol: string
  readonly leader: string | null
  /** Members that are new or changed; all of them in a full frame. */
  readonly members: readonly MemberView[]
  /** Members that are gone. */
  readonly removed: readonly string[]
  /** Holds the whole group: reading can begin here. */
  readonly full: boolean
}

const framesBetweenFull = 64

const quietStates = new Set(['Stable', 'Empty', 'Dead'])

function turnOf(before: GroupView | undefined, after: GroupView): Turn | null {
  const wasQuiet = before === undefined || quietStates.has(before.state)
  const isQuiet = quietStates.has(after.state)
  if (wasQuiet !== isQuiet) return wasQuiet ? 'begins' : 'ends'
  return isQuiet && after.epoch !== (before?.epoch ?? 0) ? 'whole' : null
}

/** Whom an event is about. */
export function aboutOf(event: AnyEvent): string | null {
  if (event.kind === 'join') return event.memberId || event.newMemberId
  if (event.kind === 'leave') return event.members.length === 1 ? (event.members[0]?.memberId ?? null) : null
  return 'memberId' in event ? event.memberId : null
}

/** The frame that leads from one view to the next. */
export function frameOf(
  seq: number,
  at: Millis,
  cause: string,
  event: AnyEvent,
  before: GroupView | undefined,
  after: GroupView,
): GroupFrame {
  const full = before === undefined || before.type !== after.type || seq % framesBetweenFull === 1
  const known = new Map((before?.members ?? []).map((member) => [member.memberId, member]))
  const present = new Set(after.members.map(({ memberId }) => memberId))
  return {
    groupId: after.groupId,
    seq,
    at,
    cause,
    kind: event.kind,
    about: aboutOf(event),
    turn: turnOf(before, after),
    type: after.type,
    state: after.state,
    epoch: after.epoch,
    protocol: after.protocol,
    leader: after.leader,
    members: full ? after.members : after.members.filter((member) => known.get(member.memberId) !== member),
    removed: [...known.keys()].filter((memberId) => !present.has(memberId)),
    full,
  }
}
