import { api, array, int16, int32, string, uuid } from '../schema'

/** DeleteShareGroupOffsets: one form in all versions. */
export const deleteShareGroupOffsets = api('DeleteShareGroupOffsets', {
  key: 92,
  versions: [0, 0],
  flexible: 0,
  request: {
    groupId: string(),
    topics: array({
      topicName: string(),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    responses: array({
      topicName: string(),
      topicId: uuid(),
      errorCode: int16(),
      errorMessage: string({ nullable: true, default: null }),
    }),
  },
})
