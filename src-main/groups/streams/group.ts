import type { Millis } from '../../base/clock'
import type { MemberName } from '../causes'
import type { TopicFacts } from '../context'
import type { Configured } from './configure'
import type { Roles } from './tasks'
import type { Topology } from './topology'

/** Where a member's stores can be asked: `application.server`. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** How far a member's copy of a task's state is; the offset is the sum over its changelogs. Text, because states are JSON. */
export interface TaskOffset {
  readonly subtopologyId: string
  readonly partition: number
  readonly offset: string
}

type StreamsMemberState = 'STABLE' | 'UNREVOKED_TASKS' | 'UNRELEASED_TASKS'

/** A stream thread. */
export interface StreamsMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: Millis
  readonly topologyEpoch: number
  /** The instance of the application: members of one process share its state directory. */
  readonly processId: string
  readonly userEndpoint: Endpoint | null
  readonly clientTags: readonly (readonly [key: string, value: string])[]
  readonly taskOffsets: readonly TaskOffset[]
  readonly taskEndOffsets: readonly TaskOffset[]
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly state: StreamsMemberState
  readonly assigned: Roles
  readonly pendingRevocation: Roles
  /** The epochs in which its active tasks were assigned, those to be revoked included: `0_3`. */
  readonly epochs: Readonly<Record<string, number>>
  readonly sessionTimeoutMs: Millis
  readonly sessionDeadline: Millis
  readonly revocationDeadline: Millis | null
}

/** Group configs that an assignment was made with. */
export interface AssignmentConfigs {
  readonly standbys: number
  readonly tags: readonly string[]
}

/** A node of the processor graph (KIP-1331). */
export interface ProcessorNode {
  readonly name: string
  /** 1 source, 2 processor, 3 sink. */
  readonly nodeType: number
  readonly sourceTopics: readonly string[]
  readonly sinkTopic: string | null
  readonly stores: readonly string[]
  readonly successors: readonly string[]
}

/** The processor graph of a topology, as a member sends it. */
export interface TopologyDescription {
  readonly subtopologies: readonly { readonly subtopologyId: string; readonly nodes: readonly ProcessorNode[] }[]
  readonly globalStores: readonly { readonly source: ProcessorNode; readonly processor: ProcessorNode }[]
}

/** A streams group (KIP-1071) as a value: org.apache.kafka.coordinator.group.streams.StreamsGroup. Its rules are in SPEC.md. */
export interface StreamsGroup {
  readonly groupId: string
  /** Grows with every change that asks for a new assignment. */
  readonly groupEpoch: number
  /** The group epoch that `targets` was made for. */
  readonly assignmentEpoch: number
  readonly assignedAt: Millis
  /** In the order of joining. */
  readonly members: readonly StreamsMember[]
  readonly targets: Readonly<Record<string, Roles>>
  readonly topology: Topology | null
  /** Topics of the topology that existed when it was configured. */
  readonly topics: readonly TopicFacts[]
  readonly configured: Configured | null
  /** Why missing internal topics could not be created the last time; `null` after a restart. */
  readonly refusedTopics: string | null
  readonly configs: AssignmentConfigs
  /** End of the initial delay; `null` when there is none. */
  readonly firstAssignmentAt: Millis | null
  /** The member that asked all others to stop. */
  readonly shutdownBy: string | null
  /** Grows with every change of what endpoints have. */
  readonly endpointEpoch: number
  readonly description: { readonly epoch: number; readonly value: TopologyDescription } | null
  /** When a member was asked for the description. */
  readonly descriptionAskedAt: Millis | null
}

export function emptyStreamsGroup(groupId: string): StreamsGroup {
  return {
    groupId,
    groupEpoch: 1,
    assignmentEpoch: 1,
    assignedAt: 0,
    members: [],
    targets: {},
    topology: null,
    topics: [],
    configured: null,
    refusedTopics: null,
    configs: { standbys: 0, tags: [] },
    firstAssignmentAt: null,
    shutdownBy: null,
    endpointEpoch: 0,
    description: null,
    descriptionAskedAt: null,
  }
}

/** Epoch of a static member that left for a while. */
export const leaveStaticEpoch = -2

export function streamsMemberOf(group: StreamsGroup, memberId: string): StreamsMember | undefined {
  return group.members.find((member) => member.memberId === memberId)
}

export function staticStreamsMemberOf(group: StreamsGroup, instanceId: string): StreamsMember | undefined {
  return group.members.find((member) => member.instanceId === instanceId)
}

export function streamsNameOf({ memberId, instanceId, clientId }: StreamsMember): MemberName {
  return { memberId, instanceId, clientId }
}

export function isReady({ configured }: StreamsGroup): boolean {
  return configured !== null && configured.problem === null
}

export type StreamsState = 'Empty' | 'NotReady' | 'Assigning' | 'Reconciling' | 'Stable'

/** [G1] StreamsGroup.maybeUpdateGroupState. */
export function streamsStateOf(group: StreamsGroup): StreamsState {
  if (group.members.length === 0) return 'Empty'
  if (!isReady(group)) return 'NotReady'
  if (group.groupEpoch > group.assignmentEpoch) return 'Assigning'
  return group.members.every((member) => isStreamsReconciled(member, group.assignmentEpoch)) ? 'Stable' : 'Reconciling'
}

/** StreamsGroupMember.isReconciledTo: a static member that left for a while is not. */
export function isStreamsReconciled({ state, memberEpoch }: StreamsMember, assignmentEpoch: number): boolean {
  return state === 'STABLE' && memberEpoch === assignmentEpoch
}

export function taskKey(subtopologyId: string, partition: number): string {
  return `${subtopologyId}_${partition}`
}
