import type { Effect, Step } from '../machine'
import type { ConsumerReply } from './events'
import type { ConsumerGroup, ConsumerMember } from './group'
import { withoutUnusedPatterns } from './subscription'

export type ConsumerStep = Step<ConsumerGroup, ConsumerReply>

/** A step that only replies. */
export function answered(group: ConsumerGroup, ticket: number, reply: ConsumerReply): ConsumerStep {
  return { group, effects: [replyTo(ticket, reply)], causes: [] }
}

export function replyTo(ticket: number, reply: ConsumerReply): Effect<ConsumerReply> {
  return { kind: 'reply', ticket, reply }
}

/** A member that joins. */
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

/** Adds a member, or replaces the one with its id. */
export function put(group: ConsumerGroup, member: ConsumerMember): ConsumerGroup {
  const known = group.members.some(({ memberId }) => memberId === member.memberId)
  const members = known
    ? group.members.map((other) => (other.memberId === member.memberId ? member : other))
    : [...group.members, member]
  return { ...group, members }
}

/** Replaces a static member, target assignment included, by the one that came back under another id. */
export function replace(group: ConsumerGroup, member: ConsumerMember, replacesId: string): ConsumerGroup {
  const members = group.members
    .filter(({ memberId }) => memberId === replacesId || memberId !== member.memberId)
    .map((other) => (other.memberId === replacesId ? member : other))
  const { [replacesId]: target, ...targets } = group.targets
  return { ...group, members, targets: target ? { ...targets, [member.memberId]: target } : targets }
}

/** [K16] Members are removed: the group epoch grows, and the next heartbeat of the others makes a new target. */
export function without(group: ConsumerGroup, memberIds: readonly string[]): ConsumerGroup {
  const gone = new Set(memberIds)
  const targets = Object.fromEntries(Object.entries(group.targets).filter(([memberId]) => !gone.has(memberId)))
  const members = group.members.filter(({ memberId }) => !gone.has(memberId))
  const groupEpoch = group.groupEpoch + 1
  const assignmentEpoch = members.length === 0 ? groupEpoch : group.assignmentEpoch
  return withoutUnusedPatterns({ ...group, members, targets, groupEpoch, assignmentEpoch })
}
