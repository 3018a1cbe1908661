import { api, bool, int16, int32, int64, string } from '../schema'

/**
 * EndTxn: what each version changed.
 *   3: flexible
 *   4: (KIP-890)
 *   5: response +producerId, +producerEpoch (KIP-890)
 */
export const endTxn = api('EndTxn', {
  key: 26,
  versions: [0, 5],
  flexible: 3,
  request: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    committed: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    producerId: int64({ since: 5, default: -1n, ignorable: true }),
    producerEpoch: int16({ since: 5, default: -1, ignorable: true }),
  },
})
