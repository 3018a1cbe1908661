import type { Cause } from '../causes'
import type { Base64, Ticket } from '../machine'
import type { Protocol } from './group'

/** Kafka's error names that this machine answers with. */
export type ClassicError =
  | 'NONE'
  | 'UNKNOWN_MEMBER_ID'
  | 'FENCED_INSTANCE_ID'
  | 'MEMBER_ID_REQUIRED'
  | 'ILLEGAL_GENERATION'
  | 'REBALANCE_IN_PROGRESS'
  | 'INCONSISTENT_GROUP_PROTOCOL'
  | 'INVALID_SESSION_TIMEOUT'
  | 'GROUP_MAX_SIZE_REACHED'

/** Broker configs that a join is held against. */
export interface ClassicSettings {
  /** `group.initial.rebalance.delay.ms` */
  readonly initialDelayMs: number
  /** `group.min.session.timeout.ms`, `group.max.session.timeout.ms` */
  readonly minSessionTimeoutMs: number
  readonly maxSessionTimeoutMs: number
  /** `group.max.size` */
  readonly maxSize: number
}

export interface Join {
  readonly kind: 'join'
  readonly ticket: Ticket
  /** Empty for a member that has no id yet. */
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** The id to give to a member that has none: made by the host, for a machine knows no chance. */
  readonly newMemberId: string
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocolType: string
  readonly protocols: readonly Protocol[]
  /** Why the client joins again, in its words (KIP-800). */
  readonly reason: string | null
  /** JoinGroup 4 and later: a dynamic member must come back with the id that it is given (KIP-394). */
  readonly requireKnownMemberId: boolean
  /** JoinGroup 9 and later: the leader can be told not to assign anew. */
  readonly supportsSkippingAssignment: boolean
  readonly settings: ClassicSettings
}

export interface Sync {
  readonly kind: 'sync'
  readonly ticket: Ticket
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly generationId: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  /** The leader's decision; empty from everyone else. */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Base64 }[]
}

export interface Heartbeat {
  readonly kind: 'heartbeat'
  readonly ticket: Ticket
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly generationId: number
}

export interface Leave {
  readonly kind: 'leave'
  readonly ticket: Ticket
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly reason: string | null
  }[]
}

export type ClassicEvent =
  | Join
  | Sync
  | Heartbeat
  | Leave
  /** A commit of this member counts as a sign of life. */
  | { readonly kind: 'heard'; readonly memberId: string }
  /** Ours, not Kafka's: all members are removed and the epoch ends, so that stale commits fail and the members join again. */
  | { readonly kind: 'fence'; readonly cause: Cause }
  | ClassicExpiry

/** A deadline of the group passed. */
export type ClassicExpiry =
  | { readonly kind: 'sessionExpired'; readonly memberId: string }
  | { readonly kind: 'pendingExpired'; readonly memberId: string }
  | { readonly kind: 'initialDelayOver' }
  | { readonly kind: 'joinExpired' }
  | { readonly kind: 'syncExpired' }

export interface JoinReply {
  readonly api: 'join'
  readonly error: ClassicError
  readonly memberId: string
  readonly generationId: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly leader: string
  readonly skipAssignment: boolean
  /** For the leader only. */
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly metadata: Base64
  }[]
}

export interface SyncReply {
  readonly api: 'sync'
  readonly error: ClassicError
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly assignment: Base64
}

export interface HeartbeatReply {
  readonly api: 'heartbeat'
  readonly error: ClassicError
}

export interface LeaveReply {
  readonly api: 'leave'
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly error: ClassicError
  }[]
}

export type ClassicReply = JoinReply | SyncReply | HeartbeatReply | LeaveReply

/** The answer to a join that failed. */
export function joinRefused(memberId: string, error: ClassicError): JoinReply {
  return {
    api: 'join',
    error,
    memberId,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    members: [],
  }
}

export function syncRefused(error: ClassicError): SyncReply {
  return { api: 'sync', error, protocolType: null, protocolName: null, assignment: '' }
}
