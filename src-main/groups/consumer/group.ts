import type { Millis } from '../../base/clock'
import type { Uuid } from '../../base/uuid'
import type { MemberName } from '../causes'
import type { Protocol } from '../classic/group'
import type { TopicFacts } from '../context'

/** Topic id to sorted partition numbers. */
export type Partitions = Readonly<Record<Uuid, readonly number[]>>

/** Topic id to partition number to member epoch. */
export type PartitionEpochs = Readonly<Record<Uuid, Readonly<Record<number, number>>>>

/** org.apache.kafka.coordinator.group.modern.MemberState. */
type MemberState = 'STABLE' | 'UNREVOKED_PARTITIONS' | 'UNRELEASED_PARTITIONS'

export type ConsumerState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable'

/** Facts of a member of the classic protocol (ConsumerGroupMemberMetadataValue.ClassicMemberMetadata). */
export interface ClassicPart {
  readonly protocols: readonly Protocol[]
  /** When it is removed because it did not join again; `null` while it need not. */
  readonly joinDeadline: Millis | null
  /** When it is removed because it joined and did not send SyncGroup. */
  readonly syncDeadline: Millis | null
}

export interface ConsumerMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly subscribedTopicNames: readonly string[]
  readonly subscribedTopicRegex: string | null
  readonly serverAssignor: string | null
  readonly rebalanceTimeoutMs: number
  /** -2 for a static member that left temporarily. */
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly state: MemberState
  /** Partitions that it may consume now. */
  readonly assigned: Partitions
  /** Partitions that it must revoke and has not revoked yet. */
  readonly pendingRevocation: Partitions
  /** The epoch at which it was assigned each partition (KIP-1251). */
  readonly epochs: PartitionEpochs
  /** `null` for a member of the consumer protocol. */
  readonly classic: ClassicPart | null
  /** The config's value at its last heartbeat. */
  readonly sessionTimeoutMs: number
  readonly sessionDeadline: Millis
  /** When it is removed because it did not revoke; `null` while it has nothing to revoke. */
  readonly revocationDeadline: Millis | null
}

/** A group of the consumer protocol (KIP-848) as a value: frozen JSON (org.apache.kafka.coordinator.group.modern.consumer.ConsumerGroup). */
export interface ConsumerGroup {
  readonly groupId: string
  /** Grows with every change of members or subscriptions. */
  readonly groupEpoch: number
  /** The group epoch that `targets` was made for. */
  readonly assignmentEpoch: number
  /** The assignor that made `targets`. */
  readonly assignor: string
  /** In the order of joining. */
  readonly members: readonly ConsumerMember[]
  /** The target assignment of each member. */
  readonly targets: Readonly<Record<string, Partitions>>
  /** The subscribed topics as they were when the group epoch was last set. */
  readonly topics: readonly TopicFacts[]
  /** Topic names by pattern, of the patterns that were resolved; absent before the first one. */
  readonly resolved?: Resolved
}

/** Topic names that each pattern matched, sorted. */
export type Resolved = Readonly<Record<string, readonly string[]>>

/** The epoch of a heartbeat with which a static member leaves for a while. */
export const leaveStaticEpoch = -2

/** A new group starts at epoch 1 (ModernGroup). */
export function emptyConsumerGroup(groupId: string): ConsumerGroup {
  return { groupId, groupEpoch: 1, assignmentEpoch: 1, assignor: 'uniform', members: [], targets: {}, topics: [] }
}

export function consumerMemberOf(group: ConsumerGroup, memberId: string): ConsumerMember | undefined {
  return group.members.find((member) => member.memberId === memberId)
}

export function staticConsumerOf(group: ConsumerGroup, instanceId: string): ConsumerMember | undefined {
  return group.members.find((member) => member.instanceId === instanceId)
}

/** [K1] ConsumerGroup.computeState. */
export function stateOf(group: ConsumerGroup): ConsumerState {
  if (group.members.length === 0) return 'Empty'
  if (group.groupEpoch > group.assignmentEpoch) return 'Assigning'
  return group.members.every((member) => isReconciled(member, group.assignmentEpoch)) ? 'Stable' : 'Reconciling'
}

/** ModernGroupMember.isReconciledTo: a static member that left for a while is not. */
export function isReconciled({ state, memberEpoch }: ConsumerMember, assignmentEpoch: number): boolean {
  return state === 'STABLE' && memberEpoch === assignmentEpoch
}

export function count(partitions: Partitions): number {
  let sum = 0
  for (const numbers of Object.values(partitions)) sum += numbers.length
  return sum
}

export function samePartitions(a: Partitions, b: Partitions): boolean {
  const topics = Object.keys(a)
  return (
    topics.length === Object.keys(b).length &&
    topics.every((topic) => {
      const [left, right] = [a[topic], b[topic]]
      return left?.length === right?.length && left?.every((number, i) => number === right?.[i])
    })
  )
}

/** The member as causes name it. */
export function consumerNameOf({ memberId, instanceId, clientId }: MemberName): MemberName {
  return { memberId, instanceId, clientId }
}

/** A commit: its member and its partitions. */
export interface CommitBy {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly memberEpoch: number
  readonly isTransactional: boolean
  readonly apiVersion: number
  readonly partitions: Partitions
}

export type ConsumerCommitProblem =
  | 'UNKNOWN_MEMBER_ID'
  | 'STALE_MEMBER_EPOCH'
  | 'ILLEGAL_GENERATION'
  | 'UNSUPPORTED_VERSION'

/**
 * [K20] The error of a commit that is rejected (ConsumerGroup.validateOffsetCommit). A commit with an older epoch is accepted for
 * partitions that the member has had since then (KIP-1251); one rejected partition rejects all.
 */
export function consumerCommitProblem(group: ConsumerGroup, by: CommitBy): ConsumerCommitProblem | undefined {
  const { memberId, memberEpoch, isTransactional } = by
  if (memberEpoch < 0 && group.members.length === 0) return undefined
  if (isTransactional && memberEpoch === -1 && memberId === '' && by.groupInstanceId === null) return undefined
  const member = consumerMemberOf(group, memberId)
  if (!member) return 'UNKNOWN_MEMBER_ID'
  if (!isTransactional && member.classic === null && by.apiVersion < 9) return 'UNSUPPORTED_VERSION'
  if (memberEpoch === member.memberEpoch) return undefined
  const isStale =
    memberEpoch > member.memberEpoch ||
    Object.entries(by.partitions).some(([topicId, numbers]) =>
      numbers.some((number) => memberEpoch < (member.epochs[topicId]?.[number] ?? Number.POSITIVE_INFINITY)),
    )
  return isStale ? wrongEpoch(member) : undefined
}

function wrongEpoch({ classic }: ConsumerMember): 'ILLEGAL_GENERATION' | 'STALE_MEMBER_EPOCH' {
  return classic === null ? 'STALE_MEMBER_EPOCH' : 'ILLEGAL_GENERATION'
}

/** [K21] The error of a member that may not read offsets (ConsumerGroup.validateOffsetFetch). */
export function consumerFetchProblem(
  group: ConsumerGroup,
  memberId: string | null,
  memberEpoch: number,
): 'UNKNOWN_MEMBER_ID' | 'STALE_MEMBER_EPOCH' | 'ILLEGAL_GENERATION' | undefined {
  if (memberId === null && memberEpoch < 0) return undefined
  const member = consumerMemberOf(group, memberId ?? '')
  if (!member) return 'UNKNOWN_MEMBER_ID'
  return member.memberEpoch === memberEpoch ? undefined : wrongEpoch(member)
}
