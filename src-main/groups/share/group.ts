import type { Millis } from '../../base/clock'
import type { Partitions } from '../consumer/group'
import type { TopicFacts } from '../context'

export interface ShareMember {
  readonly memberId: string
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly subscribedTopicNames: readonly string[]
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly assigned: Partitions
  /** As it was when the member was last heard. */
  readonly sessionTimeoutMs: Millis
  readonly sessionDeadline: Millis
}

/** A share group (KIP-932) as a value: org.apache.kafka.coordinator.group.modern.share.ShareGroup. Its rules are [S1] and on in SPEC.md. */
export interface ShareGroup {
  readonly groupId: string
  /** Grows with every change of members or subscriptions. */
  readonly groupEpoch: number
  /** The group epoch that `targets` was made for. */
  readonly assignmentEpoch: number
  /** In the order of joining. */
  readonly members: readonly ShareMember[]
  readonly targets: Readonly<Record<string, Partitions>>
  /** The subscribed topics as they were when the group epoch was last set. */
  readonly topics: readonly TopicFacts[]
  /** Partitions whose deliveries have a state. They stay when nobody subscribes any more. */
  readonly initialized: Partitions
}

export function emptyShareGroup(groupId: string): ShareGroup {
  return { groupId, groupEpoch: 0, assignmentEpoch: 0, members: [], targets: {}, topics: [], initialized: {} }
}

export function shareMemberOf(group: ShareGroup, memberId: string): ShareMember | undefined {
  return group.members.find((member) => member.memberId === memberId)
}

/** [S1] */
export function shareStateOf({ members }: ShareGroup): 'Empty' | 'Stable' {
  return members.length === 0 ? 'Empty' : 'Stable'
}
