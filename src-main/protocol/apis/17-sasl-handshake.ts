import { api, array, int16, string } from '../schema'

/** SaslHandshake: one form in all versions. */
export const saslHandshake = api('SaslHandshake', {
  key: 17,
  versions: [0, 1],
  flexible: Number.POSITIVE_INFINITY,
  request: {
    mechanism: string(),
  },
  response: {
    errorCode: int16(),
    mechanisms: array(string()),
  },
})
