import type { Millis } from '../../base/clock'
import type { Uuid } from '../../base/uuid'
import type { Cause } from '../causes'
import type { Partitions } from '../consumer/group'
import type { Ticket } from '../machine'

export type ShareError =
  | 'NONE'
  | 'UNKNOWN_MEMBER_ID'
  | 'FENCED_MEMBER_EPOCH'
  | 'GROUP_MAX_SIZE_REACHED'
  | 'GROUP_ID_NOT_FOUND'

/** Broker and group configs that a heartbeat is held against. */
export interface ShareSettings {
  readonly sessionTimeoutMs: Millis
  readonly heartbeatIntervalMs: Millis
  readonly maxSize: number
}

export interface ShareHeartbeat {
  readonly kind: 'shareHeartbeat'
  readonly ticket: Ticket
  readonly memberId: string
  /** 0 joins, -1 leaves. */
  readonly memberEpoch: number
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  /** `null`: as before. */
  readonly subscribedTopicNames: readonly string[] | null
  readonly settings: ShareSettings
}

export type ShareEvent =
  | ShareHeartbeat
  /** Topics were created, deleted or have grown. */
  | { readonly kind: 'topicsChanged' }
  /** Ours: all members are removed. */
  | { readonly kind: 'fence'; readonly cause: Cause }
  | { readonly kind: 'memberSessionExpired'; readonly memberId: string }
  /** An administrator set start offsets: these partitions have a state now. */
  | { readonly kind: 'offsetsAltered'; readonly partitions: Partitions }
  /** An administrator deleted the state of topics. */
  | { readonly kind: 'offsetsDeleted'; readonly topicIds: readonly Uuid[] }

export interface ShareHeartbeatReply {
  readonly api: 'shareHeartbeat'
  readonly error: ShareError
  readonly message: string | null
  readonly memberId: string
  readonly memberEpoch: number
  readonly heartbeatIntervalMs: Millis
  /** `null`: as before. */
  readonly assignment: Partitions | null
}
