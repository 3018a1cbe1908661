import { groupByTopic, parseKey } from '../../base/topic-partition'
import type { ResponseInput } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { handler } from '../handler'

type Described = NonNullable<ResponseInput<'DescribeTransactions'>['transactionStates']>[number]

/** DescribeTransactions 0 (TransactionCoordinator.handleDescribeTransactions). */
export const describeTransactions = handler({
  api: 'DescribeTransactions',
  versions: [0, 0],
  handle: (request, { core, client }) => ({
    transactionStates: request.transactionalIds.map((transactionalId): Described => {
      if (!core.authorizer.allows(client, 'DESCRIBE', 'TRANSACTIONAL_ID', transactionalId)) {
        return unknown(transactionalId, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
      }
      if (transactionalId === '') return unknown(transactionalId, 'INVALID_REQUEST')
      const transaction = core.transactions.find(transactionalId)
      if (!transaction) return unknown(transactionalId, 'TRANSACTIONAL_ID_NOT_FOUND')
      const topics = [...groupByTopic(transaction.partitions.map(parseKey))].filter(([topic]) =>
        core.authorizer.wouldAllow(client, 'DESCRIBE', 'TOPIC', topic),
      )
      return {
        errorCode: 0,
        transactionalId,
        transactionState: transaction.state,
        transactionTimeoutMs: transaction.timeoutMs,
        transactionStartTimeMs: BigInt(transaction.startedAt),
        producerId: BigInt(transaction.producerId),
        producerEpoch: transaction.producerEpoch,
        topics: topics.map(([topic, places]) => ({ topic, partitions: places.map(({ partition }) => partition) })),
      }
    }),
  }),
})

function unknown(transactionalId: string, error: ErrorName): Described {
  return {
    errorCode: errorCode(error),
    transactionalId,
    transactionState: '',
    transactionTimeoutMs: 0,
    transactionStartTimeMs: 0n,
    producerId: 0n,
    producerEpoch: 0,
    topics: [],
  }
}
