import type { Core } from '../../broker/core'
import type { TransactionSource } from '../source/transactions'
import { stored } from './stored'

/** Transactions of the coordinator in this process. */
export function embeddedTransactions(core: Core): TransactionSource {
  const { transactions } = core
  return {
    changed: transactions.changed,
    list: async () => transactions.all(),
    abort: (transactionalId) =>
      stored(core, () => {
        const open = transactions.find(transactionalId)
        if (open?.state !== 'Ongoing') throw new Error(`${transactionalId} has no open transaction any more.`)
        transactions.init(transactionalId, { timeoutMs: open.timeoutMs, producerId: '-1', producerEpoch: -1 })
      }),
  }
}
