import { api, array, int8, int16, int32, string } from '../schema'

/**
 * FindCoordinator: what each version changed.
 *   1: request +keyType; response +throttleTimeMs, +errorMessage
 *   3: flexible
 *   4: request -key, +coordinatorKeys; response -errorCode, -errorMessage, -nodeId, -host, -port, ...
 *   5: (KIP-890)
 *   6: (KIP-932)
 */
export const findCoordinator = api('FindCoordinator', {
  key: 10,
  versions: [0, 6],
  flexible: 3,
  request: {
    key: string({ until: 3 }),
    keyType: int8({ since: 1, default: 0 }),
    coordinatorKeys: array(string(), { since: 4 }),
  },
  response: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16({ until: 3 }),
    errorMessage: string({ since: 1, until: 3, nullable: true, ignorable: true }),
    nodeId: int32({ until: 3 }),
    host: string({ until: 3 }),
    port: int32({ until: 3 }),
    coordinators: array(
      {
        key: string({ since: 4 }),
        nodeId: int32({ since: 4 }),
        host: string({ since: 4 }),
        port: int32({ since: 4 }),
        errorCode: int16({ since: 4 }),
        errorMessage: string({ since: 4, nullable: true, ignorable: true }),
      },
      { since: 4 },
    ),
  },
})
