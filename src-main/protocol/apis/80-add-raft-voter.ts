import { api, array, bool, int16, int32, string, uint16, uuid } from '../schema'

/**
 * AddRaftVoter: what each version changed.
 *   1: request +ackWhenCommitted
 */
export const addRaftVoter = api('AddRaftVoter', {
  key: 80,
  versions: [0, 1],
  flexible: 0,
  request: {
    clusterId: string({ nullable: true }),
    timeoutMs: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array({
      name: string(),
      host: string(),
      port: uint16(),
    }),
    ackWhenCommitted: bool({ since: 1, default: true }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true, ignorable: true }),
  },
})
