import type { Listen } from '../../base/emitter'
import type { TopicPartitionKey } from '../../base/topic-partition'

export interface TransactionFacts {
  readonly transactionalId: string
  /** 64 bits, as decimal text. */
  readonly producerId: string
  readonly producerEpoch: number
  readonly state: string
  /** `orders:3` */
  readonly partitions: readonly string[]
  readonly startedAt: number
  readonly updatedAt: number
  readonly timeoutMs: number
}

export interface TransactionChange {
  readonly transaction: TransactionFacts
  readonly at: number
  /** `expired`: the transactional id is no longer known. */
  readonly cause: 'initialised' | 'opened' | 'grew' | 'committed' | 'aborted' | 'timed out' | 'expired'
  /** Of the transaction that opened, grew or ended: when it began, and where it wrote, which its end no longer says. */
  readonly startedAt: number
  readonly partitions: readonly string[]
}

/** What an open transaction has written so far. */
interface WrittenSoFar {
  readonly records: ReadonlyMap<TopicPartitionKey, number>
  /** How many offsets it sent for each group. */
  readonly offsets: ReadonlyMap<string, number>
}

export interface TransactionSource {
  readonly changed: Listen<TransactionChange>
  list(): Promise<readonly TransactionFacts[]>
  /** What the open transaction of an id wrote and sent; `null`: a cluster does not tell, or no transaction is open. */
  written(transactionalId: string): Promise<WrittenSoFar | null>
  /** Aborts the open transaction and fences its producer, as the Admin client's `fenceProducers` does. */
  abort(transactionalId: string): Promise<void>
}
