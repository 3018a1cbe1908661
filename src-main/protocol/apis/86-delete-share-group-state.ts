import { api, array, int16, int32, string, uuid } from '../schema'

/** DeleteShareGroupState: one form in all versions. */
export const deleteShareGroupState = api('DeleteShareGroupState', {
  key: 86,
  versions: [0, 0],
  flexible: 0,
  request: {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
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
