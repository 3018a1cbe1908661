import { api, int16, int32, string } from '../schema'

/** UnregisterBroker: one form in all versions. */
export const unregisterBroker = api('UnregisterBroker', {
  key: 64,
  versions: [0, 0],
  flexible: 0,
  request: {
    brokerId: int32(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
  },
})
