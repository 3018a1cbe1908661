import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, handler } from '../handler'

const firstVersionWithFenced = 2

/** AddOffsetsToTxn 0-4: the group's offsets become part of the transaction. */
export const addOffsetsToTxn = handler({
  api: 'AddOffsetsToTxn',
  versions: [0, 4],
  handle(request, { core, client, version, failed }): Answer<'AddOffsetsToTxn'> {
    const { transactionalId, groupId, producerId, producerEpoch } = request
    const problem = ((): ErrorName | undefined => {
      if (!core.authorizer.allows(client, 'WRITE', 'TRANSACTIONAL_ID', transactionalId)) {
        return 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'
      }
      if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) return 'GROUP_AUTHORIZATION_FAILED'
      if (transactionalId === '') return 'INVALID_REQUEST'
      return core.transactions.problem(transactionalId, { producerId: String(producerId), producerEpoch })
    })()
    if (problem) {
      failed(problem, `transaction ${transactionalId}`)
      const error =
        problem === 'PRODUCER_FENCED' && version < firstVersionWithFenced ? 'INVALID_PRODUCER_EPOCH' : problem
      return { errorCode: errorCode(error) }
    }
    core.transactions.add(transactionalId, [core.groups.settings.offsetsPartition(groupId)], 0)
    return { errorCode: 0 }
  },
  storageFailed: () => ({ errorCode: errorCode('COORDINATOR_NOT_AVAILABLE') }),
})
