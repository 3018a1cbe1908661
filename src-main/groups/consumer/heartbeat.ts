import type { Millis } from '../../base/clock'
import type { Cause } from '../causes'
import type { TopicMetadata } from '../context'
import type { Effect } from '../machine'
import { advance } from './advance'
import type { ConsumerHeartbeat, ConsumerHeartbeatReply, ConsumerReply } from './events'
import {
  type ConsumerGroup,
  type ConsumerMember,
  consumerMemberOf,
  consumerNameOf,
  leaveStaticEpoch,
  type Partitions,
  samePartitions,
  staticConsumerOf,
} from './group'
import { answered, type ConsumerStep, newMember, put, replyTo, without } from './members'
import { patternProblem } from './subscription'

/** The reply to a heartbeat that is rejected. */
export function heartbeatRefused(
  memberId: string,
  error: ConsumerHeartbeatReply['error'],
  message: string,
): ConsumerHeartbeatReply {
  return {
    api: 'consumerHeartbeat',
    error,
    message,
    memberId,
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    assignment: null,
  }
}

function refused(
  group: ConsumerGroup,
  { ticket, memberId }: ConsumerHeartbeat,
  error: ConsumerHeartbeatReply['error'],
  message: string,
): ConsumerStep {
  return answered(group, ticket, heartbeatRefused(memberId, error, message))
}

/** ConsumerGroupHeartbeat of a member that joins or stays (GroupMetadataManager.consumerGroupHeartbeat). */
export function heartbeat(
  group: ConsumerGroup,
  event: ConsumerHeartbeat,
  at: Millis,
  topics: TopicMetadata,
): ConsumerStep {
  const { settings, memberId, owned } = event
  const isJoin = event.memberEpoch === 0
  // [K2]
  const isKnown =
    consumerMemberOf(group, memberId) !== undefined ||
    (event.instanceId !== null && staticConsumerOf(group, event.instanceId) !== undefined)
  if (group.members.length >= settings.maxSize && !isKnown) {
    return refused(
      group,
      event,
      'GROUP_MAX_SIZE_REACHED',
      `The consumer group has reached its maximum capacity of ${settings.maxSize} members.`,
    )
  }
  const found = findMember(group, event)
  if ('error' in found) return refused(group, event, found.error, found.message)
  const { member: before, replaces } = found
  const pattern = event.subscribedTopicRegex
  const bad = pattern ? patternProblem(pattern) : undefined
  if (bad !== undefined) {
    return refused(
      group,
      event,
      'INVALID_REGULAR_EXPRESSION',
      `SubscribedTopicRegex \`${pattern}\` is not a valid regular expression: ${bad}.`,
    )
  }
  const updated = updatedMember(before, event, at)
  const { group: next, member, causes } = advance(group, before, updated, { replaces, owned, topics, at })
  const isFull =
    isJoin ||
    (event.rebalanceTimeoutMs !== -1 &&
      (event.subscribedTopicNames !== null || event.subscribedTopicRegex !== null) &&
      owned !== null)
  const effects: Effect<ConsumerReply>[] = [
    replyTo(event.ticket, {
      api: 'consumerHeartbeat',
      error: 'NONE',
      message: null,
      memberId,
      memberEpoch: member.memberEpoch,
      heartbeatIntervalMs: settings.heartbeatIntervalMs,
      assignment: isFull || !samePartitions(before.assigned, member.assigned) ? member.assigned : null,
    }),
  ]
  const isQuiet =
    causes.length === 0 && member.memberEpoch === before.memberEpoch && next.groupEpoch === group.groupEpoch
  if (isQuiet) return { group: next, effects, causes: [] }
  const reached: Cause = { kind: 'epochReached', member: consumerNameOf(member), epoch: member.memberEpoch }
  return { group: next, effects: [{ kind: 'save' }, ...effects], causes: causes.length > 0 ? causes : [reached] }
}

type Found =
  | { readonly member: ConsumerMember; readonly replaces: ConsumerMember | undefined }
  | { readonly error: ConsumerHeartbeatReply['error']; readonly message: string }

/** [K3] The member that sent a heartbeat: a new one, a known one at its epoch, or a static one that rejoins (KIP-345). */
function findMember(group: ConsumerGroup, event: ConsumerHeartbeat): Found {
  const { memberId, memberEpoch, instanceId } = event
  const isJoin = memberEpoch === 0
  const unknown: Found = {
    error: 'UNKNOWN_MEMBER_ID',
    message: `Member ${memberId} is not a member of group ${group.groupId}.`,
  }
  if (instanceId === null) {
    const member = consumerMemberOf(group, memberId)
    if (!member) return isJoin ? { member: newMember(event), replaces: undefined } : unknown
    return epochProblem(member, event) ?? { member, replaces: undefined }
  }
  const named = staticConsumerOf(group, instanceId)
  if (isJoin) {
    if (!named) return { member: newMember(event), replaces: undefined }
    if (named.memberId === memberId && named.memberEpoch !== leaveStaticEpoch)
      return epochProblem(named, event) ?? { member: named, replaces: undefined }
    // A static member of the classic protocol is replaced by one of the consumer protocol, present or not.
    if (named.memberEpoch !== leaveStaticEpoch && named.classic === null) {
      return {
        error: 'UNRELEASED_INSTANCE_ID',
        message: `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ${named.memberId} member.`,
      }
    }
    return { member: { ...named, memberId, memberEpoch: 0, previousMemberEpoch: 0 }, replaces: named }
  }
  if (!named) return unknown
  if (named.memberId !== memberId) {
    return {
      error: 'FENCED_INSTANCE_ID',
      message: `Static member ${memberId} with instance id ${instanceId} was fenced by member ${named.memberId}.`,
    }
  }
  return epochProblem(named, event) ?? { member: named, replaces: undefined }
}

/** [K4] A member whose last response was lost may send the previous epoch; any other mismatch fences it. */
function epochProblem(member: ConsumerMember, { memberEpoch, owned }: ConsumerHeartbeat): Found | undefined {
  // A fenced member starts again at epoch 0, under its own id.
  if (memberEpoch === 0 || memberEpoch === member.memberEpoch) return undefined
  if (memberEpoch > member.memberEpoch) {
    return {
      error: 'FENCED_MEMBER_EPOCH',
      message: `The consumer group member has a greater member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
    }
  }
  if (memberEpoch === member.previousMemberEpoch && owned !== null && isSubset(owned, member.assigned)) return undefined
  return {
    error: 'FENCED_MEMBER_EPOCH',
    message: `The consumer group member has a smaller member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  }
}

function isSubset(part: Partitions, whole: Partitions): boolean {
  return Object.entries(part).every(([topicId, numbers]) => numbers.every((number) => whole[topicId]?.includes(number)))
}

/** The member with the fields of a heartbeat; those that are absent stay as they were. */
function updatedMember(member: ConsumerMember, event: ConsumerHeartbeat, at: Millis): ConsumerMember {
  const { subscribedTopicNames: names, subscribedTopicRegex: pattern } = event
  return {
    ...member,
    instanceId: event.instanceId ?? member.instanceId,
    rackId: event.rackId ?? member.rackId,
    clientId: event.clientId,
    clientHost: event.clientHost,
    rebalanceTimeoutMs: event.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : event.rebalanceTimeoutMs,
    serverAssignor: event.serverAssignor ?? member.serverAssignor,
    subscribedTopicNames: names === null ? member.subscribedTopicNames : [...new Set(names)].sort(),
    subscribedTopicRegex: pattern === null ? member.subscribedTopicRegex : pattern === '' ? null : pattern,
    classic: null,
    sessionTimeoutMs: event.settings.sessionTimeoutMs,
    sessionDeadline: at + event.settings.sessionTimeoutMs,
  }
}

/** [K15] Leaving, or, as a static member, leaving temporarily with its assignment kept. */
export function leave(group: ConsumerGroup, event: ConsumerHeartbeat): ConsumerStep {
  const { memberId, instanceId, memberEpoch } = event
  const member = instanceId === null ? consumerMemberOf(group, memberId) : staticConsumerOf(group, instanceId)
  if (!member)
    return refused(group, event, 'UNKNOWN_MEMBER_ID', `Member ${memberId} is not a member of group ${group.groupId}.`)
  if (member.memberId !== memberId) {
    return refused(
      group,
      event,
      'FENCED_INSTANCE_ID',
      `Static member ${memberId} with instance id ${instanceId} was fenced by member ${member.memberId}.`,
    )
  }
  const reply: ConsumerHeartbeatReply = {
    api: 'consumerHeartbeat',
    error: 'NONE',
    message: null,
    memberId,
    memberEpoch,
    heartbeatIntervalMs: 0,
    assignment: null,
  }
  const effects: Effect<ConsumerReply>[] = [{ kind: 'save' }, replyTo(event.ticket, reply)]
  if (memberEpoch === leaveStaticEpoch) {
    const away = {
      ...member,
      memberEpoch: leaveStaticEpoch,
      state: 'STABLE' as const,
      pendingRevocation: {},
      revocationDeadline: null,
    }
    return { group: put(group, away), effects, causes: [{ kind: 'leftTemporarily', member: consumerNameOf(member) }] }
  }
  const left: Cause = { kind: 'left', member: consumerNameOf(member), reason: null }
  return { group: without(group, [member.memberId]), effects, causes: [left] }
}
