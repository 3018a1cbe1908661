import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import type { TransactionRecords } from './transactions'

type Subject = Pick<Handlers, 'transactions' | 'transaction.abort'>

/**
 * How a question about transactions travels: the coordinator (`source.transactions`) knows how each stands now; `TransactionRecords`
 * listens to its changes and remembers how the ones before ended.
 */
export function transactionHandlers({ source, live }: Parts, records: TransactionRecords): Subject {
  return {
    transactions: (_, outlet) => live(outlet, () => records.lines(), [records.changed]),
    'transaction.abort': ({ transactionalId }) => source.transactions.abort(transactionalId),
  }
}
