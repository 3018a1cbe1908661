import type { ClassicGroup, ClassicMember } from '../../groups/classic/group'
import { type ConsumerGroup, type ConsumerMember, type Partitions, stateOf } from '../../groups/consumer/group'
import type { TopicPartitions } from '../../groups/machine'
import { readAssignment, readSubscription } from '../../protocol/embedded/consumer-protocol'

/** Where a member stands: not heard of since the rebalance began, waiting for the others, fetching its assignment, or at work. */
export type MemberPhase = 'joining' | 'waiting' | 'syncing' | 'stable'

/** A member as people see it. */
export interface MemberView {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly phase: MemberPhase
  readonly epoch: number
  readonly subscribed: readonly string[]
  readonly assigned: TopicPartitions
  /** What it shall have when the rebalance is over; only the consumer protocol knows that beforehand. */
  readonly target: TopicPartitions | null
}

/** A group as people see it, whatever its protocol. */
export interface GroupView {
  readonly groupId: string
  readonly type: 'classic' | 'consumer'
  readonly state: string
  /** Generation of a classic group, group epoch of a consumer group. */
  readonly epoch: number
  readonly protocolType: string
  /** The assignor. */
  readonly protocol: string
  readonly leader: string | null
  readonly members: readonly MemberView[]
}

/** Views of members by their (immutable) values, so that a step costs only what it changed. */
const known = new WeakMap<
  ClassicMember,
  { readonly phase: MemberPhase; readonly protocol: string; readonly view: MemberView }
>()

export function viewOfClassic(group: ClassicGroup): GroupView {
  return {
    groupId: group.groupId,
    type: 'classic',
    state: group.state,
    epoch: group.generationId,
    protocolType: group.protocolType ?? '',
    protocol: group.protocolName ?? '',
    leader: group.leaderId,
    members: group.members.map((member) => viewOfMember(group, member)),
  }
}

/** `nameOf` tells the name of a topic by its id. */
export function viewOfConsumer(group: ConsumerGroup, nameOf: (topicId: string) => string): GroupView {
  return {
    groupId: group.groupId,
    type: 'consumer',
    state: stateOf(group),
    epoch: group.groupEpoch,
    protocolType: 'consumer',
    protocol: group.assignor,
    leader: null,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      phase: consumerPhase(group, member),
      epoch: member.memberEpoch,
      subscribed: member.subscribedTopicNames,
      assigned: named(member.assigned, nameOf),
      target: named(group.targets[member.memberId] ?? {}, nameOf),
    })),
  }
}

function consumerPhase({ assignmentEpoch }: ConsumerGroup, { state, memberEpoch }: ConsumerMember): MemberPhase {
  if (state === 'UNREVOKED_PARTITIONS') return 'syncing'
  if (state === 'UNRELEASED_PARTITIONS') return 'waiting'
  return memberEpoch >= 0 && memberEpoch < assignmentEpoch ? 'joining' : 'stable'
}

function named(partitions: Partitions, nameOf: (topicId: string) => string): TopicPartitions {
  return Object.fromEntries(
    Object.entries(partitions)
      .map(([topicId, numbers]): [string, readonly number[]] => [nameOf(topicId), numbers])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function viewOfMember(group: ClassicGroup, member: ClassicMember): MemberView {
  const protocol = `${group.generationId} ${group.protocolName ?? ''}`
  const before = known.get(member)
  const phase = phaseOf(group, member)
  if (before?.phase === phase && before.protocol === protocol) return before.view
  const metadata = (member.protocols.find(({ name }) => name === group.protocolName) ?? member.protocols[0])?.metadata
  const view: MemberView = {
    memberId: member.memberId,
    instanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    phase,
    epoch: group.generationId,
    subscribed: group.protocolType === 'consumer' ? subscribedTopics(metadata) : [],
    assigned: group.protocolType === 'consumer' ? assignedPartitions(member.assignment) : {},
    target: null,
  }
  known.set(member, { phase, protocol, view })
  return view
}

function phaseOf({ state, pendingSync }: ClassicGroup, { memberId, joinTicket }: ClassicMember): MemberPhase {
  if (state === 'PreparingRebalance') return joinTicket === null ? 'joining' : 'waiting'
  // The leader's assignment makes the group stable: who has not asked for its own does not know it yet.
  return state === 'CompletingRebalance' || pendingSync.includes(memberId) ? 'syncing' : 'stable'
}

/** Topics of a subscription; other protocols than the consumer's own write what they like, which is then not shown. */
export function subscribedTopics(metadata: string | undefined): readonly string[] {
  return read(metadata, (blob) => [...readSubscription(blob).topics].sort()) ?? []
}

export function assignedPartitions(assignment: string): TopicPartitions {
  const entries = read(assignment, (blob) =>
    readAssignment(blob).assignedPartitions.map(({ topic, partitions }): [string, number[]] => [
      topic,
      [...partitions].sort((a, b) => a - b),
    ]),
  )
  return Object.fromEntries((entries ?? []).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function read<T>(base64: string | undefined, as: (blob: Uint8Array) => T): T | undefined {
  if (!base64) return undefined
  try {
    return as(Buffer.from(base64, 'base64'))
  } catch {
    // A foreign assignor's own format: nothing to show is the honest answer.
    return undefined
  }
}
