import { api, array, int16, int32, int64, string, uuid } from '../schema'

/**
 * DescribeShareGroupOffsets: what each version changed.
 *   0: (KIP-932)
 *   1: response +groups.topics.partitions.lag (KIP-1226)
 */
export const describeShareGroupOffsets = api('DescribeShareGroupOffsets', {
  key: 90,
  versions: [0, 1],
  flexible: 0,
  request: {
    groups: array({
      groupId: string(),
      topics: array(
        {
          topicName: string(),
          partitions: array(int32()),
        },
        { nullable: true },
      ),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    groups: array({
      groupId: string(),
      topics: array({
        topicName: string(),
        topicId: uuid(),
        partitions: array({
          partitionIndex: int32(),
          startOffset: int64(),
          leaderEpoch: int32(),
          lag: int64({ since: 1, default: -1n, ignorable: true }),
          errorCode: int16(),
          errorMessage: string({ nullable: true, default: null }),
        }),
      }),
      errorCode: int16(),
      errorMessage: string({ nullable: true, default: null }),
    }),
  },
})
