import { zeroUuid } from '../../base/uuid'
import type { ResponseInput } from '../../protocol/api-types'
import { type ErrorName, errorCode, errorMessage } from '../../protocol/errors'
import { type Answer, type Call, handler } from '../handler'
import { type KafkaFailure, kafkaFailure, storageFailure, unauthorized } from '../kafka-failure'
import type { Topic } from '../log/topics'
import { shareLag } from '../share/lag'

type DescribedGroup = NonNullable<ResponseInput<'DescribeShareGroupOffsets'>['groups']>[number]
type DescribedTopic = NonNullable<DescribedGroup['topics']>[number]
type DescribedPartition = NonNullable<DescribedTopic['partitions']>[number]

/** DescribeShareGroupOffsets 0-1 (KIP-932; lag by KIP-1226). Records in flight count as lag. */
export const describeShareGroupOffsets = handler({
  api: 'DescribeShareGroupOffsets',
  versions: [0, 1],
  handle: ({ groups }, call) => ({
    groups: groups.map(({ groupId, topics }): DescribedGroup => {
      const { core, client } = call
      const problem =
        core.features.level('share.version') === 0
          ? 'UNSUPPORTED_VERSION'
          : core.authorizer.allows(client, 'DESCRIBE', 'GROUP', groupId)
            ? undefined
            : 'GROUP_AUTHORIZATION_FAILED'
      if (problem) return { groupId, topics: [], errorCode: errorCode(problem), errorMessage: null }
      const wanted = topics ? merged(topics) : allTopics(groupId, call)
      return {
        groupId,
        topics: wanted.map((topic) => describedTopic(groupId, topic, call)),
        errorCode: 0,
        errorMessage: null,
      }
    }),
  }),
})

interface Wanted {
  readonly topicName: string
  readonly partitions: readonly number[]
}

/** Each topic once, and each of its partitions once. */
function merged(topics: readonly Wanted[]): Wanted[] {
  const numbers = new Map<string, Set<number>>()
  for (const { topicName, partitions } of topics) {
    numbers.set(topicName, new Set([...(numbers.get(topicName) ?? []), ...partitions]))
  }
  return [...numbers].map(([topicName, partitions]) => ({ topicName, partitions: [...partitions] }))
}

function allTopics(groupId: string, { core, client }: Call): Wanted[] {
  const numbers = new Map<string, number[]>()
  for (const { topicId, partition } of core.share.partitions.placesOf(groupId)) {
    const name = core.topics.byId(topicId)?.name
    if (!name || !core.authorizer.wouldAllow(client, 'DESCRIBE', 'TOPIC', name)) continue
    numbers.set(name, [...(numbers.get(name) ?? []), partition])
  }
  return [...numbers].map(([topicName, partitions]) => ({ topicName, partitions: partitions.sort((a, b) => a - b) }))
}

function describedTopic(groupId: string, { topicName, partitions }: Wanted, call: Call): DescribedTopic {
  const { core, client } = call
  const answer = (topicId: string, describe: (partition: number) => Partial<DescribedPartition>) => ({
    topicName,
    topicId,
    partitions: partitions.map((partitionIndex) => ({
      partitionIndex,
      startOffset: -1n,
      leaderEpoch: 0,
      errorCode: 0,
      errorMessage: null,
      ...describe(partitionIndex),
    })),
  })
  if (!core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', topicName)) {
    const { error, message } = unauthorized('TOPIC_AUTHORIZATION_FAILED')
    return answer(zeroUuid, () => ({ errorCode: errorCode(error), errorMessage: message }))
  }
  const topic = core.topics.find(topicName)
  // An unknown topic is no error here.
  if (!topic) return answer(zeroUuid, () => ({}))
  return answer(topic.id, (partition) => describedPartition(groupId, topic, partition, call))
}

function describedPartition(
  groupId: string,
  topic: Topic,
  partition: number,
  { core, version }: Call,
): Partial<DescribedPartition> {
  const value = core.share.partitions.value(groupId, topic.id, partition)
  const log = topic.partition(partition)
  if (!value || !log) return {}
  const { startOffset, lag } = shareLag(value, log)
  return { startOffset: BigInt(startOffset), ...(version >= 1 ? { lag: BigInt(lag) } : {}) }
}

/** AlterShareGroupOffsets 0: sets where an empty group goes on; a group that is unknown comes into being. */
export const alterShareGroupOffsets = handler({
  api: 'AlterShareGroupOffsets',
  versions: [0, 0],
  handle(request, call): Answer<'AlterShareGroupOffsets'> {
    const { core, client } = call
    const { groupId } = request
    const problem = alterProblem(groupId, call)
    if (problem) return { errorCode: errorCode(problem.error), errorMessage: problem.message, responses: [] }
    const altered: Record<string, number[]> = {}
    let isReached = false
    const topics = new Map<string, (typeof request.topics)[number]['partitions'][number][]>()
    for (const { topicName, partitions } of request.topics) {
      topics.set(topicName, [...(topics.get(topicName) ?? []), ...partitions])
    }
    const isThere = (name: string) => core.topics.find(name) !== undefined
    // Topics that are not there come first (GroupCoordinatorService.alterShareGroupOffsets).
    const inOrder = [...topics].sort((a, b) => Number(isThere(a[0])) - Number(isThere(b[0])))
    const responses = inOrder.map(([topicName, partitions]) => {
      const topic = core.topics.find(topicName)
      const isAllowed = core.authorizer.allows(client, 'READ', 'TOPIC', topicName)
      isReached ||= isAllowed
      return {
        topicName,
        topicId: topic?.id ?? zeroUuid,
        partitions: partitions.map(({ partitionIndex, startOffset }) => {
          const refused = !isAllowed
            ? unauthorized('TOPIC_AUTHORIZATION_FAILED')
            : topic?.partition(partitionIndex)
              ? undefined
              : described('UNKNOWN_TOPIC_OR_PARTITION')
          if (refused || !topic) return answerOf(partitionIndex, refused ?? kafkaFailure('UNKNOWN_TOPIC_OR_PARTITION'))
          if (startOffset < 0n || startOffset > BigInt(Number.MAX_SAFE_INTEGER)) {
            return answerOf(partitionIndex, kafkaFailure('INVALID_REQUEST', 'The start offset is out of range.'))
          }
          const epoch = core.groups.share(groupId)?.groupEpoch ?? 0
          core.share.partitions.initialize(groupId, topic.id, partitionIndex, epoch, Number(startOffset))
          ;(altered[topic.id] ??= []).push(partitionIndex)
          return answerOf(partitionIndex, kafkaFailure('NONE'))
        }),
      }
    })
    // A group that is not there begins with the first topic that its client may read, also when that topic is not there.
    if (Object.keys(altered).length > 0 || (isReached && !core.groups.find(groupId)))
      core.groups.shareChanged(groupId, { kind: 'offsetsAltered', partitions: altered })
    return { errorCode: 0, errorMessage: null, responses }
  },
  storageFailed: () => ({
    errorCode: errorCode(storageFailure.error),
    errorMessage: storageFailure.message,
    responses: [],
  }),
})

function answerOf(partitionIndex: number, { error, message }: KafkaFailure) {
  return { partitionIndex, errorCode: errorCode(error), errorMessage: message }
}

/** An error with Kafka's own sentence for it. */
function described(error: ErrorName): KafkaFailure {
  return kafkaFailure(error, errorMessage(error))
}

function alterProblem(groupId: string, { core, client }: Call): KafkaFailure | undefined {
  if (core.features.level('share.version') === 0) return described('UNSUPPORTED_VERSION')
  if (groupId === '') return described('INVALID_GROUP_ID')
  if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) return unauthorized('GROUP_AUTHORIZATION_FAILED')
  const known = core.groups.find(groupId)
  if (known && !core.groups.share(groupId))
    return kafkaFailure('GROUP_ID_NOT_FOUND', `Group ${groupId} is not a share group.`)
  return known && known.members.length > 0 ? kafkaFailure('NON_EMPTY_GROUP', 'The group is not empty.') : undefined
}

/** DeleteShareGroupOffsets 0: the next member starts such a topic again, where `share.auto.offset.reset` says. */
export const deleteShareGroupOffsets = handler({
  api: 'DeleteShareGroupOffsets',
  versions: [0, 0],
  handle(request, call): Answer<'DeleteShareGroupOffsets'> {
    const { core, client } = call
    const { groupId } = request
    const problem = deleteProblem(groupId, call)
    if (problem) return { errorCode: errorCode(problem.error), errorMessage: problem.message, responses: [] }
    const gone: string[] = []
    const responses = [...new Set(request.topics.map((wanted) => wanted.topicName))].map((topicName) => {
      const topic = core.topics.find(topicName)
      const answer = (topicId: string, { error, message }: KafkaFailure) => {
        return { topicName, topicId, errorCode: errorCode(error), errorMessage: message }
      }
      if (!core.authorizer.allows(client, 'READ', 'TOPIC', topicName)) {
        return answer(zeroUuid, unauthorized('TOPIC_AUTHORIZATION_FAILED'))
      }
      if (!topic) return answer(zeroUuid, described('UNKNOWN_TOPIC_OR_PARTITION'))
      if (!core.groups.share(groupId)?.initialized[topic.id]) {
        return answer(zeroUuid, kafkaFailure('UNKNOWN_TOPIC_OR_PARTITION', 'There is no offset information to delete.'))
      }
      core.share.partitions.delete(groupId, topic.id)
      gone.push(topic.id)
      return answer(topic.id, kafkaFailure('NONE'))
    })
    if (gone.length > 0) core.groups.shareChanged(groupId, { kind: 'offsetsDeleted', topicIds: gone })
    return { errorCode: 0, errorMessage: null, responses }
  },
  storageFailed: () => ({
    errorCode: errorCode(storageFailure.error),
    errorMessage: storageFailure.message,
    responses: [],
  }),
})

function deleteProblem(groupId: string, { core, client }: Call): KafkaFailure | undefined {
  if (core.features.level('share.version') === 0) return described('UNSUPPORTED_VERSION')
  if (groupId === '') return described('INVALID_GROUP_ID')
  if (!core.authorizer.allows(client, 'DELETE', 'GROUP', groupId)) return unauthorized('GROUP_AUTHORIZATION_FAILED')
  const known = core.groups.find(groupId)
  if (!known) return kafkaFailure('GROUP_ID_NOT_FOUND', `Group ${groupId} not found.`)
  if (!core.groups.share(groupId)) return kafkaFailure('GROUP_ID_NOT_FOUND', `Group ${groupId} is not a share group.`)
  return known.members.length > 0 ? kafkaFailure('NON_EMPTY_GROUP', 'The group is not empty.') : undefined
}
