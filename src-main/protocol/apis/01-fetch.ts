import { api, array, int8, int16, int32, int64, records, string, struct, uuid } from '../schema'

/**
 * Fetch: what each version changed.
 *   1: response +throttleTimeMs
 *   3: request +maxBytes
 *   4: request +isolationLevel; response +responses.partitions.lastStableOffset, ...
 *   5: request +topics.partitions.logStartOffset; response +responses.partitions.logStartOffset
 *   7: request +sessionId, +sessionEpoch, +forgottenTopicsData; response +errorCode, +sessionId
 *   9: request +topics.partitions.currentLeaderEpoch (KIP-320)
 *   10: (KIP-110)
 *   11: request +rackId; response +responses.partitions.preferredReadReplica
 *   12: request +clusterId, +topics.partitions.lastFetchedEpoch; response +responses.partitions.divergingEpoch, ...
 *   13: request -topics.topic, +topics.topicId, -forgottenTopicsData.topic, ...
 *   14: (KIP-405)
 *   15: request -replicaId, +replicaState (KIP-903)
 *   16: response +nodeEndpoints (KIP-951)
 *   17: request +topics.partitions.replicaDirectoryId (KIP-853)
 *   18: request +topics.partitions.highWatermark (KIP-1166)
 */
export const fetch = api('Fetch', {
  key: 1,
  versions: [0, 18],
  flexible: 12,
  request: {
    clusterId: string({ since: 12, nullable: true, default: null, ignorable: true, tag: { id: 0 } }),
    replicaId: int32({ until: 14, default: -1 }),
    replicaState: struct(
      {
        replicaId: int32({ since: 15, default: -1 }),
        replicaEpoch: int64({ since: 15, default: -1n }),
      },
      { since: 15, tag: { id: 1 } },
    ),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ since: 3, default: 2147483647, ignorable: true }),
    isolationLevel: int8({ since: 4, default: 0, ignorable: true }),
    sessionId: int32({ since: 7, default: 0, ignorable: true }),
    sessionEpoch: int32({ since: 7, default: -1, ignorable: true }),
    topics: array({
      topic: string({ until: 12, ignorable: true }),
      topicId: uuid({ since: 13, ignorable: true }),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32({ since: 9, default: -1, ignorable: true }),
        fetchOffset: int64(),
        lastFetchedEpoch: int32({ since: 12, default: -1 }),
        logStartOffset: int64({ since: 5, default: -1n, ignorable: true }),
        partitionMaxBytes: int32(),
        replicaDirectoryId: uuid({ since: 17, ignorable: true, tag: { id: 0 } }),
        highWatermark: int64({ since: 18, default: 9223372036854775807n, ignorable: true, tag: { id: 1 } }),
      }),
    }),
    forgottenTopicsData: array(
      {
        topic: string({ since: 7, until: 12, ignorable: true }),
        topicId: uuid({ since: 13, ignorable: true }),
        partitions: array(int32(), { since: 7 }),
      },
      { since: 7 },
    ),
    rackId: string({ since: 11, default: '', ignorable: true }),
  },
  response: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16({ since: 7, ignorable: true }),
    sessionId: int32({ since: 7, default: 0 }),
    responses: array({
      topic: string({ until: 12, ignorable: true }),
      topicId: uuid({ since: 13, ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        highWatermark: int64(),
        lastStableOffset: int64({ since: 4, default: -1n, ignorable: true }),
        logStartOffset: int64({ since: 5, default: -1n, ignorable: true }),
        divergingEpoch: struct(
          {
            epoch: int32({ since: 12, default: -1 }),
            endOffset: int64({ since: 12, default: -1n }),
          },
          { since: 12, tag: { id: 0 } },
        ),
        currentLeader: struct(
          {
            leaderId: int32({ since: 12, default: -1 }),
            leaderEpoch: int32({ since: 12, default: -1 }),
          },
          { since: 12, tag: { id: 1 } },
        ),
        snapshotId: struct(
          {
            endOffset: int64({ default: -1n }),
            epoch: int32({ default: -1 }),
          },
          { since: 12, tag: { id: 2 } },
        ),
        abortedTransactions: array(
          {
            producerId: int64({ since: 4 }),
            firstOffset: int64({ since: 4 }),
          },
          { since: 4, nullable: true, ignorable: true },
        ),
        preferredReadReplica: int32({ since: 11, default: -1 }),
        records: records(),
      }),
    }),
    nodeEndpoints: array(
      {
        nodeId: int32({ since: 16 }),
        host: string({ since: 16 }),
        port: int32({ since: 16 }),
        rack: string({ since: 16, nullable: true, default: null }),
      },
      { since: 16, tag: { id: 0 } },
    ),
  },
})
