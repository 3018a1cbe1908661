import type { Millis } from '../../base/clock'
import { int64 } from '../../base/int64'
import { zeroUuid } from '../../base/uuid'
import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { acceptCommit } from '../groups/group-commits'
import type { CommittedOffset } from '../groups/offsets'
import { type Answer, type Call, handler } from '../handler'

const firstVersionOfTopicIds = 10

/**
 * OffsetCommit 0-10 (KafkaApis.handleOffsetCommitRequest, OffsetMetadataManager.commitOffset). Members are checked in
 * groups/group-commits.ts: groups/classic/SPEC.md [C26], groups/consumer/SPEC.md [K20],
 * groups/streams/SPEC.md [G31].
 */
export const offsetCommit = handler({
  api: 'OffsetCommit',
  versions: [0, 10],
  handle(request, call): Answer<'OffsetCommit'> {
    const { core, client } = call
    if (!core.authorizer.allows(client, 'READ', 'GROUP', request.groupId)) {
      return allFail(request, 'GROUP_AUTHORIZATION_FAILED')
    }
    const known = request.topics.map((wanted) => knownTopic(wanted, call))
    // The coordinator is asked about partitions that exist, and not at all when there is none: such a commit makes no group.
    const isAsked = known.some(({ problems }) => problems.includes(undefined))
    const problem = isAsked
      ? acceptCommit(core.groups, core.topics, { ...request, version: call.version, isTransactional: false })
      : undefined
    if (problem) call.failed(problem, `offset commit of group ${request.groupId}`)
    const rows: CommittedOffset[] = []
    const limit = core.configs.brokerNumber('offset.metadata.max.bytes')
    const topics = request.topics.map(({ name, topicId, partitions }, i) => {
      const { topicName = name, problems = [] } = known[i] ?? {}
      return {
        name,
        topicId,
        partitions: partitions.map((wanted, j) => {
          const isTooLarge = (wanted.committedMetadata ?? '').length > limit
          const error = problems[j] ?? problem ?? (isTooLarge ? 'OFFSET_METADATA_TOO_LARGE' : undefined)
          if (error === undefined) rows.push(rowOf(topicName, wanted, request.retentionTimeMs, call))
          return { partitionIndex: wanted.partitionIndex, errorCode: errorCode(error ?? 'NONE') }
        }),
      }
    })
    if (rows.length > 0) core.groups.commitOffsets(request.groupId, rows)
    return { topics }
  },
  storageFailed: (request) => allFail(request, 'COORDINATOR_NOT_AVAILABLE'),
})

/** The name of a topic of the request, and the error of each partition that is unknown or may not be read. */
function knownTopic(
  { name, topicId, partitions }: RequestOf<'OffsetCommit'>['topics'][number],
  { core, client, version }: Call,
): { readonly topicName: string; readonly problems: readonly (ErrorName | undefined)[] } {
  const isById = version >= firstVersionOfTopicIds
  const topic = isById ? core.topics.byId(topicId) : core.topics.find(name)
  const topicName = topic?.name ?? name
  const all = (error: ErrorName) => ({ topicName, problems: partitions.map(() => error) })
  if (isById && !topic) return all('UNKNOWN_TOPIC_ID')
  if (!core.authorizer.allows(client, 'READ', 'TOPIC', topicName)) return all('TOPIC_AUTHORIZATION_FAILED')
  const missing: ErrorName = isById ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION'
  const problems = partitions.map(({ partitionIndex }) => (topic?.partition(partitionIndex) ? undefined : missing))
  return { topicName, problems }
}

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
  const committedAt = wanted.commitTimestamp >= 0n ? timeOf(wanted.commitTimestamp) : at
  return {
    topic,
    partition: wanted.partitionIndex,
    offset: int64(wanted.committedOffset),
    leaderEpoch: wanted.committedLeaderEpoch,
    metadata: wanted.committedMetadata ?? '',
    committedAt,
    expiresAt: retentionTimeMs >= 0n ? timeOf(BigInt(committedAt) + retentionTimeMs) : null,
  }
}

/** A time beyond all calendars is the last one that a number holds. */
function timeOf(ms: bigint): Millis {
  return Number(ms < BigInt(Number.MAX_SAFE_INTEGER) ? ms : BigInt(Number.MAX_SAFE_INTEGER))
}
