import { api, array, bool, int16, int32, string, uuid } from '../schema'

/**
 * Metadata: what each version changed.
 *   1: response +brokers.rack, +controllerId, +topics.isInternal
 *   2: response +clusterId
 *   3: response +throttleTimeMs
 *   4: request +allowAutoTopicCreation
 *   5: response +topics.partitions.offlineReplicas
 *   7: response +topics.partitions.leaderEpoch
 *   8: request +includeClusterAuthorizedOperations, ...
 *   9: flexible
 *   10: request +topics.topicId; response +topics.topicId
 *   11: request -includeClusterAuthorizedOperations; response -clusterAuthorizedOperations (KIP-700)
 *   13: response +errorCode
 */
export const metadata = api('Metadata', {
  key: 3,
  versions: [0, 13],
  flexible: 9,
  request: {
    topics: array(
      {
        topicId: uuid({ since: 10, ignorable: true }),
        name: string({ nullable: { since: 10 } }),
      },
      { nullable: { since: 1 } },
    ),
    allowAutoTopicCreation: bool({ since: 4, default: true }),
    includeClusterAuthorizedOperations: bool({ since: 8, until: 10 }),
    includeTopicAuthorizedOperations: bool({ since: 8 }),
  },
  response: {
    throttleTimeMs: int32({ since: 3, ignorable: true }),
    brokers: array({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ since: 1, nullable: true, default: null, ignorable: true }),
    }),
    clusterId: string({ since: 2, nullable: true, default: null, ignorable: true }),
    controllerId: int32({ since: 1, default: -1, ignorable: true }),
    topics: array({
      errorCode: int16(),
      name: string({ nullable: { since: 12 } }),
      topicId: uuid({ since: 10, ignorable: true }),
      isInternal: bool({ since: 1, default: false, ignorable: true }),
      partitions: array({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32({ since: 7, default: -1, ignorable: true }),
        replicaNodes: array(int32()),
        isrNodes: array(int32()),
        offlineReplicas: array(int32(), { since: 5, ignorable: true }),
      }),
      topicAuthorizedOperations: int32({ since: 8, default: -2147483648 }),
    }),
    clusterAuthorizedOperations: int32({ since: 8, until: 10, default: -2147483648 }),
    errorCode: int16({ since: 13, ignorable: true }),
  },
})
