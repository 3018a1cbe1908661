import { api, array, int16, int32, string, struct, uint16, uuid } from '../schema'

/** UpdateRaftVoter: one form in all versions. */
export const updateRaftVoter = api('UpdateRaftVoter', {
  key: 82,
  versions: [0, 0],
  flexible: 0,
  request: {
    clusterId: string({ nullable: true }),
    currentLeaderEpoch: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array({
      name: string(),
      host: string(),
      port: uint16(),
    }),
    kRaftVersionFeature: struct({
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    currentLeader: struct(
      {
        leaderId: int32({ default: -1 }),
        leaderEpoch: int32({ default: -1 }),
        host: string(),
        port: int32(),
      },
      { tag: { id: 0 } },
    ),
  },
})
