import type { TopicPartition } from '../../base/topic-partition'
import type { TransactionState } from '../../contract/messages'
import type { Batch } from '../../records/batch'
import type { KeyStore } from './latest-keys'

export interface BatchWindow {
  readonly from: number
  readonly before: number
  readonly maxBytes: number
  readonly backward: boolean
}

export interface ScannedBatch {
  readonly batch: Batch
  /** What became of the transaction that wrote it, as far as it is known now; `null`: none did. */
  readonly transaction: TransactionState | null
}

/** Where a search gets its batches: a workspace file, or a cluster over the network. */
export interface BatchReader {
  /** A reader for one search, which remembers what it has read ahead; without it this one is used. */
  forSearch?(): BatchReader
  /** A place for keys that are too many for memory; without it there is none. */
  openKeys?(): KeyStore
  /** Reads ahead for several partitions at once; the first is the one that is read next. */
  prefetch?(windows: readonly (TopicPartition & Omit<BatchWindow, 'maxBytes'>)[]): Promise<void>
  /**
   * Whole batches with a record in [from, before), in the order of offsets, or from the last one `backward`: as many as fit `maxBytes`,
   * but at least one. None when there is none left.
   */
  batches(place: TopicPartition, window: BatchWindow): Promise<readonly ScannedBatch[]>
}
