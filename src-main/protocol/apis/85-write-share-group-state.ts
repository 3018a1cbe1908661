import { api, array, int8, int16, int32, int64, string, uuid } from '../schema'

/**
 * WriteShareGroupState: what each version changed.
 *   0: (KIP-932)
 *   1: request +topics.partitions.deliveryCompleteCount (KIP-1226)
 */
export const writeShareGroupState = api('WriteShareGroupState', {
  key: 85,
  versions: [0, 1],
  flexible: 0,
  request: {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        stateEpoch: int32(),
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32({ since: 1, default: -1, ignorable: true }),
        stateBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
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
      }),
    }),
  },
})
