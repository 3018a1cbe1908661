import { api, array, bool, int16, int32, int64, uuid } from '../schema'

/**
 * BrokerHeartbeat: what each version changed.
 *   1: request +offlineLogDirs
 *   2: request +cordonedLogDirs
 */
export const brokerHeartbeat = api('BrokerHeartbeat', {
  key: 63,
  versions: [0, 2],
  flexible: 0,
  request: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
    currentMetadataOffset: int64(),
    wantFence: bool(),
    wantShutDown: bool(),
    offlineLogDirs: array(uuid(), { since: 1, tag: { id: 0 } }),
    cordonedLogDirs: array(uuid(), { since: 2, nullable: true, default: null, tag: { id: 1 } }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    isCaughtUp: bool({ default: false }),
    isFenced: bool({ default: true }),
    shouldShutDown: bool(),
  },
})
