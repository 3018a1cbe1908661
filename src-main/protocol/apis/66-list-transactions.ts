import { api, array, int16, int32, int64, string } from '../schema'

/**
 * ListTransactions: what each version changed.
 *   1: request +durationFilter (KIP-1152, KIP-994)
 *   2: request +transactionalIdPattern (KIP-1152)
 */
export const listTransactions = api('ListTransactions', {
  key: 66,
  versions: [0, 2],
  flexible: 0,
  request: {
    stateFilters: array(string()),
    producerIdFilters: array(int64()),
    durationFilter: int64({ since: 1, default: -1n }),
    transactionalIdPattern: string({ since: 2, nullable: true, default: null }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    unknownStateFilters: array(string()),
    transactionStates: array({
      transactionalId: string(),
      producerId: int64(),
      transactionState: string(),
    }),
  },
})
