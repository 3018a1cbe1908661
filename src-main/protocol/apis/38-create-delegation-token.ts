import { api, array, bytes, int16, int32, int64, string } from '../schema'

/**
 * CreateDelegationToken: what each version changed.
 *   2: flexible
 *   3: request +ownerPrincipalType, +ownerPrincipalName; response +tokenRequesterPrincipalType, ...
 */
export const createDelegationToken = api('CreateDelegationToken', {
  key: 38,
  versions: [0, 3],
  flexible: 2,
  request: {
    ownerPrincipalType: string({ since: 3, nullable: true }),
    ownerPrincipalName: string({ since: 3, nullable: true }),
    renewers: array({
      principalType: string(),
      principalName: string(),
    }),
    maxLifetimeMs: int64(),
  },
  response: {
    errorCode: int16(),
    principalType: string(),
    principalName: string(),
    tokenRequesterPrincipalType: string({ since: 3 }),
    tokenRequesterPrincipalName: string({ since: 3 }),
    issueTimestampMs: int64(),
    expiryTimestampMs: int64(),
    maxTimestampMs: int64(),
    tokenId: string(),
    hmac: bytes(),
    throttleTimeMs: int32({ default: 0 }),
  },
})
