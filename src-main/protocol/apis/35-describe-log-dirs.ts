import { api, array, bool, int16, int32, int64, string } from '../schema'

/**
 * DescribeLogDirs: what each version changed.
 *   2: flexible
 *   3: response +errorCode
 *   4: response +results.totalBytes, +results.usableBytes
 *   5: response +results.isCordoned
 */
export const describeLogDirs = api('DescribeLogDirs', {
  key: 35,
  versions: [0, 5],
  flexible: 2,
  request: {
    topics: array(
      {
        topic: string(),
        partitions: array(int32()),
      },
      { nullable: true },
    ),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16({ since: 3, ignorable: true }),
    results: array({
      errorCode: int16(),
      logDir: string(),
      topics: array({
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          partitionSize: int64(),
          offsetLag: int64(),
          isFutureKey: bool(),
        }),
      }),
      totalBytes: int64({ since: 4, default: -1n, ignorable: true }),
      usableBytes: int64({ since: 4, default: -1n, ignorable: true }),
      isCordoned: bool({ since: 5, default: false, ignorable: true }),
    }),
  },
})
