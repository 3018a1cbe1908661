import { type ErrorName, errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { type Answer, handler } from '../handler'

const firstVersionWithFenced = 4

/** InitProducerId 0-5 (TransactionCoordinator.handleInitProducerId). */
export const initProducerId = handler({
  api: 'InitProducerId',
  versions: [0, 5],
  handle(request, { core, client, version, failed }): Answer<'InitProducerId'> {
    const { transactionalId, transactionTimeoutMs: timeoutMs, producerId, producerEpoch } = request
    // Either both or none (KIP-360).
    const isHalf = (producerId === -1n) !== (producerEpoch === -1)
    const refused = (error: ErrorName): Answer<'InitProducerId'> => {
      failed(error, `init producer id ${transactionalId ?? ''}`)
      return { errorCode: errorCode(error), producerId: -1n, producerEpoch: -1 }
    }
    if (transactionalId === null) {
      const mayWrite =
        core.authorizer.allowsAny(client, 'WRITE', 'TOPIC') || allowsOnCluster({ core, client }, 'IDEMPOTENT_WRITE')
      if (!mayWrite) return refused('CLUSTER_AUTHORIZATION_FAILED')
      if (isHalf) return refused('INVALID_REQUEST')
      return { errorCode: 0, producerId: core.transactions.newProducerId(), producerEpoch: 0 }
    }
    if (!core.authorizer.allows(client, 'WRITE', 'TRANSACTIONAL_ID', transactionalId)) {
      return refused('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
    }
    if (isHalf || transactionalId === '') return refused('INVALID_REQUEST')
    if (timeoutMs <= 0 || timeoutMs > core.configs.brokerNumber('transaction.max.timeout.ms')) {
      return refused('INVALID_TRANSACTION_TIMEOUT')
    }
    const { error, transaction } = core.transactions.init(transactionalId, {
      timeoutMs,
      producerId: String(producerId),
      producerEpoch,
    })
    if (error !== 'NONE') {
      return refused(error === 'PRODUCER_FENCED' && version < firstVersionWithFenced ? 'INVALID_PRODUCER_EPOCH' : error)
    }
    return { errorCode: 0, producerId: BigInt(transaction.producerId), producerEpoch: transaction.producerEpoch }
  },
  storageFailed: () => ({ errorCode: errorCode('COORDINATOR_NOT_AVAILABLE'), producerId: -1n, producerEpoch: -1 }),
})
