import { api, int16, int32, string } from '../schema'

/**
 * Heartbeat: what each version changed.
 *   1: response +throttleTimeMs
 *   3: request +groupInstanceId
 *   4: flexible
 */
export const heartbeat = api('Heartbeat', {
  key: 12,
  versions: [0, 4],
  flexible: 4,
  request: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ since: 3, nullable: true, default: null }),
  },
  response: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16(),
  },
})
