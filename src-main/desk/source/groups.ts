import type { Listen } from '../../base/emitter'
import type { TopicPartition } from '../../base/topic-partition'
import type { Cause } from '../../contract/causes'
import type { GroupMember, GroupType, MemberSession, RebalanceBoundary, RebalanceFrame } from '../../contract/groups'

import type { OffsetRange } from './records'

export type MemberFacts = Omit<GroupMember, 'library' | 'hue'>

/** A group as its coordinator describes it. */
export interface GroupFacts {
  readonly groupId: string
  readonly type: GroupType
  readonly state: string
  /** Generation of a classic group, group epoch of a consumer group; -1 when it is not known. */
  readonly epoch: number
  /** The assignor. */
  readonly protocol: string
  readonly leader: string | null
  readonly members: readonly MemberFacts[]
}

export interface CommittedOffset extends TopicPartition {
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string
  /** ms; -1 when it is not known. */
  readonly committedAt: number
  /** Only for commits of old clients that asked for a retention of their own (OffsetCommit 2-4). */
  readonly expiresAt: number | null
  /** Behind `offset`: what a share group has finished out of order. */
  readonly finished?: readonly OffsetRange[]
  /** Records behind `offset` that are left, where the cluster counts them itself. */
  readonly lag?: number
}

/** A committed offset to be set, or to be removed (`offset: null`). */
export interface OffsetMove extends TopicPartition {
  readonly offset: number | null
  /** As they were before: an undo puts them back whole. */
  readonly row?: CommittedOffset | null
}

export interface MoveOrder {
  readonly groupId: string
  readonly moves: readonly OffsetMove[]
  /** Remove the members first, so that their late commits fail and they read from the new offsets when they rejoin. */
  readonly fence: boolean
  readonly cause: Cause
  /** The entry of the history that this undoes. */
  readonly undoes: number | null
}

/** @throws Error when the group has members and they are not to be removed. It names the button that removes them. */
export function checkMayMove({ groupId, fence, undoes }: MoveOrder, members: number): void {
  if (members === 0 || fence) return
  const some = members === 1 ? '1 active member' : `${members} active members`
  const button = undoes === null ? 'Apply now' : 'Undo now'
  throw new Error(
    `The offsets of ${groupId} stay as they are: it has ${some}. Stop them first, or fence them with “${button}”.`,
  )
}

/** One reset as the history keeps it: what it replaced and by what. */
export interface StoredMove {
  readonly id: number
  readonly at: number
  readonly kind: 'reset' | 'undo'
  readonly cause: Cause
  readonly undoneBy: number | null
  readonly changes: readonly (TopicPartition & {
    readonly before: CommittedOffset | null
    readonly after: number | null
  })[]
}

export interface GroupSource {
  /** The id of a group that changed: members, state or committed offsets. */
  readonly changed: Listen<string>
  /** Ids of all groups: a cluster elsewhere tells them with less work than what is in the groups. */
  ids(): Promise<readonly string[]>
  list(): Promise<readonly GroupFacts[]>
  find(groupId: string): Promise<GroupFacts | null>
  /** Committed offsets, in bulk; groups without any are left out. */
  offsets(groupIds: readonly string[]): Promise<ReadonlyMap<string, readonly CommittedOffset[]>>
  /** Moves committed offsets, and notes in the history what they replaced. Rejects when the group has members and `fence` is off. */
  move(order: MoveOrder): Promise<void>
  /** The newest first. */
  moves(groupId: string, count: number): Promise<readonly StoredMove[]>
  removeMember(groupId: string, memberId: string): Promise<void>
  /** Deletes an empty group with its offsets. */
  delete(groupId: string): Promise<void>
}

/** Why groups rebalanced, step by step: only a broker that is its own coordinator knows. */
export interface JournalSource {
  /** Every step of every group, as it happens. */
  readonly framed: Listen<RebalanceFrame>
  lastSeq(groupId: string): Promise<number>
  /** The first step at `at` or later. */
  seqAt(groupId: string, at: number): Promise<number>
  /** Steps [from, before). */
  frames(groupId: string, from: number, before: number): Promise<readonly RebalanceFrame[]>
  /** Steps that start or end a rebalance, of the whole journal. */
  boundaries(groupId: string): Promise<readonly RebalanceBoundary[]>
  /** When a rebalance began or ended last, of each group that had one. */
  lastBoundariesAt(groupIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Each so-manyth step holds the whole group, so that reading can begin there. */
  readonly framesBetweenFull: number
  /** Steps as the text of a scenario that `test/scenarios` runs. */
  scenario(groupId: string, from: number, to: number): Promise<string>
  sessions(groupId: string): Promise<HeardMembers>
}

/** When members were heard last: heartbeats leave no frames. */
export interface HeardMembers {
  /** Told by the broker (KIP-848); `null`: each client decides. */
  readonly heartbeatIntervalMs: number | null
  /** The group is not in a rebalance, in which silence means nothing. */
  readonly isStable: boolean
  readonly members: readonly (Omit<MemberSession, 'everyMs'> & { readonly sessionTimeoutMs: number })[]
}
