import { api, array, int8, int16, int32, string } from '../schema'

/**
 * ElectLeaders: what each version changed.
 *   1: request +electionType; response +errorCode (KIP-460)
 *   2: flexible
 */
export const electLeaders = api('ElectLeaders', {
  key: 43,
  versions: [0, 2],
  flexible: 2,
  request: {
    electionType: int8({ since: 1 }),
    topicPartitions: array(
      {
        topic: string(),
        partitions: array(int32()),
      },
      { nullable: true },
    ),
    timeoutMs: int32({ default: 60000 }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16({ since: 1 }),
    replicaElectionResults: array({
      topic: string(),
      partitionResult: array({
        partitionId: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
      }),
    }),
  },
})
