import { api, array, int16, int32, int64, string, uuid } from '../schema'

/**
 * TxnOffsetCommit: what each version changed.
 *   2: request +topics.partitions.committedLeaderEpoch
 *   3: request +generationIdOrMemberEpoch, +memberId, +groupInstanceId; flexible
 *   4: (KIP-890)
 *   5: (KIP-890)
 *   6: request -topics.name, +topics.topicId; response -topics.name, +topics.topicId (KIP-1319)
 */
export const txnOffsetCommit = api('TxnOffsetCommit', {
  key: 28,
  versions: [0, 6],
  flexible: 3,
  request: {
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    generationIdOrMemberEpoch: int32({ since: 3, default: -1 }),
    memberId: string({ since: 3, default: '' }),
    groupInstanceId: string({ since: 3, nullable: true, default: null }),
    topics: array({
      name: string({ until: 5, ignorable: true }),
      topicId: uuid({ since: 6, ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ since: 2, default: -1, ignorable: true }),
        committedMetadata: string({ nullable: true }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    topics: array({
      name: string({ until: 5, ignorable: true }),
      topicId: uuid({ since: 6, ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
})
