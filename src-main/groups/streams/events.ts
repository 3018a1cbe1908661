import type { Millis } from '../../base/clock'
import type { Cause } from '../causes'
import type { Ticket } from '../machine'
import type { InternalTopic } from './configure'
import type { AssignmentConfigs, Endpoint, TaskOffset, TopologyDescription } from './group'
import type { Roles } from './tasks'
import type { Topology } from './topology'

export type StreamsError =
  | 'NONE'
  | 'UNKNOWN_MEMBER_ID'
  | 'FENCED_MEMBER_EPOCH'
  | 'FENCED_INSTANCE_ID'
  | 'UNRELEASED_INSTANCE_ID'
  | 'GROUP_MAX_SIZE_REACHED'
  | 'GROUP_ID_NOT_FOUND'
  | 'INVALID_REQUEST'
  | 'STREAMS_INVALID_TOPOLOGY'
  | 'STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED'

/** Broker and group configs that a heartbeat is held against. */
export interface StreamsSettings {
  readonly sessionTimeoutMs: Millis
  readonly heartbeatIntervalMs: Millis
  readonly maxSize: number
  readonly initialDelayMs: Millis
  readonly assignmentIntervalMs: Millis
  readonly configs: AssignmentConfigs
}

export interface StreamsHeartbeat {
  readonly kind: 'streamsHeartbeat'
  readonly ticket: Ticket
  readonly memberId: string
  /** 0 joins, -1 leaves, -2 leaves for a while. */
  readonly memberEpoch: number
  /** Of the last list of endpoints that the member has. */
  readonly endpointEpoch: number
  readonly instanceId: string | null
  /** `null`, here and below: as before. */
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  /** -1: as before. */
  readonly rebalanceTimeoutMs: Millis
  readonly topology: Topology | null
  /** Tasks that the member has now. */
  readonly owned: Roles | null
  readonly processId: string | null
  readonly userEndpoint: Endpoint | null
  readonly clientTags: readonly (readonly [key: string, value: string])[] | null
  readonly taskOffsets: readonly TaskOffset[] | null
  readonly taskEndOffsets: readonly TaskOffset[] | null
  readonly shutdown: boolean
  readonly settings: StreamsSettings
}

/** A member sends the processor graph (KIP-1331). */
export interface DescriptionSent {
  readonly kind: 'descriptionSent'
  readonly ticket: Ticket
  readonly memberId: string
  readonly topologyEpoch: number
  readonly description: TopologyDescription
}

export type StreamsExpiry =
  | { readonly kind: 'memberSessionExpired'; readonly memberId: string }
  | { readonly kind: 'revocationExpired'; readonly memberId: string }
  /** The initial delay is over. */
  | { readonly kind: 'assignmentDue' }

export type StreamsEvent =
  | StreamsHeartbeat
  | DescriptionSent
  | StreamsExpiry
  /** Topics were created, deleted or have grown. */
  | { readonly kind: 'topicsChanged' }
  /** The broker tried to create the missing internal topics; `reason` says why it could not, `null` that it could. */
  | { readonly kind: 'internalTopicsTried'; readonly reason: string | null }
  /** Ours: all members are removed. */
  | { readonly kind: 'fence'; readonly cause: Cause }

export interface Status {
  readonly code: number
  readonly detail: string
}

/** What the members at one endpoint have, by topic. */
export interface EndpointPartitions {
  readonly endpoint: Endpoint
  readonly active: Readonly<Record<string, readonly number[]>>
  readonly standby: Readonly<Record<string, readonly number[]>>
}

export interface StreamsHeartbeatReply {
  readonly api: 'streamsHeartbeat'
  readonly error: StreamsError
  readonly message: string | null
  readonly memberId: string
  readonly memberEpoch: number
  readonly statuses: readonly Status[]
  /** `null`: as before. */
  readonly tasks: Roles | null
  readonly endpointEpoch: number
  /** `null`: as before. */
  readonly endpoints: readonly EndpointPartitions[] | null
  /** Internal topics that the broker is to create. */
  readonly missing: readonly InternalTopic[]
  /** The member is to send the processor graph. */
  readonly wantsDescription: boolean
}

export interface DescriptionReply {
  readonly api: 'descriptionSent'
  readonly error: StreamsError
  readonly message: string | null
}

export type StreamsReply = StreamsHeartbeatReply | DescriptionReply
