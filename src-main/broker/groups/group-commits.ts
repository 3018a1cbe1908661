import { type Uuid, zeroUuid } from '../../base/uuid'
import { commitProblem } from '../../groups/classic/commit'
import { consumerCommitProblem, consumerFetchProblem, type Partitions } from '../../groups/consumer/group'
import { streamsCommitProblem, streamsFetchProblem } from '../../groups/streams/commits'
import type { Topics } from '../log/topics'
import type { GroupHost } from './group-host'

/** A topic of a commit: by name, or by id in versions that have ids. */
interface CommittedTopic {
  readonly name: string
  readonly topicId?: Uuid
  readonly partitions: readonly { readonly partitionIndex: number }[]
}

interface Commit {
  readonly groupId: string
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly generationIdOrMemberEpoch: number
  readonly topics: readonly CommittedTopic[]
  /** Of OffsetCommit; a commit in a transaction has the rules of version 9. */
  readonly version: number
  readonly isTransactional: boolean
}

/**
 * Takes a commit from a member, or from a client without one, before its offsets are stored
 * (OffsetMetadataManager.validateOffsetCommit): returns the error of a commit that is rejected. A member's commit counts as a heartbeat
 * in a classic group. A group that does not exist is made when offsets of a client without a member are stored.
 */
export function acceptCommit(groups: GroupHost, topics: Topics, commit: Commit) {
  const {
    groupId,
    memberId,
    groupInstanceId,
    generationIdOrMemberEpoch: generationId,
    version,
    isTransactional,
  } = commit
  if (groupId === '' && version >= 9) return 'INVALID_GROUP_ID' as const
  const group = groups.value(groupId)
  if (!group) {
    if (generationId < 0) return undefined
    return version >= 9 ? ('GROUP_ID_NOT_FOUND' as const) : ('ILLEGAL_GENERATION' as const)
  }
  if (group.type === 'consumer') {
    return consumerCommitProblem(group.value, {
      memberId,
      groupInstanceId,
      memberEpoch: generationId,
      isTransactional,
      apiVersion: version,
      partitions: partitionsOf(commit.topics, topics),
    })
  }
  if (group.type === 'streams') {
    return streamsCommitProblem(group.value, {
      memberId,
      groupInstanceId,
      memberEpoch: generationId,
      isTransactional,
      apiVersion: version,
      partitions: commit.topics.flatMap(({ name, topicId, partitions }) => {
        const topic = (topicId && topics.byId(topicId)?.name) || name
        return partitions.map(({ partitionIndex }) => ({ topic, partition: partitionIndex }))
      }),
    })
  }
  // Offsets of share groups are another thing: AlterShareGroupOffsets.
  if (group.type === 'share') return 'GROUP_ID_NOT_FOUND' as const
  const problem = commitProblem(group.value, { memberId, groupInstanceId, generationId, isTransactional })
  if (!problem && memberId !== '') groups.heard(groupId, memberId)
  return problem
}

/** The error of a member that may not read offsets (GroupMetadataManager.validateOffsetFetch); those of classic groups may. */
export function fetchProblem(groups: GroupHost, groupId: string, memberId: string | null, memberEpoch: number) {
  const group = groups.value(groupId)
  if (group?.type === 'consumer') return consumerFetchProblem(group.value, memberId, memberEpoch)
  return group?.type === 'streams' ? streamsFetchProblem(group.value, memberId, memberEpoch) : undefined
}

function partitionsOf(committed: readonly CommittedTopic[], topics: Topics): Partitions {
  return Object.fromEntries(
    committed.flatMap(({ name, topicId, partitions }) => {
      const id = topicId && topicId !== zeroUuid ? topicId : topics.find(name)?.id
      return id ? [[id, partitions.map(({ partitionIndex }) => partitionIndex)]] : []
    }),
  )
}
