import { api, array, bytes, int16, int32, string } from '../schema'

/**
 * SyncGroup: what each version changed.
 *   1: response +throttleTimeMs
 *   3: request +groupInstanceId
 *   4: flexible (KIP-559)
 *   5: request +protocolType, +protocolName; response +protocolType, +protocolName
 */
export const syncGroup = api('SyncGroup', {
  key: 14,
  versions: [0, 5],
  flexible: 4,
  request: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ since: 3, nullable: true, default: null }),
    protocolType: string({ since: 5, nullable: true, default: null, ignorable: true }),
    protocolName: string({ since: 5, nullable: true, default: null, ignorable: true }),
    assignments: array({
      memberId: string(),
      assignment: bytes(),
    }),
  },
  response: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16(),
    protocolType: string({ since: 5, nullable: true, default: null, ignorable: true }),
    protocolName: string({ since: 5, nullable: true, default: null, ignorable: true }),
    assignment: bytes(),
  },
})
