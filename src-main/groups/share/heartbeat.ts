import type { Millis } from '../../base/clock'
import type { Cause, MemberName } from '../causes'
import { type Partitions, samePartitions } from '../consumer/group'
import { topicChanges } from '../consumer/subscription'
import type { TopicFacts, TopicMetadata } from '../context'
import type { Step } from '../machine'
import { assignShares } from './assignor'
import type { ShareError, ShareHeartbeat, ShareHeartbeatReply } from './events'
import { type ShareGroup, type ShareMember, shareMemberOf } from './group'

export type ShareStep = Step<ShareGroup, ShareHeartbeatReply>

export function shareNameOf({ memberId, clientId }: ShareMember): MemberName {
  return { memberId, instanceId: null, clientId }
}

/** ShareGroupHeartbeat of a member that joins or stays (GroupMetadataManager.shareGroupHeartbeat). */
export function heartbeat(group: ShareGroup, event: ShareHeartbeat, at: Millis, metadata: TopicMetadata): ShareStep {
  const { memberId, memberEpoch, settings } = event
  const known = shareMemberOf(group, memberId)
  // [S2]
  if (!known && group.members.length >= settings.maxSize) {
    const message = `The share group has reached its maximum capacity of ${settings.maxSize} members.`
    return refused(group, event, 'GROUP_MAX_SIZE_REACHED', message)
  }
  if (!known && memberEpoch !== 0) return unknownMember(group, event)
  const problem = known && epochProblem(known, memberEpoch)
  if (problem) return refused(group, event, 'FENCED_MEMBER_EPOCH', problem)

  const before = known ?? newMember(event)
  const names = event.subscribedTopicNames
  const updated: ShareMember = {
    ...before,
    rackId: event.rackId ?? before.rackId,
    clientId: event.clientId,
    clientHost: event.clientHost,
    subscribedTopicNames: names === null ? before.subscribedTopicNames : [...new Set(names)].sort(),
    sessionTimeoutMs: settings.sessionTimeoutMs,
    sessionDeadline: at + settings.sessionTimeoutMs,
  }
  const isNew = known === undefined
  const isChanged = isNew || updated.subscribedTopicNames.join() !== before.subscribedTopicNames.join()
  const { group: next, causes: followed } = regrouped(put(group, updated), metadata, isChanged)
  const member = shareMemberOf(next, memberId) ?? updated
  const given = reconciled(next, member)
  const causes: Cause[] = [...(isChanged ? [causeOf(given, isNew)] : []), ...followed]
  const isFull = memberEpoch === 0 || names !== null || !samePartitions(before.assigned, given.assigned)
  const reply: ShareHeartbeatReply = {
    api: 'shareHeartbeat',
    error: 'NONE',
    message: null,
    memberId,
    memberEpoch: given.memberEpoch,
    heartbeatIntervalMs: settings.heartbeatIntervalMs,
    assignment: isFull ? given.assigned : null,
  }
  if (causes.length === 0 && given.memberEpoch !== before.memberEpoch) {
    causes.push({ kind: 'epochReached', member: shareNameOf(given), epoch: given.memberEpoch })
  }
  const changed = causes.length > 0 || next.groupEpoch !== group.groupEpoch
  return {
    group: put(next, given),
    effects: [...(changed ? [{ kind: 'save' as const }] : []), { kind: 'reply', ticket: event.ticket, reply }],
    causes,
  }
}

function causeOf(member: ShareMember, isNew: boolean): Cause {
  const subscribed = { topics: member.subscribedTopicNames, pattern: null }
  return { kind: isNew ? 'joined' : 'subscriptionChanged', member: shareNameOf(member), subscribed }
}

/** [S4] A member whose last answer was lost may come with the epoch before; epoch 0 is always let in. */
function epochProblem(member: ShareMember, memberEpoch: number): string | undefined {
  if (memberEpoch === 0 || memberEpoch === member.memberEpoch) return undefined
  const isGreater = memberEpoch > member.memberEpoch
  if (!isGreater && memberEpoch === member.previousMemberEpoch) return undefined
  return `The share group member has a ${isGreater ? 'greater' : 'smaller'} member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`
}

function newMember({ memberId, clientId, clientHost }: ShareHeartbeat): ShareMember {
  return {
    memberId,
    rackId: null,
    clientId,
    clientHost,
    subscribedTopicNames: [],
    memberEpoch: 0,
    previousMemberEpoch: 0,
    assigned: {},
    sessionTimeoutMs: 0,
    sessionDeadline: 0,
  }
}

/** [S10] Epoch -1: the member goes, and what it holds stays locked: that goes with its share session. */
export function leave(group: ShareGroup, event: ShareHeartbeat): ShareStep {
  const member = shareMemberOf(group, event.memberId)
  if (!member) return unknownMember(group, event)
  const reply: ShareHeartbeatReply = {
    api: 'shareHeartbeat',
    error: 'NONE',
    message: null,
    memberId: event.memberId,
    memberEpoch: event.memberEpoch,
    heartbeatIntervalMs: 0,
    assignment: null,
  }
  return {
    group: withoutMembers(group, [event.memberId]),
    effects: [{ kind: 'save' }, { kind: 'reply', ticket: event.ticket, reply }],
    causes: [{ kind: 'left', member: shareNameOf(member), reason: null }],
  }
}

function unknownMember(group: ShareGroup, event: ShareHeartbeat): ShareStep {
  return refused(
    group,
    event,
    'UNKNOWN_MEMBER_ID',
    `Member ${event.memberId} is not a member of group ${group.groupId}.`,
  )
}

function refused(
  group: ShareGroup,
  { ticket, memberId }: ShareHeartbeat,
  error: ShareError,
  message: string,
): ShareStep {
  return { group, effects: [{ kind: 'reply', ticket, reply: shareRefused(memberId, error, message) }], causes: [] }
}

/** The answer to a heartbeat that is refused. */
export function shareRefused(memberId: string, error: ShareError, message: string): ShareHeartbeatReply {
  return { api: 'shareHeartbeat', error, message, memberId, memberEpoch: 0, heartbeatIntervalMs: 0, assignment: null }
}

/**
 * The group after its members or topics changed: [S5] the epoch grows with subscriptions and their topics, [S7] new partitions are
 * initialized, [S8] and the target is made, all in one step: the broker stores it in one group commit.
 */
export function regrouped(
  group: ShareGroup,
  metadata: TopicMetadata,
  isChanged: boolean,
): { readonly group: ShareGroup; readonly causes: readonly Cause[] } {
  const topics = subscribedTopics(group, metadata)
  const changes = topicChanges(group.topics, topics)
  const isBehind = group.groupEpoch > group.assignmentEpoch && group.members.length > 0
  if (!isChanged && changes.length === 0) return { group: isBehind ? assigned(group, metadata) : group, causes: [] }
  const initialized = { ...group.initialized }
  for (const { topicId, partitions } of topics) {
    const known = initialized[topicId] ?? []
    if (known.length < partitions) initialized[topicId] = Array.from({ length: partitions }, (_, i) => i)
  }
  const next = { ...group, topics, initialized, groupEpoch: group.groupEpoch + 1 }
  return { group: assigned(next, metadata), causes: isChanged ? [] : [{ kind: 'topicsChanged', changes }] }
}

function subscribedTopics({ members }: ShareGroup, metadata: TopicMetadata): TopicFacts[] {
  const names = [...new Set(members.flatMap(({ subscribedTopicNames }) => subscribedTopicNames))].sort()
  return names.flatMap((name) => topicOf(metadata, name) ?? [])
}

function topicOf(metadata: TopicMetadata, name: string): TopicFacts | undefined {
  const topic = metadata.get(name)
  return topic && { topicId: topic.topicId, name, partitions: topic.partitions }
}

function assigned(group: ShareGroup, metadata: TopicMetadata): ShareGroup {
  if (group.members.length === 0) return { ...group, targets: {}, assignmentEpoch: group.groupEpoch }
  const assignable: Partitions = Object.fromEntries(
    group.topics.map(({ topicId, partitions }) => [topicId, Array.from({ length: partitions }, (_, i) => i)]),
  )
  const subscribers = group.members.map(({ memberId, subscribedTopicNames }) => ({
    memberId,
    topicIds: subscribedTopicNames.flatMap((name) => topicOf(metadata, name)?.topicId ?? []),
    before: group.targets[memberId] ?? {},
  }))
  return { ...group, targets: assignShares(subscribers, assignable), assignmentEpoch: group.groupEpoch }
}

/** [S9] A member has its target at once: nothing needs to be revoked first. */
function reconciled(group: ShareGroup, member: ShareMember): ShareMember {
  const target = group.targets[member.memberId] ?? {}
  if (member.memberEpoch === group.assignmentEpoch && samePartitions(member.assigned, target)) return member
  return {
    ...member,
    previousMemberEpoch: member.memberEpoch,
    memberEpoch: group.assignmentEpoch,
    assigned: target,
  }
}

function put(group: ShareGroup, member: ShareMember): ShareGroup {
  const isKnown = group.members.some(({ memberId }) => memberId === member.memberId)
  const members = isKnown
    ? group.members.map((other) => (other.memberId === member.memberId ? member : other))
    : [...group.members, member]
  return { ...group, members }
}

/** [S10] Members are gone: the epoch grows, and the others share what they had with the next heartbeat. */
export function withoutMembers(group: ShareGroup, memberIds: readonly string[]): ShareGroup {
  const members = group.members.filter(({ memberId }) => !memberIds.includes(memberId))
  const targets = Object.fromEntries(
    Object.entries(group.targets).filter(([memberId]) => !memberIds.includes(memberId)),
  )
  const groupEpoch = group.groupEpoch + 1
  return {
    ...group,
    members,
    targets,
    groupEpoch,
    assignmentEpoch: members.length === 0 ? groupEpoch : group.assignmentEpoch,
  }
}
