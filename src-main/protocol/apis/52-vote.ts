import { api, array, bool, int16, int32, int64, string, uint16, uuid } from '../schema'

/**
 * Vote: what each version changed.
 *   1: request +voterId, +topics.partitions.replicaDirectoryId, ...
 *   2: request +topics.partitions.preVote
 */
export const vote = api('Vote', {
  key: 52,
  versions: [0, 2],
  flexible: 0,
  request: {
    clusterId: string({ nullable: true, default: null }),
    voterId: int32({ since: 1, default: -1, ignorable: true }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        replicaEpoch: int32(),
        replicaId: int32(),
        replicaDirectoryId: uuid({ since: 1, ignorable: true }),
        voterDirectoryId: uuid({ since: 1, ignorable: true }),
        lastOffsetEpoch: int32(),
        lastOffset: int64(),
        preVote: bool({ since: 2 }),
      }),
    }),
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
        voteGranted: bool(),
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
