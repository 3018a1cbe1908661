import type { Batch } from '../../../records/batch'
import { markerOf } from '../../../records/encode'
import { readRecords } from '../../../records/record'
import type { AbortedTransaction } from '../../../storage'

interface Ongoing {
  readonly transaction: AbortedTransaction
  hasBatch: boolean
}

/** Result of passing a marker. */
export interface PassedMarker {
  /** No batch of its transaction was passed: the marker has nothing to say any more. */
  readonly isObsolete: boolean
  /** The aborted transaction of which nothing is left. */
  readonly forgotten?: AbortedTransaction
}

/** Transactions that a walk along a log is in the middle of (Kafka's CleanedTransactionMetadata). Batches are passed in the order of their offsets. */
export class PassedTransactions {
  readonly #committed = new Set<bigint>()
  readonly #aborted = new Map<bigint, Ongoing>()
  /** Aborted transactions that begin further on, by their first offset. */
  #ahead: AbortedTransaction[] = []

  /** Says which aborted transactions have offsets in the next stretch of the log. Those that were said before may come again. */
  expect(aborted: readonly AbortedTransaction[]): void {
    if (aborted.length === 0) return
    this.#ahead = [...this.#ahead, ...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  }

  /** Passes a data batch. Returns true when its transaction was aborted. */
  passData(batch: Batch): boolean {
    this.#reach(batch.lastOffset)
    if (!batch.isTransactional) return false
    const ongoing = this.#aborted.get(batch.producerId)
    if (ongoing && batch.baseOffset <= ongoing.transaction.lastOffset) {
      ongoing.hasBatch = true
      return true
    }
    this.#committed.add(batch.producerId)
    return false
  }

  /** [L18] [L21] Passes a control batch. */
  passMarker(batch: Batch): PassedMarker {
    this.#reach(batch.lastOffset)
    const [record] = readRecords(batch)
    // An emptied marker was obsolete when it was emptied.
    if (!record) return { isObsolete: true }
    const ongoing = this.#aborted.get(batch.producerId)
    switch (markerOf(record.key)) {
      case 'ABORT':
        this.#aborted.delete(batch.producerId)
        return ongoing?.hasBatch
          ? { isObsolete: false }
          : { isObsolete: true, ...(ongoing ? { forgotten: ongoing.transaction } : {}) }
      case 'COMMIT':
        return { isObsolete: !this.#committed.delete(batch.producerId) }
      default:
        return { isObsolete: false }
    }
  }

  #reach(offset: number): void {
    let begun = 0
    for (; begun < this.#ahead.length; begun++) {
      const transaction = this.#ahead[begun] as AbortedTransaction
      if (transaction.firstOffset > offset) break
      const ongoing = this.#aborted.get(transaction.producerId)
      if (ongoing && ongoing.transaction.lastOffset >= transaction.firstOffset) continue
      this.#aborted.set(transaction.producerId, { transaction, hasBatch: false })
    }
    if (begun > 0) this.#ahead = this.#ahead.slice(begun)
  }
}
