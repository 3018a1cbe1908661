import { api, array, int16, int32, string, struct, uuid } from '../schema'

/**
 * ShareGroupHeartbeat: what each version changed.
 *   0: (KIP-932)
 *   1: (KIP-932)
 */
export const shareGroupHeartbeat = api('ShareGroupHeartbeat', {
  key: 76,
  versions: [0, 1],
  flexible: 0,
  request: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    rackId: string({ nullable: true, default: null }),
    subscribedTopicNames: array(string(), { nullable: true, default: null }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    memberId: string({ nullable: true, default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct(
      {
        topicPartitions: array({
          topicId: uuid(),
          partitions: array(int32()),
        }),
      },
      { nullable: true, default: null },
    ),
  },
})
