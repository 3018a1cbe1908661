import { readAssignment, readSubscription } from '../../protocol/embedded/consumer-protocol'
import type { TopicPartitions } from '../machine'
import type { GroupView, MemberPhase, MemberView } from '../view'
import type { ClassicGroup, ClassicMember } from './group'

/** Views by the (immutable) values of members, so that a step makes only those that it changed. */
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
  // The leader's assignment makes the group stable: a member that has not sent SyncGroup does not know its own yet.
  return state === 'CompletingRebalance' || pendingSync.includes(memberId) ? 'syncing' : 'stable'
}

/** Topics of a subscription; none for protocols other than the consumer's own, whose form is not known. */
function subscribedTopics(metadata: string | undefined): readonly string[] {
  return read(metadata, (blob) => [...readSubscription(blob).topics].sort()) ?? []
}

function assignedPartitions(assignment: string): TopicPartitions {
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
    // The format of another assignor, which cannot be read.
    return undefined
  }
}
