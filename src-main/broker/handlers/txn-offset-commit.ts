import { zeroUuid } from '../../base/uuid'
import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import type { CommittedOffset } from '../groups/offsets'
import { type Answer, handler } from '../handler'

const firstVersionOfTv2 = 5
const firstVersionOfTopicIds = 6
const firstVersionWithMember = 3

/** TxnOffsetCommit 0-6: offsets that count when the transaction commits. The member is checked as for OffsetCommit (KIP-447). */
export const txnOffsetCommit = handler({
  api: 'TxnOffsetCommit',
  versions: [0, 6],
  handle(request, call): Answer<'TxnOffsetCommit'> {
    const { core, client, version, at, failed } = call
    const { transactionalId, groupId, producerId } = request
    const problem = ((): ErrorName | undefined => {
      if (!core.authorizer.allows(client, 'WRITE', 'TRANSACTIONAL_ID', transactionalId)) {
        return 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'
      }
      if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) return 'GROUP_AUTHORIZATION_FAILED'
      const producer = { producerId: String(producerId), producerEpoch: request.producerEpoch }
      const mapping = core.transactions.problem(transactionalId, producer)
      if (mapping) return mapping === 'PRODUCER_FENCED' ? 'INVALID_PRODUCER_EPOCH' : mapping
      const member = core.groups.commitProblem(request, 9, true)
      // Old clients know neither of these (KafkaApis.convertTxnOffsetCommitErrors).
      return member === 'STALE_MEMBER_EPOCH' || member === 'GROUP_ID_NOT_FOUND' ? 'ILLEGAL_GENERATION' : member
    })()
    if (problem) {
      failed(problem, `offsets of transaction ${transactionalId}`)
      return allFail(request, version, problem)
    }
    const rows: CommittedOffset[] = []
    const topics = request.topics.map(({ name, topicId, partitions }) => {
      const topic = version >= firstVersionOfTopicIds ? core.topics.byId(topicId) : core.topics.find(name)
      const error: ErrorName =
        topic === undefined
          ? version >= firstVersionOfTopicIds
            ? 'UNKNOWN_TOPIC_ID'
            : 'UNKNOWN_TOPIC_OR_PARTITION'
          : core.authorizer.allows(client, 'READ', 'TOPIC', topic.name)
            ? 'NONE'
            : 'TOPIC_AUTHORIZATION_FAILED'
      return {
        name,
        topicId,
        partitions: partitions.map((wanted) => {
          const { partitionIndex } = wanted
          const isThere = topic !== undefined && partitionIndex >= 0 && partitionIndex < topic.partitionCount
          const outcome = error === 'NONE' && !isThere ? 'UNKNOWN_TOPIC_OR_PARTITION' : error
          if (outcome === 'NONE' && topic) {
            rows.push({
              topic: topic.name,
              partition: partitionIndex,
              offset: Number(wanted.committedOffset),
              leaderEpoch: wanted.committedLeaderEpoch,
              metadata: wanted.committedMetadata ?? '',
              committedAt: at,
              expiresAt: null,
            })
          }
          return { partitionIndex, errorCode: errorCode(outcome) }
        }),
      }
    })
    if (version >= firstVersionOfTv2) core.transactions.add(transactionalId, [core.groups.offsetsPartition(groupId)], 2)
    if (rows.length > 0) core.groups.offsets.addPending(groupId, producerId, rows)
    return {
      topics: version >= firstVersionOfTopicIds ? topics : topics.map(({ name, partitions }) => ({ name, partitions })),
    }
  },
  storageFailed: (request, { version }) => allFail(request, version, 'COORDINATOR_NOT_AVAILABLE'),
})

function allFail(request: RequestOf<'TxnOffsetCommit'>, version: number, error: ErrorName): Answer<'TxnOffsetCommit'> {
  // Before version 3 a client that is refused as a member would not understand why.
  const told = version < firstVersionWithMember && error === 'UNKNOWN_MEMBER_ID' ? 'ILLEGAL_GENERATION' : error
  return {
    topics: request.topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId: topicId ?? zeroUuid,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: errorCode(told) })),
    })),
  }
}
