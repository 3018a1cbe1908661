import type { GroupType } from './group'
import type { TopicPartitions } from './machine'

/** Phase of a member: has yet to join again, waits for the others, fetches its assignment, or consumes. */
export type MemberPhase = 'joining' | 'waiting' | 'syncing' | 'stable'

/** A member as pages see it. */
export interface MemberView {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly phase: MemberPhase
  readonly epoch: number
  readonly subscribed: readonly string[]
  readonly assigned: TopicPartitions
  /** Partitions that it will have after the rebalance; `null` in classic groups, where only the leader knows them. */
  readonly target: TopicPartitions | null
  /** Of a member of a streams group: `0_3`. */
  readonly tasks?: MemberTasks
}

/** Tasks that a member runs, and those whose state it keeps a copy of. */
interface MemberTasks {
  readonly active: readonly string[]
  readonly standby: readonly string[]
}

/** A group as pages see it, whatever its type. */
export interface GroupView {
  readonly groupId: string
  readonly type: GroupType
  readonly state: string
  /** Generation of a classic group, group epoch of a consumer group. */
  readonly epoch: number
  readonly protocolType: string
  /** The assignor. */
  readonly protocol: string
  readonly leader: string | null
  readonly members: readonly MemberView[]
}
