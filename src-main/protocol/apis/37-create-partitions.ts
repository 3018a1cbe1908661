import { api, array, bool, int16, int32, string } from '../schema'

/**
 * CreatePartitions: what each version changed.
 *   2: flexible
 *   3: (KIP-599)
 */
export const createPartitions = api('CreatePartitions', {
  key: 37,
  versions: [0, 3],
  flexible: 2,
  request: {
    topics: array({
      name: string(),
      count: int32(),
      assignments: array(
        {
          brokerIds: array(int32()),
        },
        { nullable: true },
      ),
    }),
    timeoutMs: int32(),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array({
      name: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: true, default: null }),
    }),
  },
})
