import { api, array, int16, int32, int64, string, uuid } from '../schema'

/**
 * OffsetCommit: what each version changed.
 *   1: request +generationIdOrMemberEpoch, +memberId, +topics.partitions.commitTimestamp
 *   2: request +retentionTimeMs, -topics.partitions.commitTimestamp
 *   3: response +throttleTimeMs
 *   5: request -retentionTimeMs
 *   6: request +topics.partitions.committedLeaderEpoch
 *   7: request +groupInstanceId
 *   8: flexible
 *   9: (KIP-848)
 *   10: request -topics.name, +topics.topicId; response -topics.name, +topics.topicId (KIP-848)
 */
export const offsetCommit = api('OffsetCommit', {
  key: 8,
  versions: [0, 10],
  flexible: 8,
  request: {
    groupId: string(),
    generationIdOrMemberEpoch: int32({ since: 1, default: -1, ignorable: true }),
    memberId: string({ since: 1, ignorable: true }),
    groupInstanceId: string({ since: 7, nullable: true, default: null }),
    retentionTimeMs: int64({ since: 2, until: 4, default: -1n, ignorable: true }),
    topics: array({
      name: string({ until: 9, ignorable: true }),
      topicId: uuid({ since: 10, ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ since: 6, default: -1, ignorable: true }),
        commitTimestamp: int64({ since: 1, until: 1, default: -1n }),
        committedMetadata: string({ nullable: true }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ since: 3, ignorable: true }),
    topics: array({
      name: string({ until: 9, ignorable: true }),
      topicId: uuid({ since: 10, ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
})
