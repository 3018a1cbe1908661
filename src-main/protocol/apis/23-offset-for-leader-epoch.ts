import { api, array, int16, int32, int64, string } from '../schema'

/**
 * OffsetForLeaderEpoch: what each version changed.
 *   1: response +topics.partitions.leaderEpoch
 *   2: request +topics.partitions.currentLeaderEpoch; response +throttleTimeMs
 *   3: request +replicaId
 *   4: flexible
 */
export const offsetForLeaderEpoch = api('OffsetForLeaderEpoch', {
  key: 23,
  versions: [0, 4],
  flexible: 4,
  request: {
    replicaId: int32({ since: 3, default: -2, ignorable: true }),
    topics: array({
      topic: string(),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32({ since: 2, default: -1, ignorable: true }),
        leaderEpoch: int32(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ since: 2, ignorable: true }),
    topics: array({
      topic: string(),
      partitions: array({
        errorCode: int16(),
        partition: int32(),
        leaderEpoch: int32({ since: 1, default: -1, ignorable: true }),
        endOffset: int64({ default: -1n }),
      }),
    }),
  },
})
