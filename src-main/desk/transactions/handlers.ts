import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import { abortPlan, withBlocked } from './blocked'
import type { TransactionRecords } from './transactions'

type Subject = Pick<Handlers, 'transactions' | 'transaction.abortPlan' | 'transaction.abort'>

/**
 * How a question about transactions travels: the coordinator (`source.transactions`) knows how each stands now; `TransactionRecords`
 * listens to its changes and remembers how the ones before ended; `blocked.ts` asks the logs what the open ones hold back.
 */
export function transactionHandlers({ source, live, pulse }: Parts, records: TransactionRecords): Subject {
  return {
    transactions: (_, outlet) =>
      live(outlet, async () => withBlocked(source, await records.lines()), [records.changed, pulse.beat]),
    'transaction.abortPlan': ({ transactionalId }) => abortPlan(source, transactionalId),
    'transaction.abort': ({ transactionalId }) => source.transactions.abort(transactionalId),
  }
}
