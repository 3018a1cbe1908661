import { api, array, bool, bytes, int16, int32, string } from '../schema'

/**
 * JoinGroup: what each version changed.
 *   1: request +rebalanceTimeoutMs
 *   2: response +throttleTimeMs
 *   5: request +groupInstanceId; response +members.groupInstanceId
 *   6: flexible (KIP-559)
 *   7: response +protocolType
 *   8: request +reason (KIP-800)
 *   9: response +skipAssignment
 */
export const joinGroup = api('JoinGroup', {
  key: 11,
  versions: [0, 9],
  flexible: 6,
  request: {
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32({ since: 1, default: -1, ignorable: true }),
    memberId: string(),
    groupInstanceId: string({ since: 5, nullable: true, default: null }),
    protocolType: string(),
    protocols: array({
      name: string(),
      metadata: bytes(),
    }),
    reason: string({ since: 8, nullable: true, default: null, ignorable: true }),
  },
  response: {
    throttleTimeMs: int32({ since: 2, ignorable: true }),
    errorCode: int16(),
    generationId: int32({ default: -1 }),
    protocolType: string({ since: 7, nullable: true, default: null, ignorable: true }),
    protocolName: string({ nullable: { since: 7 } }),
    leader: string(),
    skipAssignment: bool({ since: 9, default: false }),
    memberId: string(),
    members: array({
      memberId: string(),
      groupInstanceId: string({ since: 5, nullable: true, default: null, ignorable: true }),
      metadata: bytes(),
    }),
  },
})
