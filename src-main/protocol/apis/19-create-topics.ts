import { api, array, bool, int8, int16, int32, string, uuid } from '../schema'

/**
 * CreateTopics: what each version changed.
 *   1: request +validateOnly; response +topics.errorMessage
 *   2: response +throttleTimeMs
 *   4: (KIP-464)
 *   5: response +topics.topicConfigErrorCode, +topics.numPartitions, +topics.replicationFactor, ...
 *   6: (KIP-599)
 *   7: response +topics.topicId
 */
export const createTopics = api('CreateTopics', {
  key: 19,
  versions: [0, 7],
  flexible: 5,
  request: {
    topics: array({
      name: string(),
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: array({
        partitionIndex: int32(),
        brokerIds: array(int32()),
      }),
      configs: array({
        name: string(),
        value: string({ nullable: true }),
      }),
    }),
    timeoutMs: int32({ default: 60000 }),
    validateOnly: bool({ since: 1, default: false }),
  },
  response: {
    throttleTimeMs: int32({ since: 2, ignorable: true }),
    topics: array({
      name: string(),
      topicId: uuid({ since: 7, ignorable: true }),
      errorCode: int16(),
      errorMessage: string({ since: 1, nullable: true, ignorable: true }),
      topicConfigErrorCode: int16({ since: 5, ignorable: true, tag: { id: 0 } }),
      numPartitions: int32({ since: 5, default: -1, ignorable: true }),
      replicationFactor: int16({ since: 5, default: -1, ignorable: true }),
      configs: array(
        {
          name: string({ since: 5 }),
          value: string({ since: 5, nullable: true }),
          readOnly: bool({ since: 5 }),
          configSource: int8({ since: 5, default: -1, ignorable: true }),
          isSensitive: bool({ since: 5 }),
        },
        { since: 5, nullable: true, ignorable: true },
      ),
    }),
  },
})
