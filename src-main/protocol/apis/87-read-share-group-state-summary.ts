import { api, array, int16, int32, int64, string, uuid } from '../schema'

/**
 * ReadShareGroupStateSummary: what each version changed.
 *   0: (KIP-932)
 *   1: response +results.partitions.deliveryCompleteCount (KIP-1226)
 */
export const readShareGroupStateSummary = api('ReadShareGroupStateSummary', {
  key: 87,
  versions: [0, 1],
  flexible: 0,
  request: {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        leaderEpoch: int32(),
      }),
    }),
  },
  response: {
    results: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
        stateEpoch: int32(),
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32({ since: 1, default: -1, ignorable: true }),
      }),
    }),
  },
})
