import { RE2JS } from 're2js'
import { errorCode } from '../../protocol/errors'
import { type Answer, handler } from '../handler'

const states = new Set([
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
])

/** ListTransactions 0-2 (TransactionStateManager.listTransactionStates). */
export const listTransactions = handler({
  api: 'ListTransactions',
  versions: [0, 2],
  handle(request, { core, client, at }): Answer<'ListTransactions'> {
    const pattern = request.transactionalIdPattern ? patternOf(request.transactionalIdPattern) : undefined
    if (pattern === null) {
      return { errorCode: errorCode('INVALID_REGULAR_EXPRESSION'), unknownStateFilters: [], transactionStates: [] }
    }
    const unknownStateFilters = request.stateFilters.filter((state) => !states.has(state))
    const wantedStates = new Set(request.stateFilters.filter((state) => states.has(state)))
    // Filters of which none is known match nothing.
    if (unknownStateFilters.length > 0 && wantedStates.size === 0) {
      return { errorCode: 0, unknownStateFilters, transactionStates: [] }
    }
    const producers = new Set(request.producerIdFilters.map(String))
    const minimumMs = Number(request.durationFilter)
    const transactionStates = core.transactions
      .all()
      .filter(({ transactionalId }) =>
        core.authorizer.wouldAllow(client, 'DESCRIBE', 'TRANSACTIONAL_ID', transactionalId),
      )
      .filter(({ state }) => wantedStates.size === 0 || wantedStates.has(state))
      .filter(({ producerId }) => producers.size === 0 || producers.has(producerId))
      // Also of those that are over, or not begun: Kafka looks at the time of the start alone, which then is -1.
      .filter(({ startedAt }) => minimumMs < 0 || at - startedAt > minimumMs)
      .filter(({ transactionalId }) => !pattern || pattern.matches(transactionalId))
      .map(({ transactionalId, producerId, state }) => ({
        transactionalId,
        producerId: BigInt(producerId),
        transactionState: state,
      }))
    return { errorCode: 0, unknownStateFilters, transactionStates }
  },
})

function patternOf(text: string): RE2JS | null {
  try {
    return RE2JS.compile(text)
  } catch {
    // Not a pattern: the answer says so.
    return null
  }
}
