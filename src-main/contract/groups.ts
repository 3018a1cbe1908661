import type { Cause } from './causes'
import type { WaitingReset } from './reset'

export type TopicPartitions = Readonly<Record<string, readonly number[]>>

export type GroupType = 'classic' | 'consumer' | 'share' | 'streams'

export interface GroupLine {
  readonly groupId: string
  readonly type: GroupType
  readonly state: string
  readonly epoch: number
  readonly protocol: string
  readonly members: number
  readonly topics: readonly string[]
  /** Records that are not committed, of the partitions with a committed offset; `null`: nothing is committed. */
  readonly lag: number | null
  /** Partitions that the group reads and has not committed: the lag leaves them out. */
  readonly uncommitted: number
  /** Partitions whose committed offset is beyond the end of their log: `auto.offset.reset` decides where a consumer goes on. */
  readonly beyondEnd: number
  /** Topics that its members are subscribed to or read, and that do not exist. */
  readonly missingTopics: readonly string[]
  /** Age of the oldest record that is not committed, in ms; `null` when no record tells its time. */
  readonly lagMs: number | null
  /** Lag of the last minutes, one value per step, the newest last. */
  readonly lagHistory: readonly number[]
  /** When a rebalance began or ended last; `null`: none is known. */
  readonly rebalancedAt: number | null
  /** A reset waits until the group is empty. */
  readonly waiting: WaitingReset | null
}

/** A group beside others whose rebalances are shown, and when it rebalanced last. */
export type RebalancedGroup = Pick<
  GroupLine,
  'groupId' | 'type' | 'state' | 'epoch' | 'protocol' | 'members' | 'rebalancedAt'
>

export interface GroupMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly library: string
  readonly phase: 'joining' | 'waiting' | 'syncing' | 'stable'
  readonly epoch: number
  readonly subscribed: readonly string[]
  readonly assigned: TopicPartitions
  readonly target: TopicPartitions | null
  /** Of a member of a streams group: tasks that it runs, and those whose state it keeps a copy of (`0_3`: subtopology and partition). */
  readonly tasks?: { readonly active: readonly string[]; readonly standby: readonly string[] }
  /** One of eight, for its whole life, on every page. */
  readonly hue: number
}

/** One partition of a group as a strip: where the log begins and ends, what is committed, and how far its consumer has fetched. */
export interface GroupPartition {
  readonly topic: string
  readonly partition: number
  readonly start: number
  readonly end: number
  readonly committed: number | null
  readonly metadata: string
  readonly committedAt: number | null
  readonly fetched: number | null
  readonly lag: number | null
  /** Age of the first record that is not committed, in ms. */
  readonly lagMs: number | null
  readonly owner: string | null
}

export interface GroupDetail {
  readonly groupId: string
  readonly type: GroupType
  readonly state: string
  readonly epoch: number
  readonly protocol: string
  readonly leader: string | null
  /** As of a `GroupLine`. */
  readonly lag: number | null
  readonly uncommitted: number
  readonly beyondEnd: number
  readonly missingTopics: readonly string[]
  readonly lagMs: number | null
  readonly members: readonly GroupMember[]
  readonly partitions: readonly GroupPartition[]
  /** A reset that waits until the group is empty. */
  readonly waiting: WaitingReset | null
}

/** Lag over time since `since`; what was before the start of the broker is told by the minute. */
export interface LagHistory {
  readonly since: number
  /** The newest last. */
  readonly points: readonly { readonly at: number; readonly lag: number; readonly lagMs: number | null }[]
}

/**
 * Whether a rebalance starts or ends with a frame. `note`: no rebalance, but worth a line of its own: a static member that was replaced, a
 * client that was refused, a restart of the broker.
 */
type Boundary = 'start' | 'end' | 'startAndEnd' | 'note'

/** A frame that starts or ends a rebalance, in short. */
export interface RebalanceBoundary {
  readonly seq: number
  readonly at: number
  readonly boundary: Boundary
  readonly epoch: number
  readonly kind: string
  readonly causes: readonly Cause[]
}

/** What is new in a group's journal. With `boundaries` the page starts again: those of the whole journal, and its newest frames. */
export interface RebalanceNews {
  readonly boundaries: readonly RebalanceBoundary[] | null
  readonly frames: readonly RebalanceFrame[]
}

/** When a member was heard last, and when it is out unless it is heard again. */
export interface MemberSession {
  readonly memberId: string
  readonly heardAt: number
  readonly expiresAt: number
  /** How often it is heard, as far as that is known. */
  readonly everyMs: number
}

/** One step of a group: see the coordinator's frames. Members hold what changed; all of them in a full frame. */
export interface RebalanceFrame {
  readonly groupId: string
  readonly seq: number
  readonly at: number
  readonly causes: readonly Cause[]
  /** The event of the group's machine: `join`, `sessionExpired`, ... */
  readonly kind: string
  /** Whose request or deadline it was. */
  readonly about: string | null
  readonly boundary: Boundary | null
  readonly type: GroupType
  readonly state: string
  readonly epoch: number
  readonly protocol: string
  readonly leader: string | null
  readonly members: readonly Omit<GroupMember, 'library' | 'hue'>[]
  readonly removed: readonly string[]
  readonly full: boolean
}
