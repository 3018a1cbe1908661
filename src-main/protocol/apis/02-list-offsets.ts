import { api, array, int8, int16, int32, int64, string } from '../schema'

/**
 * ListOffsets: what each version changed.
 *   1: request -topics.partitions.maxNumOffsets; response -topics.partitions.oldStyleOffsets, ...
 *   2: request +isolationLevel; response +throttleTimeMs
 *   4: request +topics.partitions.currentLeaderEpoch; response +topics.partitions.leaderEpoch
 *   6: flexible
 *   7: (KIP-734)
 *   8: (KIP-405)
 *   9: (KIP-1005)
 *   10: request +timeoutMs (KIP-1075)
 *   11: (KIP-1023)
 */
export const listOffsets = api('ListOffsets', {
  key: 2,
  versions: [0, 11],
  flexible: 6,
  request: {
    replicaId: int32(),
    isolationLevel: int8({ since: 2 }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        currentLeaderEpoch: int32({ since: 4, default: -1, ignorable: true }),
        timestamp: int64(),
        maxNumOffsets: int32({ until: 0, default: 1 }),
      }),
    }),
    timeoutMs: int32({ since: 10, ignorable: true }),
  },
  response: {
    throttleTimeMs: int32({ since: 2, ignorable: true }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        oldStyleOffsets: array(int64(), { until: 0 }),
        timestamp: int64({ since: 1, default: -1n }),
        offset: int64({ since: 1, default: -1n }),
        leaderEpoch: int32({ since: 4, default: -1 }),
      }),
    }),
  },
})
