import { groupByTopic } from '../../base/topic-partition'
import { zeroUuid } from '../../base/uuid'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { fetchProblem } from '../groups/group-commits'
import { type Answer, type Call, handler } from '../handler'

interface GroupQuery {
  readonly groupId: string
  readonly memberId: string | null
  readonly memberEpoch: number
  readonly topics:
    | readonly { readonly name: string; readonly topicId?: string; readonly partitionIndexes: readonly number[] }[]
    | null
}

interface PartitionOffset {
  readonly partitionIndex: number
  readonly committedOffset: bigint
  readonly committedLeaderEpoch: number
  readonly metadata: string
  readonly errorCode: number
}

interface GroupAnswer {
  readonly groupId: string
  readonly topics: readonly {
    readonly name: string
    readonly topicId: string
    readonly partitions: PartitionOffset[]
  }[]
  readonly errorCode: number
}

const firstVersionOfGroups = 8
const firstVersionOfTopicIds = 10
const firstVersionOfGroupError = 2

/** OffsetFetch 0-10 (KafkaApis.handleOffsetFetchRequest, OffsetMetadataManager.fetchOffsets). Members are checked: groups/consumer/SPEC.md [K21]. */
export const offsetFetch = handler({
  api: 'OffsetFetch',
  versions: [0, 10],
  handle(request, call): Answer<'OffsetFetch'> {
    if (call.version >= firstVersionOfGroups) {
      return { groups: request.groups.map((query) => answer(query, request.requireStable, call)) }
    }
    const query = { groupId: request.groupId, memberId: null, memberEpoch: -1, topics: request.topics }
    const { topics, errorCode: code } = answer(query, request.requireStable, call)
    const oldTopics =
      code === 0 || call.version >= firstVersionOfGroupError
        ? topics
        : (request.topics ?? []).map(({ name, partitionIndexes }) => ({
            name,
            partitions: partitionIndexes.map((partition) => none(partition, code)),
          }))
    return {
      topics: oldTopics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ committedLeaderEpoch, ...partition }) => ({
          ...partition,
          ...(call.version >= 5 ? { committedLeaderEpoch } : {}),
        })),
      })),
      ...(call.version >= firstVersionOfGroupError ? { errorCode: code } : {}),
    }
  },
})

function answer(query: GroupQuery, requireStable: boolean, call: Call): GroupAnswer {
  const { core, client } = call
  const { groupId } = query
  const problem: ErrorName | undefined = core.authorizer.allows(client, 'DESCRIBE', 'GROUP', groupId)
    ? fetchProblem(core.groups, groupId, query.memberId, query.memberEpoch)
    : 'GROUP_AUTHORIZATION_FAILED'
  if (problem) return { groupId, topics: [], errorCode: errorCode(problem) }
  return {
    groupId,
    errorCode: 0,
    topics:
      query.topics === null
        ? everything(groupId, requireStable, call)
        : asked(groupId, query.topics, requireStable, call),
  }
}

function asked(
  groupId: string,
  topics: NonNullable<GroupQuery['topics']>,
  requireStable: boolean,
  { core, client, version }: Call,
): GroupAnswer['topics'] {
  return topics.map(({ name, topicId = zeroUuid, partitionIndexes }) => {
    const topic = version >= firstVersionOfTopicIds ? core.topics.byId(topicId)?.name : name
    const error: ErrorName | undefined =
      topic === undefined
        ? 'UNKNOWN_TOPIC_ID'
        : core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', topic)
          ? undefined
          : 'TOPIC_AUTHORIZATION_FAILED'
    return {
      name,
      topicId,
      partitions: partitionIndexes.map((partition) =>
        error || topic === undefined
          ? none(partition, errorCode(error ?? 'UNKNOWN_TOPIC_ID'))
          : position(groupId, topic, partition, requireStable, core),
      ),
    }
  })
}

function everything(groupId: string, requireStable: boolean, { core, client, version }: Call): GroupAnswer['topics'] {
  return [...groupByTopic(core.groups.offsets.of(groupId))].flatMap(([name, places]) => {
    if (!core.authorizer.wouldAllow(client, 'DESCRIBE', 'TOPIC', name)) return []
    const partitions = places.map(({ partition }) => position(groupId, name, partition, requireStable, core))
    const topicId = core.topics.find(name)?.id
    // With topic ids, what has none any more cannot be told.
    if (version >= firstVersionOfTopicIds && topicId === undefined) return []
    return [{ name, topicId: topicId ?? zeroUuid, partitions }]
  })
}

function position(
  groupId: string,
  topic: string,
  partition: number,
  requireStable: boolean,
  core: Call['core'],
): PartitionOffset {
  const { offsets } = core.groups
  if (requireStable && offsets.isPending(groupId, topic, partition)) {
    return none(partition, errorCode('UNSTABLE_OFFSET_COMMIT'))
  }
  const committed = offsets.get(groupId, topic, partition)
  if (!committed) return none(partition, 0)
  return {
    partitionIndex: partition,
    committedOffset: BigInt(committed.offset),
    committedLeaderEpoch: committed.leaderEpoch,
    metadata: committed.metadata,
    errorCode: 0,
  }
}

function none(partitionIndex: number, code: number): PartitionOffset {
  return { partitionIndex, committedOffset: -1n, committedLeaderEpoch: -1, metadata: '', errorCode: code }
}
