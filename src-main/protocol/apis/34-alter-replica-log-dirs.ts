import { api, array, int16, int32, string } from '../schema'

/**
 * AlterReplicaLogDirs: what each version changed.
 *   2: flexible
 */
export const alterReplicaLogDirs = api('AlterReplicaLogDirs', {
  key: 34,
  versions: [0, 2],
  flexible: 2,
  request: {
    dirs: array({
      path: string(),
      topics: array({
        name: string(),
        partitions: array(int32()),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
})
