import { api, array, int16, int32, int64, records, string, struct, uuid } from '../schema'

/**
 * Produce: what each version changed.
 *   1: response +throttleTimeMs
 *   2: response +responses.partitionResponses.logAppendTimeMs
 *   3: request +transactionalId
 *   5: response +responses.partitionResponses.logStartOffset (KIP-110, KIP-467)
 *   8: response +responses.partitionResponses.recordErrors, +responses.partitionResponses.errorMessage (KIP-467)
 *   9: flexible
 *   10: response +responses.partitionResponses.currentLeader, +nodeEndpoints (KIP-951)
 *   11: (KIP-890)
 *   12: (KIP-890)
 *   13: request -topicData.name, +topicData.topicId; response -responses.name, +responses.topicId (KIP-516)
 */
export const produce = api('Produce', {
  key: 0,
  versions: [0, 13],
  flexible: 9,
  request: {
    transactionalId: string({ since: 3, nullable: true, default: null }),
    acks: int16(),
    timeoutMs: int32(),
    topicData: array({
      name: string({ until: 12, ignorable: true }),
      topicId: uuid({ since: 13, ignorable: true }),
      partitionData: array({
        index: int32(),
        records: records(),
      }),
    }),
  },
  response: {
    responses: array({
      name: string({ until: 12, ignorable: true }),
      topicId: uuid({ since: 13, ignorable: true }),
      partitionResponses: array({
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        logAppendTimeMs: int64({ since: 2, default: -1n, ignorable: true }),
        logStartOffset: int64({ since: 5, default: -1n, ignorable: true }),
        recordErrors: array(
          {
            batchIndex: int32({ since: 8 }),
            batchIndexErrorMessage: string({ since: 8, nullable: true, default: null }),
          },
          { since: 8, ignorable: true },
        ),
        errorMessage: string({ since: 8, nullable: true, default: null, ignorable: true }),
        currentLeader: struct(
          {
            leaderId: int32({ since: 10, default: -1 }),
            leaderEpoch: int32({ since: 10, default: -1 }),
          },
          { since: 10, tag: { id: 0 } },
        ),
      }),
    }),
    throttleTimeMs: int32({ since: 1, default: 0, ignorable: true }),
    nodeEndpoints: array(
      {
        nodeId: int32({ since: 10 }),
        host: string({ since: 10 }),
        port: int32({ since: 10 }),
        rack: string({ since: 10, nullable: true, default: null }),
      },
      { since: 10, tag: { id: 0 } },
    ),
  },
})
