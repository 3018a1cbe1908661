import { type ShareGroup, shareStateOf } from '../../groups/share/group'
import type { ResponseInput } from '../../protocol/api-types'
import { errorCode } from '../../protocol/errors'
import { authorizedOperations } from '../authorization'
import { type Call, handler } from '../handler'
import { type KafkaFailure, kafkaFailure } from '../kafka-failure'

type Described = NonNullable<ResponseInput<'ShareGroupDescribe'>['groups']>[number]

/** ShareGroupDescribe 1 (KafkaApis.handleShareGroupDescribe). */
export const shareGroupDescribe = handler({
  api: 'ShareGroupDescribe',
  versions: [1, 1],
  handle(request, call) {
    const groups = request.groupIds.map((groupId): Described => {
      const { core, client } = call
      if (core.features.level('share.version') === 0) return failed(groupId, kafkaFailure('UNSUPPORTED_VERSION'))
      if (!core.authorizer.allows(client, 'DESCRIBE', 'GROUP', groupId)) {
        return failed(groupId, kafkaFailure('GROUP_AUTHORIZATION_FAILED'))
      }
      if (groupId === '') return failed(groupId, kafkaFailure('INVALID_GROUP_ID'))
      const group = core.groups.share(groupId)
      if (!group) {
        const why = core.groups.find(groupId) ? `Group ${groupId} is not a share group.` : `Group ${groupId} not found.`
        return failed(groupId, kafkaFailure('GROUP_ID_NOT_FOUND', why))
      }
      if (!maySeeTopics(group, call)) {
        const message = 'The group has described topic(s) that the client is not authorized to describe.'
        return failed(groupId, kafkaFailure('TOPIC_AUTHORIZATION_FAILED', message))
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

function maySeeTopics({ members }: ShareGroup, { core, client }: Call): boolean {
  const ids = new Set(members.flatMap(({ assigned }) => Object.keys(assigned)))
  return [...ids].every((topicId) => {
    const topic = core.topics.byId(topicId)
    return !topic || core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', topic.name)
  })
}

function described(group: ShareGroup, { core }: Call): Described {
  return {
    errorCode: 0,
    errorMessage: null,
    groupId: group.groupId,
    groupState: shareStateOf(group),
    groupEpoch: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    assignorName: 'simple',
    members: group.members.map(
      ({ memberId, rackId, memberEpoch, clientId, clientHost, subscribedTopicNames, assigned }) => ({
        memberId,
        rackId,
        memberEpoch,
        clientId,
        clientHost,
        subscribedTopicNames: [...subscribedTopicNames],
        assignment: {
          topicPartitions: Object.entries(assigned).flatMap(([topicId, partitions]) => {
            const topicName = core.topics.byId(topicId)?.name
            return topicName === undefined ? [] : [{ topicId, topicName, partitions: [...partitions] }]
          }),
        },
      }),
    ),
  }
}

function failed(groupId: string, { error, message }: KafkaFailure): Described {
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
