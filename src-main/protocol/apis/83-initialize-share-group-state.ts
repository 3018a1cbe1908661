import { api, array, int16, int32, int64, string, uuid } from '../schema'

/** InitializeShareGroupState: one form in all versions. */
export const initializeShareGroupState = api('InitializeShareGroupState', {
  key: 83,
  versions: [0, 0],
  flexible: 0,
  request: {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        stateEpoch: int32(),
        startOffset: int64(),
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
