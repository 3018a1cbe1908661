import { type ConsumerGroup, type Partitions, stateOf } from '../../groups/consumer/group'
import type { ResponseInput } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { authorizedOperations } from '../authorization'
import { type Call, handler } from '../handler'

type Described = NonNullable<ResponseInput<'ConsumerGroupDescribe'>['groups']>[number]

/** Kafka's own words. */
const hiddenTopics = 'The group has described topic(s) that the client is not authorized to describe.'

const classicMemberType = 0
const consumerMemberType = 1

/** ConsumerGroupDescribe 0-1 (KafkaApis.handleConsumerGroupDescribe): the states are groups/consumer/SPEC.md [K1]. */
export const consumerGroupDescribe = handler({
  api: 'ConsumerGroupDescribe',
  versions: [0, 1],
  handle(request, call) {
    const groups = request.groupIds.map((groupId): Described => {
      const { core, client } = call
      if (!core.authorizer.allows(client, 'DESCRIBE', 'GROUP', groupId))
        return failed(groupId, 'GROUP_AUTHORIZATION_FAILED', null)
      if (groupId === '') return failed(groupId, 'INVALID_GROUP_ID', null)
      const group = core.groups.consumer(groupId)
      if (!group) {
        const text = core.groups.find(groupId)
          ? `Group ${groupId} is not a consumer group.`
          : `Group ${groupId} not found.`
        return failed(groupId, 'GROUP_ID_NOT_FOUND', text)
      }
      // A group that owns topics that the client may not describe is not shown (KAFKA-18813).
      if (topicsIn(group, call).some((topic) => !core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', topic))) {
        return failed(groupId, 'TOPIC_AUTHORIZATION_FAILED', hiddenTopics)
      }
      return {
        ...described(group, call),
        ...(request.includeAuthorizedOperations
          ? { authorizedOperations: authorizedOperations(call, 'GROUP', groupId) }
          : {}),
      }
    })
    return { groups: call.core.groups.settings.ordered(groups) }
  },
})

/** Names of all topics that are assigned, or will be. */
function topicsIn({ members, targets }: ConsumerGroup, { core }: Call): string[] {
  const ids = [...members.map(({ assigned }) => assigned), ...Object.values(targets)].flatMap(Object.keys)
  return [...new Set(ids)].flatMap((topicId) => core.topics.byId(topicId)?.name ?? [])
}

function described(group: ConsumerGroup, { core, version }: Call): Described {
  const assignment = (partitions: Partitions) => ({
    topicPartitions: Object.entries(partitions).map(([topicId, numbers]) => ({
      topicId,
      topicName: core.topics.byId(topicId)?.name ?? '',
      partitions: [...numbers],
    })),
  })
  return {
    errorCode: 0,
    errorMessage: null,
    groupId: group.groupId,
    groupState: stateOf(group),
    groupEpoch: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    assignorName: group.assignor,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      rackId: member.rackId,
      memberEpoch: member.memberEpoch,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: [...member.subscribedTopicNames],
      subscribedTopicRegex: member.subscribedTopicRegex,
      assignment: assignment(member.assigned),
      targetAssignment: assignment(group.targets[member.memberId] ?? {}),
      ...(version >= 1 ? { memberType: member.classic === null ? consumerMemberType : classicMemberType } : {}),
    })),
  }
}

function failed(groupId: string, error: ErrorName, message: string | null): Described {
  return {
    errorCode: errorCode(error),
    errorMessage: message,
    groupId,
    groupState: '',
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignorName: '',
    members: [],
  }
}
