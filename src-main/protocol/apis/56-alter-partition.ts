import { api, array, int8, int16, int32, int64, string, uuid } from '../schema'

/**
 * AlterPartition: what each version changed.
 *   1: request +topics.partitions.leaderRecoveryState; response +topics.partitions.leaderRecoveryState (KIP-704)
 *   2: request -topics.topicName, +topics.topicId; response -topics.topicName, +topics.topicId (KIP-841)
 *   3: request -topics.partitions.newIsr, +topics.partitions.newIsrWithEpochs (KIP-903)
 */
export const alterPartition = api('AlterPartition', {
  key: 56,
  versions: [0, 3],
  flexible: 0,
  request: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
    topics: array({
      topicName: string({ until: 1, ignorable: true }),
      topicId: uuid({ since: 2, ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        leaderEpoch: int32(),
        newIsr: array(int32(), { until: 2 }),
        newIsrWithEpochs: array(
          {
            brokerId: int32({ since: 3 }),
            brokerEpoch: int64({ since: 3, default: -1n }),
          },
          { since: 3 },
        ),
        leaderRecoveryState: int8({ since: 1, default: 0 }),
        partitionEpoch: int32(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    topics: array({
      topicName: string({ until: 1, ignorable: true }),
      topicId: uuid({ since: 2, ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
        isr: array(int32()),
        leaderRecoveryState: int8({ since: 1, default: 0, ignorable: true }),
        partitionEpoch: int32(),
      }),
    }),
  },
})
