import { type ClassicGroup, memberProblem } from './group'

export interface Committer {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly generationId: number
  readonly isTransactional: boolean
}

/** [C26] The error of a commit that is rejected (ClassicGroup.validateOffsetCommit). */
export function commitProblem(
  group: ClassicGroup,
  { memberId, groupInstanceId, generationId, isTransactional }: Committer,
): 'UNKNOWN_MEMBER_ID' | 'FENCED_INSTANCE_ID' | 'ILLEGAL_GENERATION' | 'REBALANCE_IN_PROGRESS' | undefined {
  // A simple consumer, or a tool, may commit while the group has no members.
  if (generationId < 0 && group.state === 'Empty') return undefined
  if (generationId >= 0 || memberId !== '' || groupInstanceId !== null) {
    const problem = memberProblem(group, memberId, groupInstanceId)
    if (problem) return problem
    if (generationId !== group.generationId) return 'ILLEGAL_GENERATION'
  } else if (!isTransactional && group.state !== 'Empty') return 'UNKNOWN_MEMBER_ID'
  return !isTransactional && group.state === 'CompletingRebalance' ? 'REBALANCE_IN_PROGRESS' : undefined
}
