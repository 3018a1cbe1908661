import type { EndedTransaction, TransactionLine } from '../../../src-main/contract/workspace'

/** A transaction that ended, and whose it was. */
export interface EndedLine extends EndedTransaction {
  readonly transactionalId: string
}

/**
 * Transactions of some ids that have ended, the newest first.
 *
 * @param state of Kafka, as the list is searched for it; `''` for all. Nothing that is open, or has not begun, has ended
 */
export function endedOf(lines: readonly TransactionLine[], state: string): readonly EndedLine[] {
  return lines
    .flatMap(({ transactionalId, ended }) => ended.map((one): EndedLine => ({ transactionalId, ...one })))
    .filter(({ outcome }) => state === '' || state === (outcome === 'committed' ? 'CompleteCommit' : 'CompleteAbort'))
    .sort((a, b) => b.at - a.at)
}
