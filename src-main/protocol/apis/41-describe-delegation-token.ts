import { api, array, bytes, int16, int32, int64, string } from '../schema'

/**
 * DescribeDelegationToken: what each version changed.
 *   2: flexible
 *   3: response +tokens.tokenRequesterPrincipalType, +tokens.tokenRequesterPrincipalName
 */
export const describeDelegationToken = api('DescribeDelegationToken', {
  key: 41,
  versions: [0, 3],
  flexible: 2,
  request: {
    owners: array(
      {
        principalType: string(),
        principalName: string(),
      },
      { nullable: true },
    ),
  },
  response: {
    errorCode: int16(),
    tokens: array({
      principalType: string(),
      principalName: string(),
      tokenRequesterPrincipalType: string({ since: 3 }),
      tokenRequesterPrincipalName: string({ since: 3 }),
      issueTimestamp: int64(),
      expiryTimestamp: int64(),
      maxTimestamp: int64(),
      tokenId: string(),
      hmac: bytes(),
      renewers: array({
        principalType: string(),
        principalName: string(),
      }),
    }),
    throttleTimeMs: int32({ default: 0 }),
  },
})
