import type { Effect, Step } from '../machine'
import type { ConsumerReply } from './events'
import type { ConsumerGroup, ConsumerMember } from './group'

export type ConsumerStep = Step<ConsumerGroup, ConsumerReply>

/** Nothing changes but an answer. */
export function answered(group: ConsumerGroup, ticket: number, reply: ConsumerReply): ConsumerStep {
  return { group, effects: [replyTo(ticket, reply)], causes: [] }
}

export function replyTo(ticket: number, reply: ConsumerReply): Effect<ConsumerReply> {
  return { kind: 'reply', ticket, reply }
}

/** A member that nobody knew. */
export function newMember(
  member: Pick<ConsumerMember, 'memberId' | 'instanceId' | 'clientId' | 'clientHost'>,
): ConsumerMember {
  return {
    ...member,
    rackId: null,
    subscribedTopicNames: [],
    subscribedTopicRegex: null,
    serverAssignor: null,
    rebalanceTimeoutMs: -1,
    memberEpoch: 0,
    previousMemberEpoch: 0,
    state: 'STABLE',
    assigned: {},
    pendingRevocation: {},
    epochs: {},
    classic: null,
    sessionTimeoutMs: 0,
    sessionDeadline: 0,
    revocationDeadline: null,
  }
}

/** Adds a member, or puts it in the place of the one with its id. */
export function put(group: ConsumerGroup, member: ConsumerMember): ConsumerGroup {
  const known = group.members.some(({ memberId }) => memberId === member.memberId)
  const members = known
    ? group.members.map((other) => (other.memberId === member.memberId ? member : other))
    : [...group.members, member]
  return { ...group, members }
}

/** Puts a static member in the place of the one that it replaces, target and all. Nobody else has its id afterwards. */
export function replace(group: ConsumerGroup, member: ConsumerMember, replacesId: string): ConsumerGroup {
  const members = group.members
    .filter(({ memberId }) => memberId === replacesId || memberId !== member.memberId)
    .map((other) => (other.memberId === replacesId ? member : other))
  const { [replacesId]: target, ...targets } = group.targets
  return { ...group, members, targets: target ? { ...targets, [member.memberId]: target } : targets }
}

/** [K16] Members are put out: the group epoch grows, and who is left shares anew with the next heartbeat. */
export function without(group: ConsumerGroup, memberIds: readonly string[]): ConsumerGroup {
  const gone = new Set(memberIds)
  const targets = Object.fromEntries(Object.entries(group.targets).filter(([memberId]) => !gone.has(memberId)))
  const members = group.members.filter(({ memberId }) => !gone.has(memberId))
  const groupEpoch = group.groupEpoch + 1
  const assignmentEpoch = members.length === 0 ? groupEpoch : group.assignmentEpoch
  return { ...group, members, targets, groupEpoch, assignmentEpoch }
}
