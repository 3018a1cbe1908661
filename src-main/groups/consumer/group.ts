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
export type MemberState = 'STABLE' | 'UNREVOKED_PARTITIONS' | 'UNRELEASED_PARTITIONS'

export type ConsumerState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable'

/** What a member that speaks the classic protocol told when it joined (ConsumerGroupMemberMetadataValue.ClassicMemberMetadata). */
export interface ClassicPart {
  readonly protocols: readonly Protocol[]
  /** When it is out because it was told to join again and did not; `null` while it need not. */
  readonly joinDeadline: Millis | null
  /** When it is out because it joined and did not ask for its assignment. */
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
  /** -2 for a static member that is away. */
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly state: MemberState
  /** What it may read now. */
  readonly assigned: Partitions
  /** What it was told to give up and has not given up yet. */
  readonly pendingRevocation: Partitions
  /** The epoch since which it has each of these partitions (KIP-1251). */
  readonly epochs: PartitionEpochs
  /** `null` for a member of the consumer protocol. */
  readonly classic: ClassicPart | null
  /** As it was when the member was last heard. */
  readonly sessionTimeoutMs: number
  readonly sessionDeadline: Millis
  /** When a member that does not give up its partitions is put out; `null` while it has none to give up. */
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
  /** What each member shall have in the end. */
  readonly targets: Readonly<Record<string, Partitions>>
  /** The subscribed topics as they were when the group epoch was last set. */
  readonly topics: readonly TopicFacts[]
  /** Topic names by pattern, of the patterns that were resolved; absent before the first one. */
  readonly resolved?: Resolved
}

/** Topic names that each pattern matched, sorted. */
export type Resolved = Readonly<Record<string, readonly string[]>>

/** What a member may send and get on a heartbeat that says "I leave". */
export const leaveEpoch = -1
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

export function isReconciled({ state, memberEpoch }: ConsumerMember, assignmentEpoch: number): boolean {
  return state === 'STABLE' && (memberEpoch === assignmentEpoch || memberEpoch === leaveStaticEpoch)
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

/** Who commits, and for which partitions. */
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
 * [K20] Why offsets may not be committed like this (ConsumerGroup.validateOffsetCommit), or `undefined`. A commit that was under way
 * while the epoch grew counts for partitions that the member has had since before (KIP-1251); one partition that is refused refuses
 * all.
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

/** [K21] Why a member may not read offsets (ConsumerGroup.validateOffsetFetch). */
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
