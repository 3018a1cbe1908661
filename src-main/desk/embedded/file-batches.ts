import type { TopicPartition } from '../../base/topic-partition'
import type { TransactionState } from '../../contract/messages'
import type { Batch } from '../../records/batch'
import {
  type AbortedTransaction,
  KeyFile,
  type OpenTransaction,
  type PartitionLog,
  type WorkspaceReader,
} from '../../storage'
import type { BatchReader, BatchWindow, ScannedBatch } from '../messages/batch-reader'

/** Batches of a workspace file, over a read-only connection. */
export class FileBatches implements BatchReader {
  readonly #reader: WorkspaceReader

  constructor(reader: WorkspaceReader) {
    this.#reader = reader
  }

  openKeys(): KeyFile {
    return new KeyFile()
  }

  async batches({ topic, partition }: TopicPartition, window: BatchWindow): Promise<readonly ScannedBatch[]> {
    // Looked up each time: a topic may have been deleted and created again.
    const log = this.#reader.partition(topic, partition)
    if (!log) return []
    const batches = this.#reader.batches(log, window)
    const stateOf = this.#states(log, batches)
    return batches.map((batch) => ({ batch, transaction: stateOf(batch) }))
  }

  #states(log: PartitionLog, batches: readonly Batch[]): (batch: Batch) => TransactionState | null {
    if (!batches.some(({ isTransactional }) => isTransactional)) return () => null
    const from = Math.min(...batches.map(({ baseOffset }) => baseOffset))
    const before = Math.max(...batches.map(({ lastOffset }) => lastOffset)) + 1
    const { transactions } = this.#reader
    const [aborted, open] = [transactions.abortedIn(log.id, from, before), transactions.listOpen(log.id)]
    return (batch) => transactionState(batch, aborted, open)
  }
}

/** What became of the transaction that wrote a batch. */
export function transactionState(
  { isTransactional, producerId, baseOffset }: Batch,
  aborted: readonly AbortedTransaction[],
  open: readonly OpenTransaction[],
): TransactionState | null {
  if (!isTransactional) return null
  const isAborted = aborted.some(
    (one) => one.producerId === producerId && baseOffset >= one.firstOffset && baseOffset <= one.lastOffset,
  )
  if (isAborted) return 'aborted'
  return open.some((one) => one.producerId === producerId && baseOffset >= one.firstOffset) ? 'open' : 'committed'
}
