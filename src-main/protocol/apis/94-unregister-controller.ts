import { api, int16, int32, string } from '../schema'

/** UnregisterController: one form in all versions. */
export const unregisterController = api('UnregisterController', {
  key: 94,
  versions: [0, 0],
  flexible: 0,
  request: {
    controllerId: int32(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
  },
})
