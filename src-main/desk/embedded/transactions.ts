import { parseKey, type TopicPartitionKey } from '../../base/topic-partition'
import type { Core } from '../../broker/core'
import type { TransactionSource } from '../source/transactions'
import { stored } from './stored'

/** Transactions of the coordinator in this process. */
export function embeddedTransactions(core: Core): TransactionSource {
  const { transactions, workspace, topics, groups } = core
  return {
    changed: transactions.changed,
    list: async () => transactions.all(),
    async written(transactionalId) {
      const open = transactions.find(transactionalId)
      if (open?.state !== 'Ongoing') return null
      const producerId = BigInt(open.producerId)
      const records = new Map<TopicPartitionKey, number>()
      for (const key of open.partitions) {
        const place = parseKey(key)
        const log = topics.partition(place.topic, place.partition)
        const first = log?.producers.firstOffsetOf(producerId)
        records.set(key, log && first !== undefined ? workspace.batches.recordsOf(log.facts, producerId, first) : 0)
      }
      return { records, offsets: groups.offsets.pendingOf(producerId) }
    },
    abort: (transactionalId) =>
      stored(core, () => {
        const open = transactions.find(transactionalId)
        if (open?.state !== 'Ongoing') throw new Error(`${transactionalId} has no open transaction any more.`)
        transactions.init(transactionalId, { timeoutMs: open.timeoutMs, producerId: '-1', producerEpoch: -1 })
      }),
  }
}
