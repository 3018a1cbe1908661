import { api, array, bool, int16, int32, int64, string, uint16, uuid } from '../schema'

/**
 * BrokerRegistration: what each version changed.
 *   1: request +isMigratingZkBroker
 *   2: request +logDirs (KIP-858, KIP-966)
 *   3: request +previousBrokerEpoch (KIP-966)
 */
export const brokerRegistration = api('BrokerRegistration', {
  key: 62,
  versions: [0, 4],
  flexible: 0,
  request: {
    brokerId: int32(),
    clusterId: string(),
    incarnationId: uuid(),
    listeners: array({
      name: string(),
      host: string(),
      port: uint16(),
      securityProtocol: int16(),
    }),
    features: array({
      name: string(),
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
    rack: string({ nullable: true }),
    isMigratingZkBroker: bool({ since: 1, default: false }),
    logDirs: array(uuid(), { since: 2, ignorable: true }),
    previousBrokerEpoch: int64({ since: 3, default: -1n, ignorable: true }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    brokerEpoch: int64({ default: -1n }),
  },
})
