import type { Cause } from '../causes'
import type { Heartbeat, HeartbeatReply, Join, JoinReply, Leave, LeaveReply, Sync, SyncReply } from '../classic/events'
import type { Ticket } from '../machine'
import type { Partitions, Resolved } from './group'

type ConsumerError =
  | 'NONE'
  | 'UNKNOWN_MEMBER_ID'
  | 'FENCED_MEMBER_EPOCH'
  | 'FENCED_INSTANCE_ID'
  | 'UNRELEASED_INSTANCE_ID'
  | 'GROUP_MAX_SIZE_REACHED'
  | 'UNSUPPORTED_ASSIGNOR'
  | 'INVALID_REGULAR_EXPRESSION'
  | 'GROUP_ID_NOT_FOUND'

/** Broker and group configs that a heartbeat is checked against. */
export interface ConsumerSettings {
  readonly sessionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  readonly maxSize: number
}

export interface ConsumerHeartbeat {
  readonly kind: 'consumerHeartbeat'
  readonly ticket: Ticket
  readonly memberId: string
  readonly memberEpoch: number
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  /** -1: as before. */
  readonly rebalanceTimeoutMs: number
  /** `null`: as before. */
  readonly subscribedTopicNames: readonly string[] | null
  readonly subscribedTopicRegex: string | null
  readonly serverAssignor: string | null
  /** Partitions that the member owns now; `null`: as it reported before. */
  readonly owned: Partitions | null
  readonly settings: ConsumerSettings
}

export type ConsumerEvent =
  | ConsumerHeartbeat
  /** A member of the classic protocol: it shares the partitions with those of the consumer protocol. */
  | Join
  | Sync
  | Heartbeat
  | Leave
  /** Topics were created, deleted or have grown. */
  | { readonly kind: 'topicsChanged' }
  /** Patterns were matched with the topics that this member may describe. */
  | { readonly kind: 'patternsResolved'; readonly memberId: string; readonly resolved: Resolved }
  /** Ours, not Kafka's: all members are removed and the epoch ends, so that stale commits fail and the members join again. */
  | { readonly kind: 'fence'; readonly cause: Cause }
  | ConsumerExpiry

/** A deadline of a member passed. */
export type ConsumerExpiry = {
  readonly [K in ConsumerExpiryKind]: { readonly kind: K; readonly memberId: string }
}[ConsumerExpiryKind]

type ConsumerExpiryKind = 'memberSessionExpired' | 'revocationExpired' | 'rejoinExpired' | 'assignmentNotFetched'

export interface ConsumerHeartbeatReply {
  readonly api: 'consumerHeartbeat'
  readonly error: ConsumerError
  readonly message: string | null
  readonly memberId: string | null
  readonly memberEpoch: number
  readonly heartbeatIntervalMs: number
  /** `null`: as before. */
  readonly assignment: Partitions | null
}

export type ConsumerReply = ConsumerHeartbeatReply | JoinReply | SyncReply | HeartbeatReply | LeaveReply
