import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, handler } from '../handler'

const firstVersionWithFenced = 2
/** KIP-890, part 2: this version belongs to transaction version 2. */
const firstVersionOfTv2 = 5

/** EndTxn 0-5: commits or aborts. State and markers are in one group commit, so the answer means that it is done. */
export const endTxn = handler({
  api: 'EndTxn',
  versions: [0, 5],
  handle(request, { core, client, version, failed }): Answer<'EndTxn'> {
    const { transactionalId, committed, producerEpoch } = request
    const refused = (error: ErrorName): Answer<'EndTxn'> => {
      failed(error, `end of transaction ${transactionalId}`)
      return {
        errorCode: errorCode(
          error === 'PRODUCER_FENCED' && version < firstVersionWithFenced ? 'INVALID_PRODUCER_EPOCH' : error,
        ),
      }
    }
    if (!core.authorizer.allows(client, 'WRITE', 'TRANSACTIONAL_ID', transactionalId)) {
      return refused('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
    }
    if (transactionalId === '') return refused('INVALID_REQUEST')
    const decision = core.transactions.end(transactionalId, {
      producerId: String(request.producerId),
      producerEpoch,
      committed,
      clientVersion: version >= firstVersionOfTv2 ? 2 : 0,
    })
    if (!decision) return refused('INVALID_PRODUCER_ID_MAPPING')
    if (decision.error !== 'NONE') return refused(decision.error)
    const { transaction } = decision
    return version >= firstVersionOfTv2
      ? { errorCode: 0, producerId: BigInt(transaction.producerId), producerEpoch: transaction.producerEpoch }
      : { errorCode: 0 }
  },
  storageFailed: () => ({ errorCode: errorCode('COORDINATOR_NOT_AVAILABLE') }),
})
