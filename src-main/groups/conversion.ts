import type { Millis } from '../base/clock'
import { readAssignment, readSubscription } from '../protocol/embedded/consumer-protocol'
import { type ClassicReply, joinRefused, syncRefused } from './classic/events'
import { type ClassicGroup, type ClassicMember, emptyGroup, selectProtocol } from './classic/group'
import { assignmentFor } from './consumer/classic-members'
import { type ConsumerGroup, type ConsumerMember, emptyConsumerGroup, type Partitions } from './consumer/group'
import { subscribedTopics } from './consumer/subscription'
import type { TopicMetadata } from './context'
import type { Base64, Effect } from './machine'

/** A classic group as a consumer group, and the replies to the requests that waited in it. */
export interface Upgraded {
  readonly group: ConsumerGroup
  readonly effects: readonly Effect<ClassicReply>[]
}

/**
 * [V1] The members keep their partitions, with the generation as their epoch; requests that waited for the rebalance of the classic
 * group are answered REBALANCE_IN_PROGRESS (GroupMetadataManager.convertToConsumerGroup, ConsumerGroup.fromClassicGroup).
 *
 * @throws DecodeError when a member's subscription or assignment is not the consumer protocol's
 */
export function toConsumerGroup(group: ClassicGroup, topics: TopicMetadata, at: Millis): Upgraded {
  const effects: Effect<ClassicReply>[] = []
  for (const { memberId, joinTicket, syncTicket } of group.members) {
    if (joinTicket !== null) {
      const reply = joinRefused(memberId, 'REBALANCE_IN_PROGRESS')
      effects.push({ kind: 'reply', ticket: joinTicket, reply })
    }
    if (syncTicket !== null) {
      effects.push({ kind: 'reply', ticket: syncTicket, reply: syncRefused('REBALANCE_IN_PROGRESS') })
    }
  }
  const members = group.members.map((member) => toConsumerMember(group, member, topics, at))
  const converted: ConsumerGroup = {
    ...emptyConsumerGroup(group.groupId),
    groupEpoch: group.generationId,
    assignmentEpoch: group.generationId,
    members,
    targets: Object.fromEntries(members.map(({ memberId, assigned }) => [memberId, assigned])),
  }
  return { group: { ...converted, topics: subscribedTopics(converted, topics) }, effects }
}

function toConsumerMember(
  { generationId, protocolName }: ClassicGroup,
  member: ClassicMember,
  topics: TopicMetadata,
  at: Millis,
): ConsumerMember {
  const { protocols, sessionTimeoutMs } = member
  const metadata = (protocols.find(({ name }) => name === protocolName) ?? protocols[0])?.metadata ?? ''
  const subscription = readSubscription(Buffer.from(metadata, 'base64'))
  const assigned = partitionsOf(member.assignment, topics)
  return {
    memberId: member.memberId,
    instanceId: member.groupInstanceId,
    rackId: subscription.rackId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopicNames: [...new Set(subscription.topics)].sort(),
    subscribedTopicRegex: null,
    serverAssignor: null,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    memberEpoch: generationId,
    previousMemberEpoch: generationId,
    state: 'STABLE',
    assigned,
    pendingRevocation: {},
    epochs: Object.fromEntries(
      Object.entries(assigned).map(([topicId, numbers]) => [
        topicId,
        Object.fromEntries(numbers.map((number) => [number, generationId])),
      ]),
    ),
    sessionTimeoutMs,
    classic: { protocols, joinDeadline: null, syncDeadline: null },
    sessionDeadline: at + sessionTimeoutMs,
    revocationDeadline: null,
  }
}

function partitionsOf(assignment: Base64, topics: TopicMetadata): Partitions {
  if (assignment === '') return {}
  const { assignedPartitions } = readAssignment(Buffer.from(assignment, 'base64'))
  return Object.fromEntries(
    assignedPartitions.flatMap(({ topic, partitions }) => {
      const facts = topics.get(topic)
      return facts ? [[facts.topicId, [...partitions].sort((a, b) => a - b)]] : []
    }),
  )
}

/**
 * [V2] A consumer group of which only classic members are left, as a stable classic group of the generation `generationId`: members
 * keep their targets (ClassicGroup.fromConsumerGroup).
 */
export function toClassicGroup(group: ConsumerGroup, generationId: number, at: Millis): ClassicGroup {
  const members = group.members.flatMap((member): ClassicMember[] => {
    const { classic, memberId } = member
    if (classic === null) return []
    return [
      {
        memberId,
        groupInstanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        sessionTimeoutMs: member.sessionTimeoutMs,
        rebalanceTimeoutMs: member.rebalanceTimeoutMs,
        protocols: classic.protocols,
        assignment: '',
        isNew: false,
        joinTicket: null,
        syncTicket: null,
        sessionDeadline: at + member.sessionTimeoutMs,
      },
    ]
  })
  const converted: ClassicGroup = {
    ...emptyGroup(group.groupId),
    state: 'Stable',
    generationId,
    protocolType: 'consumer',
    leaderId: members[0]?.memberId ?? null,
    members,
  }
  const protocolName = selectProtocol(converted)
  return {
    ...converted,
    protocolName,
    members: members.map((member) => {
      const metadata = member.protocols.find(({ name }) => name === protocolName)?.metadata ?? ''
      return { ...member, assignment: assignmentFor(group, group.targets[member.memberId] ?? {}, metadata) }
    }),
  }
}
