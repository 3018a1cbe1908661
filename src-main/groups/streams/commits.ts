import { type StreamsGroup, streamsMemberOf, taskKey } from './group'
import { inputsOf } from './topology'

/** A commit: its member and its partitions, by topic name. */
interface StreamsCommit {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly memberEpoch: number
  readonly isTransactional: boolean
  readonly apiVersion: number
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[]
}

/**
 * [G31] The error of a commit that is rejected (StreamsGroup.validateOffsetCommit). A commit with an older epoch is accepted for
 * partitions of active tasks that the member has had since then, those that it is to revoke included.
 */
export function streamsCommitProblem(group: StreamsGroup, by: StreamsCommit) {
  const { memberId, memberEpoch, isTransactional } = by
  if (memberEpoch < 0 && group.members.length === 0) return undefined
  if (isTransactional && memberEpoch === -1 && memberId === '' && by.groupInstanceId === null) return undefined
  const member = streamsMemberOf(group, memberId)
  if (!member) return 'UNKNOWN_MEMBER_ID' as const
  if (!isTransactional && by.apiVersion < 9) return 'UNSUPPORTED_VERSION' as const
  if (memberEpoch === member.memberEpoch) return undefined
  if (memberEpoch > member.memberEpoch) return 'STALE_MEMBER_EPOCH' as const
  const isStale = by.partitions.some(({ topic, partition }) => {
    const subtopology = group.topology?.subtopologies.find((each) => inputsOf(each).includes(topic))
    const since = subtopology && member.epochs[taskKey(subtopology.subtopologyId, partition)]
    return since === undefined || memberEpoch < since
  })
  return isStale ? ('STALE_MEMBER_EPOCH' as const) : undefined
}

/** [G31] The error of a member that may not read offsets (StreamsGroup.validateOffsetFetch). */
export function streamsFetchProblem(group: StreamsGroup, memberId: string | null, memberEpoch: number) {
  if (memberId === null && memberEpoch < 0) return undefined
  const member = streamsMemberOf(group, memberId ?? '')
  if (!member) return 'UNKNOWN_MEMBER_ID' as const
  return member.memberEpoch === memberEpoch ? undefined : ('STALE_MEMBER_EPOCH' as const)
}
