import { api, array, int16, int32, string, uint16, uuid } from '../schema'

/**
 * EndQuorumEpoch: what each version changed.
 *   1: request -topics.partitions.preferredSuccessors, +topics.partitions.preferredCandidates, ...
 */
export const endQuorumEpoch = api('EndQuorumEpoch', {
  key: 54,
  versions: [0, 1],
  flexible: 1,
  request: {
    clusterId: string({ nullable: true, default: null }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32(),
        preferredSuccessors: array(int32(), { until: 0, ignorable: true }),
        preferredCandidates: array(
          {
            candidateId: int32({ since: 1 }),
            candidateDirectoryId: uuid({ since: 1 }),
          },
          { since: 1, ignorable: true },
        ),
      }),
    }),
    leaderEndpoints: array(
      {
        name: string({ since: 1 }),
        host: string({ since: 1 }),
        port: uint16({ since: 1 }),
      },
      { since: 1, ignorable: true },
    ),
  },
  response: {
    errorCode: int16(),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
      }),
    }),
    nodeEndpoints: array(
      {
        nodeId: int32({ since: 1 }),
        host: string({ since: 1 }),
        port: uint16({ since: 1 }),
      },
      { since: 1, tag: { id: 0 } },
    ),
  },
})
