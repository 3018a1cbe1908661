import type { ErrorName } from '../../protocol/errors'

/** One broker leads every partition from its first day, so the only epoch is 0. */
export const leaderEpoch = 0

/** The error for the leader epoch that a client knows (KIP-320, Partition.checkCurrentLeaderEpoch); -1 says that it knows none. */
export function leaderEpochProblem(currentLeaderEpoch: number): ErrorName | undefined {
  if (currentLeaderEpoch === -1 || currentLeaderEpoch === leaderEpoch) return undefined
  return currentLeaderEpoch > leaderEpoch ? 'UNKNOWN_LEADER_EPOCH' : 'FENCED_LEADER_EPOCH'
}
