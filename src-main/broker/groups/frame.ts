import type { Millis } from '../../base/clock'
import type { GroupView, MemberView } from './view'

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

/** The frame that leads from one view to the next. */
export function frameOf(
  seq: number,
  at: Millis,
  cause: string,
  kind: string,
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
    kind,
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
