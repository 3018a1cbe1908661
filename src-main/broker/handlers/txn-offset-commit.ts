import { int64 } from '../../base/int64'
import { zeroUuid } from '../../base/uuid'
import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { acceptCommit } from '../groups/group-commits'
import type { CommittedOffset } from '../groups/offsets'
import { type Answer, type Call, handler } from '../handler'

const firstVersionWithAbortable = 4
const firstVersionOfTv2 = 5
const firstVersionOfTopicIds = 6

type Wanted = RequestOf<'TxnOffsetCommit'>['topics'][number]

/**
 * TxnOffsetCommit 0-6: offsets that are committed with their transaction (KafkaApis.handleTxnOffsetCommitRequest). The member is checked
 * as for OffsetCommit (KIP-447; groups/classic/SPEC.md [C26], groups/consumer/SPEC.md [K20]), and the transaction as for a batch of it
 * (KIP-890).
 */
export const txnOffsetCommit = handler({
  api: 'TxnOffsetCommit',
  versions: [0, 6],
  handle(request, call): Answer<'TxnOffsetCommit'> {
    const { core, client, version, failed } = call
    const { transactionalId, groupId, producerId } = request
    if (!core.authorizer.allows(client, 'WRITE', 'TRANSACTIONAL_ID', transactionalId)) {
      return allFail(request, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
    }
    if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) return allFail(request, 'GROUP_AUTHORIZATION_FAILED')
    const places = request.topics.map((wanted) => placesOf(wanted, call))
    // The coordinator is asked about partitions that exist, and not at all when there is none.
    const isAsked = places.some(({ problems }) => problems.includes(undefined))
    const problem = isAsked ? coordinatorProblem(request, call) : undefined
    if (problem) failed(problem, `offsets of transaction ${transactionalId}`)
    const rows: CommittedOffset[] = []
    const topics = request.topics.map(({ name, topicId, partitions }, i) => {
      const { topic, problems } = places[i]!
      return {
        name,
        topicId,
        partitions: partitions.map((wanted, j) => {
          const error = problems[j] ?? problem ?? metadataProblem(wanted.committedMetadata, call)
          if (error === undefined) rows.push(rowOf(topic, wanted, call))
          return { partitionIndex: wanted.partitionIndex, errorCode: errorCode(error ?? 'NONE') }
        }),
      }
    })
    if (rows.length > 0) core.groups.commitPendingOffsets(groupId, producerId, rows)
    return {
      topics: version >= firstVersionOfTopicIds ? topics : topics.map(({ name, partitions }) => ({ name, partitions })),
    }
  },
  storageFailed: (request) => allFail(request, 'COORDINATOR_NOT_AVAILABLE'),
})

/** The name of a topic, and the error of each partition that is unknown or may not be read. */
function placesOf(
  { name, topicId, partitions }: Wanted,
  { core, client, version }: Call,
): { readonly topic: string; readonly problems: readonly (ErrorName | undefined)[] } {
  const byId = version >= firstVersionOfTopicIds
  const topic = byId ? core.topics.byId(topicId) : core.topics.find(name)
  const called = topic?.name ?? name
  const problems = partitions.map(({ partitionIndex }): ErrorName | undefined => {
    if (byId && !topic) return 'UNKNOWN_TOPIC_ID'
    if (!core.authorizer.allows(client, 'READ', 'TOPIC', called)) return 'TOPIC_AUTHORIZATION_FAILED'
    const isThere = topic !== undefined && partitionIndex >= 0 && partitionIndex < topic.partitionCount
    return isThere ? undefined : 'UNKNOWN_TOPIC_OR_PARTITION'
  })
  return { topic: called, problems }
}

/** The error with which the coordinator rejects all offsets (GroupCoordinatorService.commitTransactionalOffsets). */
function coordinatorProblem(request: RequestOf<'TxnOffsetCommit'>, { core, version }: Call): ErrorName | undefined {
  const { transactionalId, groupId, producerId, producerEpoch } = request
  if (groupId === '') return 'INVALID_GROUP_ID'
  if (transactionalId === '') return 'INVALID_REQUEST'
  const { transactions, groups } = core
  const mapping = transactions.problem(transactionalId, { producerId: String(producerId), producerEpoch })
  if (mapping) return mapping === 'PRODUCER_FENCED' ? 'INVALID_PRODUCER_EPOCH' : mapping
  const offsetsPartition = groups.settings.offsetsPartition(groupId)
  if (version >= firstVersionOfTv2) transactions.add(transactionalId, [offsetsPartition], 2)
  else if (core.configs.brokerFlag('transaction.partition.verification.enable')) {
    const problem = transactions.verify(transactionalId, offsetsPartition)
    if (problem) return version >= firstVersionWithAbortable ? problem : 'INVALID_TXN_STATE'
  }
  const member = acceptCommit(groups, core.topics, { ...request, version: 9, isTransactional: true })
  const isNew = member === 'STALE_MEMBER_EPOCH' || member === 'GROUP_ID_NOT_FOUND'
  return isNew && version < firstVersionOfTopicIds ? 'ILLEGAL_GENERATION' : member
}

function metadataProblem(metadata: string | null, { core }: Call): ErrorName | undefined {
  const isTooLarge = (metadata ?? '').length > core.configs.brokerNumber('offset.metadata.max.bytes')
  return isTooLarge ? 'OFFSET_METADATA_TOO_LARGE' : undefined
}

function rowOf(topic: string, wanted: Wanted['partitions'][number], { at }: Call): CommittedOffset {
  return {
    topic,
    partition: wanted.partitionIndex,
    offset: int64(wanted.committedOffset),
    leaderEpoch: wanted.committedLeaderEpoch,
    metadata: wanted.committedMetadata ?? '',
    committedAt: at,
    expiresAt: null,
  }
}

function allFail(request: RequestOf<'TxnOffsetCommit'>, error: ErrorName): Answer<'TxnOffsetCommit'> {
  return {
    topics: request.topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId: topicId ?? zeroUuid,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: errorCode(error) })),
    })),
  }
}
