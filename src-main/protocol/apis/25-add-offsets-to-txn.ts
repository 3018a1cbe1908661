import { api, int16, int32, int64, string } from '../schema'

/**
 * AddOffsetsToTxn: what each version changed.
 *   3: flexible
 *   4: (KIP-890)
 */
export const addOffsetsToTxn = api('AddOffsetsToTxn', {
  key: 25,
  versions: [0, 4],
  flexible: 3,
  request: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    groupId: string(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
  },
})
