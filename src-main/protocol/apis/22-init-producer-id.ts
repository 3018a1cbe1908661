import { api, bool, int16, int32, int64, string } from '../schema'

/**
 * InitProducerId: what each version changed.
 *   2: flexible
 *   3: request +producerId, +producerEpoch
 *   5: (KIP-890)
 *   6: request +enable2Pc, +keepPreparedTxn; response +ongoingTxnProducerId, +ongoingTxnProducerEpoch (KIP-939)
 */
export const initProducerId = api('InitProducerId', {
  key: 22,
  versions: [0, 6],
  flexible: 2,
  request: {
    transactionalId: string({ nullable: true }),
    transactionTimeoutMs: int32(),
    producerId: int64({ since: 3, default: -1n }),
    producerEpoch: int16({ since: 3, default: -1 }),
    enable2Pc: bool({ since: 6, default: false }),
    keepPreparedTxn: bool({ since: 6, default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0, ignorable: true }),
    errorCode: int16(),
    producerId: int64({ default: -1n }),
    producerEpoch: int16(),
    ongoingTxnProducerId: int64({ since: 6, default: -1n }),
    ongoingTxnProducerEpoch: int16({ since: 6, default: -1 }),
  },
})
