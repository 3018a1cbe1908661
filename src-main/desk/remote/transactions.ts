import { Emitter } from '../../base/emitter'
import { abortTransaction, describeTransactions } from '../../client/admin/transactions'
import type { KafkaClient } from '../../client/client'
import type { TransactionChange, TransactionFacts, TransactionSource } from '../source/transactions'
import { Fresh } from './fresh'

const maxAgeMs = 5000

/** Transactions of a cluster elsewhere, as their coordinators describe them. What happened between two questions is not known. */
export function remoteTransactions(client: KafkaClient, onError: (error: unknown) => void): TransactionSource {
  const changes = new Emitter<TransactionChange>(onError)
  let known = new Map<string, TransactionFacts>()
  const transactions = new Fresh(client.clock, maxAgeMs, async () => {
    const found = await describeTransactions(client)
    const at = client.clock.now()
    const facts = found.map((one): TransactionFacts => ({ ...one, updatedAt: one.startedAt }))
    const before = known
    known = new Map(facts.map((one) => [one.transactionalId, one]))
    for (const transaction of facts) {
      const last = before.get(transaction.transactionalId)
      const cause = causeOf(last, transaction)
      const { startedAt, partitions } =
        last?.state === 'Ongoing' && transaction.state !== 'Ongoing' ? last : transaction
      if (cause) changes.emit({ transaction, at, cause, startedAt, partitions })
    }
    for (const [id, transaction] of before) {
      if (!known.has(id)) changes.emit({ transaction, at, cause: 'expired', startedAt: -1, partitions: [] })
    }
    return facts
  })
  return {
    changed: changes.listen,
    list: () => transactions.get(),
    written: async () => null,
    async abort(transactionalId) {
      await abortTransaction(client, transactionalId)
      transactions.forget()
    },
  }
}

/** What a difference between two answers means. */
function causeOf(before: TransactionFacts | undefined, now: TransactionFacts): TransactionChange['cause'] | undefined {
  if (!before || before.producerEpoch !== now.producerEpoch) return before ? 'initialised' : undefined
  if (before.state === now.state) return now.partitions.length > before.partitions.length ? 'grew' : undefined
  if (now.state === 'Ongoing') return 'opened'
  if (now.state === 'CompleteCommit') return 'committed'
  return now.state === 'CompleteAbort' ? 'aborted' : undefined
}
