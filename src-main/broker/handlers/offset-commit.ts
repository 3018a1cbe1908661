import { zeroUuid } from '../../base/uuid'
import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { acceptCommit } from '../groups/group-commits'
import type { CommittedOffset } from '../groups/offsets'
import { type Answer, type Call, handler } from '../handler'

/** OffsetCommit 0-10 (KafkaApis.handleOffsetCommitRequest, OffsetMetadataManager.commitOffset). */
export const offsetCommit = handler({
  api: 'OffsetCommit',
  versions: [0, 10],
  handle(request, call): Answer<'OffsetCommit'> {
    const { core, client } = call
    if (!core.authorizer.allows(client, 'READ', 'GROUP', request.groupId)) {
      return allFail(request, 'GROUP_AUTHORIZATION_FAILED')
    }
    const problem = acceptCommit(core.groups, core.topics, {
      ...request,
      version: call.version,
      isTransactional: false,
    })
    if (problem) {
      call.failed(problem, `offset commit of group ${request.groupId}`)
      return allFail(request, problem)
    }
    const rows: CommittedOffset[] = []
    const topics = request.topics.map(({ name, topicId, partitions }) => {
      const topic = call.version >= 10 ? core.topics.byId(topicId) : core.topics.find(name)
      const missing: ErrorName = call.version >= 10 ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION'
      const topicName = topic?.name ?? name
      const mayRead = core.authorizer.allows(client, 'READ', 'TOPIC', topicName)
      return {
        name,
        topicId,
        partitions: partitions.map((wanted) => {
          const { partitionIndex } = wanted
          const error = ((): ErrorName | undefined => {
            if (!topic && call.version >= 10) return missing
            if (!mayRead) return 'TOPIC_AUTHORIZATION_FAILED'
            if (!topic || partitionIndex < 0 || partitionIndex >= topic.partitionCount) return missing
            const metadata = wanted.committedMetadata ?? ''
            const limit = core.configs.brokerNumber('offset.metadata.max.bytes')
            return metadata.length > limit ? 'OFFSET_METADATA_TOO_LARGE' : undefined
          })()
          if (error === undefined) rows.push(rowOf(topicName, wanted, request.retentionTimeMs, call))
          return { partitionIndex, errorCode: errorCode(error ?? 'NONE') }
        }),
      }
    })
    if (rows.length > 0) core.groups.commitOffsets(request.groupId, rows)
    return { topics }
  },
  storageFailed: (request) => allFail(request, 'COORDINATOR_NOT_AVAILABLE'),
})

function allFail(request: RequestOf<'OffsetCommit'>, error: ErrorName): Answer<'OffsetCommit'> {
  return {
    topics: request.topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId: topicId ?? zeroUuid,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: errorCode(error) })),
    })),
  }
}

function rowOf(
  topic: string,
  wanted: RequestOf<'OffsetCommit'>['topics'][number]['partitions'][number],
  retentionTimeMs: bigint,
  { at }: Call,
): CommittedOffset {
  const committedAt = wanted.commitTimestamp >= 0n ? Number(wanted.commitTimestamp) : at
  return {
    topic,
    partition: wanted.partitionIndex,
    offset: Number(wanted.committedOffset),
    leaderEpoch: wanted.committedLeaderEpoch,
    metadata: wanted.committedMetadata ?? '',
    committedAt,
    expiresAt: retentionTimeMs >= 0n ? committedAt + Number(retentionTimeMs) : null,
  }
}
