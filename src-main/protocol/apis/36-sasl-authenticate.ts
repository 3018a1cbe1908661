import { api, bytes, int16, int64, string } from '../schema'

/**
 * SaslAuthenticate: what each version changed.
 *   1: response +sessionLifetimeMs
 *   2: flexible
 */
export const saslAuthenticate = api('SaslAuthenticate', {
  key: 36,
  versions: [0, 2],
  flexible: 2,
  request: {
    authBytes: bytes(),
  },
  response: {
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    authBytes: bytes(),
    sessionLifetimeMs: int64({ since: 1, default: 0n, ignorable: true }),
  },
})
