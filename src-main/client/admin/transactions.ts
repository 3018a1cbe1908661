import { keyOf } from '../../base/topic-partition'
import { errorName } from '../../protocol/errors'
import type { KafkaClient } from '../client'
import { check, KafkaError } from '../failures'

export interface DescribedTransaction {
  readonly transactionalId: string
  /** 64 bits, as decimal text. */
  readonly producerId: string
  readonly producerEpoch: number
  readonly state: string
  readonly partitions: readonly string[]
  /** -1: none was begun. */
  readonly startedAt: number
  readonly timeoutMs: number
}

/** Transactional ids of one question. */
const portion = 100

/** The transactions of all brokers, described by the one that listed them. Those that end meanwhile, or may not be seen, are left out. */
export async function describeTransactions(client: KafkaClient): Promise<DescribedTransaction[]> {
  const nodes = await client.nodes()
  const found = await Promise.all(nodes.map(({ id }) => client.retry(() => ofNode(client, id))))
  return found.flat().sort((a, b) => (a.transactionalId < b.transactionalId ? -1 : 1))
}

async function ofNode(client: KafkaClient, nodeId: number): Promise<DescribedTransaction[]> {
  const to = { to: 'node', nodeId } as const
  const listed = await client.ask(to, 'ListTransactions', { stateFilters: [], producerIdFilters: [] })
  check(listed.errorCode, `The transactions of node ${nodeId} cannot be listed`)
  const ids = listed.transactionStates.map(({ transactionalId }) => transactionalId)
  const found: DescribedTransaction[] = []
  for (let at = 0; at < ids.length; at += portion) {
    const answer = await client.ask(to, 'DescribeTransactions', { transactionalIds: ids.slice(at, at + portion) })
    for (const one of answer.transactionStates) {
      if (one.errorCode !== 0) continue
      found.push({
        transactionalId: one.transactionalId,
        producerId: String(one.producerId),
        producerEpoch: one.producerEpoch,
        state: one.transactionState,
        partitions: one.topics.flatMap(({ topic, partitions }) =>
          partitions.map((partition) => keyOf(topic, partition)),
        ),
        startedAt: Number(one.transactionStartTimeMs),
        timeoutMs: one.transactionTimeoutMs,
      })
    }
  }
  return found
}

/** Aborts the open transaction and fences its producer, by taking its transactional id over (Admin.fenceProducers). @throws KafkaError */
export async function abortTransaction(client: KafkaClient, transactionalId: string): Promise<void> {
  const what = `The transaction of ${transactionalId} cannot be aborted`
  await client.retry(async () => {
    const to = { to: 'coordinator', keyType: 'transaction', key: transactionalId } as const
    const answer = await client.ask(to, 'InitProducerId', { transactionalId, transactionTimeoutMs: 1 })
    if (answer.errorCode !== 0) throw new KafkaError(errorName(answer.errorCode), what)
  })
}
