import type { Listen } from '../../base/emitter'

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
}

export interface TransactionSource {
  readonly changed: Listen<TransactionChange>
  list(): Promise<readonly TransactionFacts[]>
  /** Aborts the open transaction and fences its producer, as the Admin client's `fenceProducers` does. */
  abort(transactionalId: string): Promise<void>
}
