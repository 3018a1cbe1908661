import { api, int16, int32, string, uuid } from '../schema'

/** RemoveRaftVoter: one form in all versions. */
export const removeRaftVoter = api('RemoveRaftVoter', {
  key: 81,
  versions: [0, 0],
  flexible: 0,
  request: {
    clusterId: string({ nullable: true }),
    voterId: int32(),
    voterDirectoryId: uuid(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true, ignorable: true }),
  },
})
