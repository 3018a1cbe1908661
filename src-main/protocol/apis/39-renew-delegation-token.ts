import { api, bytes, int16, int32, int64 } from '../schema'

/**
 * RenewDelegationToken: what each version changed.
 *   2: flexible
 */
export const renewDelegationToken = api('RenewDelegationToken', {
  key: 39,
  versions: [0, 2],
  flexible: 2,
  request: {
    hmac: bytes(),
    renewPeriodMs: int64(),
  },
  response: {
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32({ default: 0 }),
  },
})
