import type { Millis } from '../../base/clock'
import { readSubscription, type Subscription, writeAssignment } from '../../protocol/embedded/consumer-protocol'
import { DecodeError } from '../../protocol/failures'
import type { Cause } from '../causes'
import {
  type Heartbeat,
  type Join,
  joinRefused,
  type Leave,
  type LeaveReply,
  type Sync,
  syncRefused,
} from '../classic/events'
import type { GroupContext } from '../context'
import type { Base64 } from '../machine'
import { advance } from './advance'
import {
  type ClassicPart,
  type ConsumerGroup,
  type ConsumerMember,
  consumerMemberOf,
  consumerNameOf,
  type Partitions,
  staticConsumerOf,
} from './group'
import { answered, type ConsumerStep, newMember, put, replyTo, without } from './members'
import { waitsForOthers } from './reconcile'

/** Members of the classic protocol in a consumer group: they learn of a new epoch by a heartbeat, and their joins are answered at once. */
interface ClassicConsumer extends ConsumerMember {
  readonly classic: ClassicPart
}

/** [K22] JoinGroup to a consumer group (GroupMetadataManager.classicGroupJoinToConsumerGroup). */
export function classicJoin(group: ConsumerGroup, join: Join, at: Millis, context: GroupContext): ConsumerStep {
  const { topics, consumerMaxSize } = context
  const { settings, ticket, protocols, sessionTimeoutMs } = join
  const refused = (error: Parameters<typeof joinRefused>[1], memberId = join.memberId) =>
    answered(group, ticket, joinRefused(memberId, error))
  if (sessionTimeoutMs < settings.minSessionTimeoutMs || sessionTimeoutMs > settings.maxSessionTimeoutMs) {
    return refused('INVALID_SESSION_TIMEOUT')
  }
  const subscription = subscriptionOf(join)
  if (!subscription) return refused('INCONSISTENT_GROUP_PROTOCOL')
  const named = join.groupInstanceId === null ? undefined : staticConsumerOf(group, join.groupInstanceId)
  const isKnown = named !== undefined || consumerMemberOf(group, join.memberId) !== undefined
  if (group.members.length >= consumerMaxSize && !isKnown) return refused('GROUP_MAX_SIZE_REACHED')
  if (!supportsProtocols(group, join)) return refused('INCONSISTENT_GROUP_PROTOCOL')
  if (join.memberId === '' && join.requireKnownMemberId) return refused('MEMBER_ID_REQUIRED', join.newMemberId)
  const found = findMember(group, join, named)
  if (typeof found === 'string') return refused(found)
  const { member: before, replaces } = found
  const updated: ConsumerMember = {
    ...before,
    instanceId: join.groupInstanceId ?? before.instanceId,
    rackId: subscription.rackId || before.rackId,
    clientId: join.clientId,
    clientHost: join.clientHost,
    rebalanceTimeoutMs: join.rebalanceTimeoutMs,
    subscribedTopicNames: [...new Set(subscription.topics)].sort(),
    sessionTimeoutMs,
    sessionDeadline: at + sessionTimeoutMs,
    classic: { protocols, joinDeadline: null, syncDeadline: at + join.rebalanceTimeoutMs },
  }
  const owned: Partitions = Object.fromEntries(
    subscription.ownedPartitions.flatMap(({ topic, partitions }) => {
      const facts = topics.get(topic)
      return facts ? [[facts.topicId, partitions]] : []
    }),
  )
  const { group: next, member, causes } = advance(group, before, updated, { replaces, owned, topics, at })
  const reply = replyTo(ticket, {
    api: 'join',
    error: 'NONE',
    memberId: member.memberId,
    generationId: member.memberEpoch,
    protocolType: 'consumer',
    protocolName: protocols[0]?.name ?? null,
    leader: '',
    skipAssignment: false,
    members: [],
  })
  const rejoined: Cause = { kind: 'rejoined', member: consumerNameOf(member), because: null, reason: null }
  return { group: next, effects: [{ kind: 'save' }, reply], causes: causes.length > 0 ? causes : [rejoined] }
}

/** The subscription of the member's first protocol; `undefined` when it is malformed. */
function subscriptionOf({ protocols }: Join): Subscription | undefined {
  try {
    return readSubscription(Buffer.from(protocols[0]?.metadata ?? '', 'base64'))
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** ConsumerGroup.supportsClassicProtocols: one of the protocols must be known to every classic member. */
function supportsProtocols({ members }: ConsumerGroup, { protocolType, protocols }: Join): boolean {
  const others = members.flatMap(({ classic }) => (classic === null ? [] : [classic.protocols]))
  return (
    protocolType === 'consumer' &&
    protocols.some(({ name }) => others.every((list) => list.some((protocol) => protocol.name === name)))
  )
}

/** A static member that joins without an id replaces the one with its instance id, of either protocol. */
function findMember(
  group: ConsumerGroup,
  join: Join,
  named: ConsumerMember | undefined,
):
  | { readonly member: ConsumerMember; readonly replaces: ConsumerMember | undefined }
  | 'UNKNOWN_MEMBER_ID'
  | 'FENCED_INSTANCE_ID' {
  const { groupInstanceId: instanceId, clientId, clientHost } = join
  const isUnknown = join.memberId === ''
  const memberId = isUnknown ? join.newMemberId : join.memberId
  const fresh = () => newMember({ memberId, instanceId, clientId, clientHost })
  if (instanceId === null) {
    return { member: consumerMemberOf(group, memberId) ?? fresh(), replaces: undefined }
  }
  if (isUnknown) {
    if (!named) return { member: fresh(), replaces: undefined }
    return { member: { ...named, memberId, memberEpoch: 0, previousMemberEpoch: 0 }, replaces: named }
  }
  if (!named) return 'UNKNOWN_MEMBER_ID'
  return named.memberId === memberId ? { member: named, replaces: undefined } : 'FENCED_INSTANCE_ID'
}

type Found = ClassicConsumer | 'UNKNOWN_MEMBER_ID' | 'FENCED_INSTANCE_ID' | 'ILLEGAL_GENERATION'

/** The member that sent a Heartbeat or SyncGroup (validateConsumerGroupMember and the checks after it). */
function memberOf(
  group: ConsumerGroup,
  { memberId, groupInstanceId, generationId }: Pick<Heartbeat, 'memberId' | 'groupInstanceId' | 'generationId'>,
): Found {
  const member = groupInstanceId === null ? consumerMemberOf(group, memberId) : staticConsumerOf(group, groupInstanceId)
  if (!member) return 'UNKNOWN_MEMBER_ID'
  if (member.memberId !== memberId) return 'FENCED_INSTANCE_ID'
  const { classic } = member
  if (classic === null) return 'UNKNOWN_MEMBER_ID'
  return generationId === member.memberEpoch ? { ...member, classic } : 'ILLEGAL_GENERATION'
}

/** [K23] SyncGroup is answered at once: the assignment is made already (classicGroupSyncToConsumerGroup). */
export function classicSync(group: ConsumerGroup, event: Sync, at: Millis): ConsumerStep {
  const member = memberOf(group, event)
  if (typeof member === 'string') return answered(group, event.ticket, syncRefused(member))
  const { classic } = member
  const protocol = classic.protocols[0]
  const { protocolType, protocolName } = event
  if (
    (protocolType !== null && protocolType !== 'consumer') ||
    (protocolName !== null && protocolName !== protocol?.name)
  ) {
    return answered(group, event.ticket, syncRefused('INCONSISTENT_GROUP_PROTOCOL'))
  }
  if (group.groupEpoch > member.memberEpoch && member.state !== 'UNREVOKED_PARTITIONS') {
    return answered(put(group, askedToJoin(member, at)), event.ticket, syncRefused('REBALANCE_IN_PROGRESS'))
  }
  const synced = {
    ...member,
    classic: { ...classic, syncDeadline: null },
    sessionDeadline: at + member.sessionTimeoutMs,
  }
  return {
    group: put(group, synced),
    effects: [
      replyTo(event.ticket, {
        api: 'sync',
        error: 'NONE',
        protocolType,
        protocolName,
        assignment: assignmentFor(group, member.assigned, protocol?.metadata ?? ''),
      }),
    ],
    causes: [{ kind: 'assignmentFetched', member: consumerNameOf(member) }],
  }
}

/** A classic assignment, with topic names, in the version of the member's subscription. */
export function assignmentFor({ topics }: ConsumerGroup, assigned: Partitions, metadata: Base64): Base64 {
  const names = new Map(topics.map(({ topicId, name }) => [topicId, name]))
  const assignedPartitions = Object.entries(assigned).flatMap(([topicId, partitions]) => {
    const topic = names.get(topicId)
    return topic === undefined ? [] : [{ topic, partitions: [...partitions] }]
  })
  const [high = 0, low = 0] = Buffer.from(metadata, 'base64')
  const version = Math.min((high << 8) | low, 3)
  return Buffer.from(writeAssignment({ assignedPartitions }, version)).toString('base64')
}

/**
 * [K24] Heartbeat: keeps the session alive, and tells a member that it must join again: the epoch grew, it must revoke partitions, or
 * those that it waits for were revoked (classicGroupHeartbeatToConsumerGroup). Its join makes the target of a new epoch, so that a group
 * with classic members alone makes progress too.
 */
export function classicHeartbeat(group: ConsumerGroup, event: Heartbeat, at: Millis): ConsumerStep {
  const member = memberOf(group, event)
  if (typeof member === 'string') return answered(group, event.ticket, { api: 'heartbeat', error: member })
  const heard = { ...member, sessionDeadline: at + member.sessionTimeoutMs }
  const mustJoin =
    member.memberEpoch < group.groupEpoch ||
    member.state === 'UNREVOKED_PARTITIONS' ||
    (member.state === 'UNRELEASED_PARTITIONS' && !waitsForOthers(group, member))
  return answered(put(group, mustJoin ? askedToJoin(heard, at) : heard), event.ticket, {
    api: 'heartbeat',
    error: mustJoin ? 'REBALANCE_IN_PROGRESS' : 'NONE',
  })
}

/** [K25] A member may take its rebalance timeout to join again, from when it is first asked to. */
function askedToJoin(member: ClassicConsumer, at: Millis): ConsumerMember {
  const joinDeadline = member.classic.joinDeadline ?? at + member.rebalanceTimeoutMs
  return { ...member, classic: { ...member.classic, joinDeadline } }
}

/** [K26] LeaveGroup of a classic member itself, or of any member by an administrator (classicGroupLeaveToConsumerGroup). */
export function classicLeave(group: ConsumerGroup, { ticket, members }: Leave): ConsumerStep {
  const gone: ConsumerMember[] = []
  const causes: Cause[] = []
  const outcomes = members.map(({ memberId, groupInstanceId, reason }): LeaveReply['members'][number] => {
    const member =
      groupInstanceId === null ? consumerMemberOf(group, memberId) : staticConsumerOf(group, groupInstanceId)
    if (!member) return { memberId, groupInstanceId, error: 'UNKNOWN_MEMBER_ID' }
    if (groupInstanceId !== null && memberId !== '' && member.memberId !== memberId) {
      return { memberId, groupInstanceId, error: 'FENCED_INSTANCE_ID' }
    }
    if (!gone.includes(member)) {
      gone.push(member)
      causes.push({ kind: 'left', member: consumerNameOf(member), reason: reason || null })
    }
    return { memberId, groupInstanceId, error: 'NONE' }
  })
  const reply = replyTo(ticket, { api: 'leave', members: outcomes })
  if (gone.length === 0) return { group, effects: [reply], causes: [] }
  const ids = gone.map(({ memberId }) => memberId)
  return { group: without(group, ids), effects: [{ kind: 'save' }, reply], causes }
}
