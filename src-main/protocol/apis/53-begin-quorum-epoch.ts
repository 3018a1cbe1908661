import { api, array, int16, int32, string, uint16, uuid } from '../schema'

/**
 * BeginQuorumEpoch: what each version changed.
 *   1: request +voterId, +topics.partitions.voterDirectoryId, ...
 */
export const beginQuorumEpoch = api('BeginQuorumEpoch', {
  key: 53,
  versions: [0, 1],
  flexible: 1,
  request: {
    clusterId: string({ nullable: true, default: null }),
    voterId: int32({ since: 1, default: -1, ignorable: true }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        voterDirectoryId: uuid({ since: 1, ignorable: true }),
        leaderId: int32(),
        leaderEpoch: int32(),
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
