import { javaHost } from '../../base/java-address'
import { assignors } from '../../groups/consumer/assignors/assignors'
import type { ConsumerHeartbeatReply } from '../../groups/consumer/events'
import type { Partitions } from '../../groups/consumer/group'
import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, type Call, handler } from '../handler'
import { randomUuid } from '../random'

const firstVersionWithOwnId = 1

/**
 * ConsumerGroupHeartbeat 0-1 (KIP-848): join, stay, report and leave in one request. groups/consumer/SPEC.md [K1]-[K19]; to a classic group
 * [V4]. Patterns are resolved after it, [K5].
 */
export const consumerGroupHeartbeat = handler({
  api: 'ConsumerGroupHeartbeat',
  versions: [0, 1],
  handle(request, call): Answer<'ConsumerGroupHeartbeat'> | Promise<Answer<'ConsumerGroupHeartbeat'>> {
    const { core, client, clientId, version } = call
    const { groupId, memberEpoch } = request
    if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId))
      return refused('GROUP_AUTHORIZATION_FAILED', null, call)
    const hidden = (request.subscribedTopicNames ?? []).some(
      (topic) => !core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', topic),
    )
    if (hidden) return refused('TOPIC_AUTHORIZATION_FAILED', null, call)
    const invalid = problemWith(request, version)
    if (invalid) return refused('INVALID_REQUEST', invalid, call)
    const { serverAssignor } = request
    if (serverAssignor !== null && !(serverAssignor in assignors)) {
      const names = Object.keys(assignors).join(', ')
      return refused(
        'UNSUPPORTED_ASSIGNOR',
        `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${names}.`,
        call,
      )
    }
    const memberId = request.memberId === '' ? randomUuid() : request.memberId
    const reply = core.groups.ask<ConsumerHeartbeatReply>(
      groupId,
      (ticket) => ({
        kind: 'consumerHeartbeat',
        ticket,
        memberId,
        memberEpoch,
        instanceId: request.instanceId,
        rackId: request.rackId,
        clientId: clientId ?? '',
        clientHost: javaHost(client.connection.remoteAddress),
        rebalanceTimeoutMs: request.rebalanceTimeoutMs,
        subscribedTopicNames: request.subscribedTopicNames,
        subscribedTopicRegex: request.subscribedTopicRegex,
        serverAssignor,
        owned: request.topicPartitions && owned(request.topicPartitions),
        settings: core.groups.settings.consumer(groupId),
      }),
      { creates: memberEpoch === 0 ? 'classic' : null },
    )
    core.groups.patterns.heard(groupId, memberId, (topic) =>
      core.authorizer.wouldAllow(client, 'DESCRIBE', 'TOPIC', topic),
    )
    return (
      reply?.then((value) => answer(value, call)) ?? refused('GROUP_ID_NOT_FOUND', `Group ${groupId} not found.`, call)
    )
  },
  storageFailed: (_request, call) => refused('COORDINATOR_NOT_AVAILABLE', null, call),
})

function refused(error: ErrorName, message: string | null, { failed }: Call): Answer<'ConsumerGroupHeartbeat'> {
  failed(error, message ?? 'consumer group heartbeat')
  return { errorCode: errorCode(error), errorMessage: message, memberId: null, memberEpoch: 0, heartbeatIntervalMs: 0 }
}

function answer(reply: ConsumerHeartbeatReply, call: Call): Answer<'ConsumerGroupHeartbeat'> {
  if (reply.error !== 'NONE') return refused(reply.error, reply.message, call)
  const { memberId, memberEpoch, heartbeatIntervalMs, assignment } = reply
  return {
    errorCode: 0,
    memberId,
    memberEpoch,
    heartbeatIntervalMs,
    assignment: assignment && {
      topicPartitions: Object.entries(assignment).map(([topicId, partitions]) => ({
        topicId,
        partitions: [...partitions],
      })),
    },
  }
}

function owned(topics: NonNullable<RequestOf<'ConsumerGroupHeartbeat'>['topicPartitions']>): Partitions {
  return Object.fromEntries(topics.map(({ topicId, partitions }) => [topicId, partitions]))
}

/** GroupMetadataManager.throwIfConsumerGroupHeartbeatRequestIsInvalid. */
function problemWith(request: RequestOf<'ConsumerGroupHeartbeat'>, version: number): string | undefined {
  const { groupId, memberId, memberEpoch, instanceId, rackId, topicPartitions } = request
  if (groupId === '') return "GroupId can't be empty."
  if (instanceId === '') return "InstanceId can't be empty."
  if (rackId === '') return "RackId can't be empty."
  if (memberId === '' && (version >= firstVersionWithOwnId || memberEpoch !== 0)) return "MemberId can't be empty."
  if (memberEpoch < -2) return 'MemberEpoch is invalid.'
  if (memberEpoch === -2 && instanceId === null) return "InstanceId can't be null."
  if (memberEpoch !== 0) return undefined
  if (request.rebalanceTimeoutMs === -1) return 'RebalanceTimeoutMs must be provided in first request.'
  if (topicPartitions === null || topicPartitions.length > 0) return 'TopicPartitions must be empty when (re-)joining.'
  const hasNames = request.subscribedTopicNames !== null
  const hasPattern = request.subscribedTopicRegex !== null
  return hasNames || hasPattern
    ? undefined
    : 'Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.'
}
