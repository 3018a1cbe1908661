import type { Millis } from '../../base/clock'
import type { Cause } from '../../groups/causes'
import { type GroupEvent, subjectOf } from '../../groups/group'
import type { GroupView, MemberView } from '../../groups/view'

/** A rebalance starts or ends with a frame, or both; `note`: it has a line of its own without being a rebalance. */
type Boundary = 'start' | 'end' | 'startAndEnd' | 'note'

/** One step of a group that changed it: a frame of the rebalance timeline, live and from the journal. */
export interface GroupFrame {
  readonly groupId: string
  /** Counts the frames of the group, without gaps. */
  readonly seq: number
  readonly at: Millis
  readonly causes: readonly Cause[]
  /** The machine's event: `join`, `sessionExpired`, ... */
  readonly kind: string
  /** The member whose request or deadline it was; `null` for none in particular. */
  readonly about: string | null
  readonly boundary: Boundary | null
  readonly type: GroupView['type']
  readonly state: string
  readonly epoch: number
  readonly protocol: string
  readonly leader: string | null
  /** Members that are new or changed; all of them in a full frame. */
  readonly members: readonly MemberView[]
  /** Members that left or were removed. */
  readonly removed: readonly string[]
  /** Holds the whole group: a reader can start here. */
  readonly full: boolean
}

/** From one full frame of a group to the next. */
export const framesBetweenFull = 64

const quietStates = new Set(['Stable', 'Empty', 'Dead'])

function boundaryOf(before: GroupView | undefined, after: GroupView): Boundary | null {
  const wasQuiet = before === undefined || quietStates.has(before.state)
  const isQuiet = quietStates.has(after.state)
  if (wasQuiet !== isQuiet) return wasQuiet ? 'start' : 'end'
  return isQuiet && after.epoch !== (before?.epoch ?? 0) ? 'startAndEnd' : null
}

/** A static member that was replaced in a stable group: no rebalance, and what one looks for when a member was fenced. */
function isReplacement(causes: readonly Cause[]): boolean {
  return causes.some(({ kind }) => kind === 'staticRejoined')
}

/** The frame that leads from one view to the next. `event`: `null` for a note, which is no step of the group. */
export function frameOf(
  seq: number,
  at: Millis,
  causes: readonly Cause[],
  event: GroupEvent | null,
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
    causes,
    kind: event?.kind ?? 'note',
    about: event && subjectOf(event),
    boundary: event === null ? 'note' : (boundaryOf(before, after) ?? (isReplacement(causes) ? 'note' : null)),
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
