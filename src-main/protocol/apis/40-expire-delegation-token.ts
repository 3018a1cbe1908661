import { api, bytes, int16, int32, int64 } from '../schema'

/**
 * ExpireDelegationToken: what each version changed.
 *   2: flexible
 */
export const expireDelegationToken = api('ExpireDelegationToken', {
  key: 40,
  versions: [0, 2],
  flexible: 2,
  request: {
    hmac: bytes(),
    expiryTimePeriodMs: int64(),
  },
  response: {
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32({ default: 0 }),
  },
})
