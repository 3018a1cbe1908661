import { zeroUuid } from '../../base/uuid'
import type { ResponseInput } from '../../protocol/api-types'
import { errorCode } from '../../protocol/errors'
import { authorizedOperations } from '../authorization'
import { type Answer, type Call, handler } from '../handler'
import { leaderEpoch } from '../log/leader-epoch'
import type { Topic } from '../log/topics'
import { topicNameProblem } from '../topic-name'

type TopicAnswer = NonNullable<ResponseInput<'DescribeTopicPartitions'>['topics']>[number]

/** DescribeTopicPartitions 0 (DescribeTopicPartitionsRequestHandler, KIP-966): topics by name, a page of partitions at a time. */
export const describeTopicPartitions = handler({
  api: 'DescribeTopicPartitions',
  versions: [0, 0],
  handle(request, call): Answer<'DescribeTopicPartitions'> {
    const { core, client } = call
    const { cursor } = request
    const all = request.topics.length === 0
    const names = (
      all ? core.topics.all().map(({ name }) => name) : [...new Set(request.topics.map(({ name }) => name))]
    )
      .sort()
      .filter((name) => cursor === null || name >= cursor.topicName)
    if (cursor && cursor.partitionIndex < 0) {
      return {
        topics: request.topics.map(({ name }) => ({
          name,
          topicId: zeroUuid,
          partitions: [],
          errorCode: errorCode('INVALID_REQUEST'),
        })),
      }
    }
    let left = Math.max(
      1,
      Math.min(request.responsePartitionLimit, core.configs.brokerNumber('max.request.partition.size.limit')),
    )
    const topics: TopicAnswer[] = []
    for (const name of names) {
      const topic = core.topics.find(name)
      // Of topics that were not asked for by name, those that may not be seen are not mentioned.
      if (all && !core.authorizer.wouldAllow(client, 'DESCRIBE', 'TOPIC', name)) continue
      const mayDescribe = core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', name)
      if (!mayDescribe || !topic) {
        topics.push({
          errorCode: errorCode(mayDescribe ? absent(name) : 'TOPIC_AUTHORIZATION_FAILED'),
          name,
          topicId: zeroUuid,
          partitions: [],
          // Also of a topic that is not there.
          ...(mayDescribe && { topicAuthorizedOperations: authorizedOperations(call, 'TOPIC', name) }),
        })
        continue
      }
      if (left === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } }
      const first = cursor?.topicName === name ? cursor.partitionIndex : 0
      const end = Math.min(topic.partitionCount, first + left)
      topics.push(described(topic, first, end, call))
      left -= Math.max(0, end - first)
      if (end < topic.partitionCount) return { topics, nextCursor: { topicName: name, partitionIndex: end } }
    }
    return { topics, nextCursor: null }
  },
})

/** KRaftMetadataCache.describeTopicResponse. */
function absent(name: string): 'INVALID_TOPIC_EXCEPTION' | 'UNKNOWN_TOPIC_OR_PARTITION' {
  return topicNameProblem(name) ? 'INVALID_TOPIC_EXCEPTION' : 'UNKNOWN_TOPIC_OR_PARTITION'
}

function described(topic: Topic, first: number, end: number, call: Call): TopicAnswer {
  const nodes = [call.core.cluster.nodeId]
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.internal,
    partitions: Array.from({ length: Math.max(0, end - first) }, (_, i) => ({
      errorCode: 0,
      partitionIndex: first + i,
      leaderId: call.core.cluster.nodeId,
      leaderEpoch,
      replicaNodes: nodes,
      isrNodes: nodes,
      eligibleLeaderReplicas: [],
      lastKnownElr: [],
      offlineReplicas: [],
    })),
    topicAuthorizedOperations: authorizedOperations(call, 'TOPIC', topic.name),
  }
}
