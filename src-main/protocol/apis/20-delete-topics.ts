import { api, array, int16, int32, string, uuid } from '../schema'

/**
 * DeleteTopics: what each version changed.
 *   1: response +throttleTimeMs
 *   4: flexible
 *   5: response +responses.errorMessage (KIP-599)
 *   6: request +topics, -topicNames; response +responses.topicId
 */
export const deleteTopics = api('DeleteTopics', {
  key: 20,
  versions: [0, 6],
  flexible: 4,
  request: {
    topics: array(
      {
        name: string({ since: 6, nullable: true, default: null }),
        topicId: uuid({ since: 6 }),
      },
      { since: 6 },
    ),
    topicNames: array(string(), { until: 5, ignorable: true }),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    responses: array({
      name: string({ nullable: { since: 6 } }),
      topicId: uuid({ since: 6, ignorable: true }),
      errorCode: int16(),
      errorMessage: string({ since: 5, nullable: true, default: null, ignorable: true }),
    }),
  },
})
