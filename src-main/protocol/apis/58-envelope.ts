import { api, bytes, int16 } from '../schema'

/** Envelope: one form in all versions. */
export const envelope = api('Envelope', {
  key: 58,
  versions: [0, 0],
  flexible: 0,
  request: {
    requestData: bytes(),
    requestPrincipal: bytes({ nullable: true }),
    clientHostAddress: bytes(),
  },
  response: {
    responseData: bytes({ nullable: true, default: null }),
    errorCode: int16(),
  },
})
