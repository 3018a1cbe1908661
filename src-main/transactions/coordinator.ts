import type { Millis } from '../base/clock'
import type { TopicPartitionKey } from '../base/topic-partition'

/** org.apache.kafka.coordinator.transaction.TransactionState, as far as it is ever seen: the Prepare states last no longer than a step. */
type TransactionState = 'Empty' | 'Ongoing' | 'CompleteCommit' | 'CompleteAbort'

/** Kafka's error names that this machine answers with. */
export type TransactionError =
  | 'NONE'
  | 'INVALID_PRODUCER_ID_MAPPING'
  | 'PRODUCER_FENCED'
  | 'INVALID_TXN_STATE'
  | 'CONCURRENT_TRANSACTIONS'
  | 'INVALID_TRANSACTION_TIMEOUT'

/** KIP-890: with 2 the end of every transaction bumps the epoch (org.apache.kafka.server.common.TransactionVersion). */
export type TransactionVersion = 0 | 2

/** One transactional id as a value: frozen JSON (TransactionMetadata). Producer ids are decimal text: they have 64 bits. */
export interface Transaction {
  readonly transactionalId: string
  readonly producerId: string
  readonly producerEpoch: number
  /** The epoch before the last bump that a client asked for: a retry of it is recognised (KIP-360). -1: none. */
  readonly lastProducerEpoch: number
  /** The producer id before the last step: it differs when that step changed it (epochs ran out). */
  readonly previousProducerId: string
  readonly timeoutMs: number
  readonly state: TransactionState
  /** Partitions with records of the open transaction: `orders:3`. */
  readonly partitions: readonly TopicPartitionKey[]
  /** When the open transaction began, or the last one when none is open; -1 before the first one. */
  readonly startedAt: Millis
  readonly updatedAt: Millis
  /** Transaction version of the last client. */
  readonly clientVersion: TransactionVersion
}

/** Markers that must be written in the same commit as the state that ordered them: they are what ends a transaction in its partitions. */
export interface Markers {
  readonly committed: boolean
  readonly producerId: string
  readonly producerEpoch: number
  readonly partitions: readonly TopicPartitionKey[]
}

/** What a step decided. */
export interface Decision {
  readonly transaction: Transaction
  readonly error: TransactionError
  readonly markers?: Markers
}

const noEpoch = -1
export const noProducerId = '-1'
/** The last epoch is kept for fencing (TransactionMetadata.isEpochExhausted). */
const lastUsableEpoch = 32_766

export interface Init {
  readonly timeoutMs: number
  /** What the client says that it is (KIP-360): `noProducerId` when it says nothing. */
  readonly producerId: string
  readonly producerEpoch: number
  /** To be used if a new producer id is needed. */
  readonly freshProducerId: string
  /** Transaction version of the cluster: an open transaction is aborted as it says. */
  readonly clusterVersion: TransactionVersion
}

export function newTransaction(transactionalId: string, init: Init, at: Millis): Transaction {
  return {
    transactionalId,
    producerId: init.freshProducerId,
    producerEpoch: noEpoch,
    lastProducerEpoch: noEpoch,
    previousProducerId: noProducerId,
    timeoutMs: init.timeoutMs,
    state: 'Empty',
    partitions: [],
    startedAt: -1,
    updatedAt: at,
    clientVersion: 0,
  }
}

/**
 * [T1]-[T5] InitProducerId (TransactionCoordinator.handleInitProducerId): gives the transactional id to whoever asks last. A
 * transaction that is still open is aborted first, and the client told to ask again.
 */
export function init(transaction: Transaction, request: Init, at: Millis): Decision {
  const given = request.producerId !== noProducerId
  // [T2] Who names a producer must be the one that is known.
  if (given && !isKnown(transaction, request)) return { transaction, error: 'PRODUCER_FENCED' }
  if (transaction.state === 'Ongoing') {
    // [T3]
    return { ...fence(transaction, request, at), error: 'CONCURRENT_TRANSACTIONS' }
  }
  const next = {
    ...transaction,
    previousProducerId: transaction.producerId,
    state: 'Empty' as const,
    timeoutMs: request.timeoutMs,
    updatedAt: at,
    partitions: [],
    startedAt: -1,
  }
  const epoch = transaction.producerEpoch
  // [T4] Epochs that run out are followed by a new producer id.
  if (isExhausted(epoch)) {
    // Here Kafka runs into an assertion of its own.
    if (given && request.producerEpoch !== epoch) return { transaction, error: 'PRODUCER_FENCED' }
    return {
      transaction: {
        ...next,
        producerId: request.freshProducerId,
        producerEpoch: 0,
        lastProducerEpoch: given ? epoch : noEpoch,
      },
      error: 'NONE',
    }
  }
  if (!given) return { transaction: { ...next, producerEpoch: epoch + 1, lastProducerEpoch: noEpoch }, error: 'NONE' }
  if (epoch === noEpoch || request.producerEpoch === epoch) {
    return { transaction: { ...next, producerEpoch: epoch + 1, lastProducerEpoch: epoch }, error: 'NONE' }
  }
  // [T5] The answer to this very request was lost: it is given again.
  if (request.producerEpoch === transaction.lastProducerEpoch) return { transaction: next, error: 'NONE' }
  return { transaction, error: 'PRODUCER_FENCED' }
}

function isExhausted(epoch: number): boolean {
  return epoch >= lastUsableEpoch
}

function isKnown(transaction: Transaction, { producerId, producerEpoch }: Init): boolean {
  return (
    transaction.producerEpoch === noEpoch ||
    producerId === transaction.producerId ||
    (producerId === transaction.previousProducerId && isExhausted(producerEpoch))
  )
}

export interface Producer {
  readonly producerId: string
  readonly producerEpoch: number
}

/** [T6] Whether a request comes from the producer that has the transactional id now. */
export function producerProblem(
  transaction: Transaction | undefined,
  { producerId, producerEpoch }: Producer,
): 'INVALID_PRODUCER_ID_MAPPING' | 'PRODUCER_FENCED' | undefined {
  if (!transaction || transaction.producerId !== producerId) return 'INVALID_PRODUCER_ID_MAPPING'
  return transaction.producerEpoch === producerEpoch ? undefined : 'PRODUCER_FENCED'
}

/** [T7] Adds partitions to the open transaction; the first ones open it. */
export function addPartitions(
  transaction: Transaction,
  partitions: readonly TopicPartitionKey[],
  clientVersion: TransactionVersion,
  at: Millis,
): Transaction {
  const isOpen = transaction.state === 'Ongoing'
  const present = new Set(isOpen ? transaction.partitions : [])
  const added = partitions.filter((partition) => !present.has(partition))
  if (isOpen && added.length === 0) return transaction
  return {
    ...transaction,
    previousProducerId: transaction.producerId,
    state: 'Ongoing',
    partitions: [...present, ...added].sort(),
    startedAt: isOpen ? transaction.startedAt : at,
    updatedAt: at,
    clientVersion,
  }
}

export interface End extends Producer {
  readonly committed: boolean
  readonly clientVersion: TransactionVersion
  readonly freshProducerId: string
}

/** [T8]-[T11] EndTxn (TransactionCoordinator.endTransaction, endTransactionWithTV1). */
export function end(transaction: Transaction, request: End, at: Millis): Decision {
  const refuse = (error: TransactionError): Decision => ({ transaction, error })
  const { committed, clientVersion, producerEpoch } = request
  const { state } = transaction
  if (clientVersion === 2) return endWithBump(transaction, request, at)
  if (transaction.producerId !== request.producerId) return refuse('INVALID_PRODUCER_ID_MAPPING')
  if (transaction.producerEpoch !== producerEpoch) return refuse('PRODUCER_FENCED')
  if (state === 'Ongoing') return complete({ ...transaction, clientVersion }, transaction, committed, at)
  // [T9]
  return refuse(state === ended(committed) ? 'NONE' : 'INVALID_TXN_STATE')
}

function endWithBump(transaction: Transaction, request: End, at: Millis): Decision {
  const refuse = (error: TransactionError): Decision => ({ transaction, error })
  const { state } = transaction
  const { committed, producerId, producerEpoch, freshProducerId } = request
  // [T9] The answer that told of a new epoch, or of a new producer id, was lost: what it was told by is not fenced.
  const lostProducerId =
    transaction.previousProducerId === producerId &&
    producerEpoch === lastUsableEpoch &&
    transaction.producerEpoch === 0
  const isRetry = lostProducerId || transaction.producerEpoch === producerEpoch + 1
  const isOver = state === 'CompleteCommit' || state === 'CompleteAbort'
  if (transaction.producerId !== producerId && !lostProducerId) return refuse('INVALID_PRODUCER_ID_MAPPING')
  if (transaction.producerEpoch !== producerEpoch && !(isOver && isRetry)) return refuse('PRODUCER_FENCED')
  if (isOver && isRetry) return refuse(state === ended(committed) ? 'NONE' : 'INVALID_TXN_STATE')
  // [T11] The markers carry the new epoch, so that nothing late of this transaction gets into the next one.
  if (state === 'Ongoing') return bump(transaction, committed, freshProducerId, at)
  // [T10] An abort of nothing is allowed: the client cannot know whether it wrote.
  return committed ? refuse('INVALID_TXN_STATE') : bump({ ...transaction, startedAt: at }, false, freshProducerId, at)
}

function ended(committed: boolean): TransactionState {
  return committed ? 'CompleteCommit' : 'CompleteAbort'
}

/** Ends a transaction with the next epoch (TransactionMetadata.prepareAbortOrCommit, prepareComplete). */
function bump(transaction: Transaction, committed: boolean, freshProducerId: string, at: Millis): Decision {
  const { producerId, producerEpoch } = transaction
  const marker = { producerId, producerEpoch: Math.min(producerEpoch + 1, lastUsableEpoch + 1) }
  const next = isExhausted(producerEpoch) ? { producerId: freshProducerId, producerEpoch: 0 } : marker
  return complete(
    { ...transaction, ...next, previousProducerId: producerId, lastProducerEpoch: producerEpoch, clientVersion: 2 },
    marker,
    committed,
    at,
  )
}

/**
 * [T12] Ends the open transaction. One commit holds the markers and this state, so no crash leaves a transaction half ended: Kafka's
 * Prepare states have nothing to bridge here.
 */
function complete(
  transaction: Transaction,
  { producerId, producerEpoch }: Producer,
  committed: boolean,
  at: Millis,
): Decision {
  const { partitions } = transaction
  return {
    transaction: { ...transaction, state: ended(committed), partitions: [], updatedAt: at },
    error: 'NONE',
    markers: { committed, producerId, producerEpoch, partitions },
  }
}

/** [T15] The clock was set back to `at`: the transaction began no later, so that its time ends within its timeout. */
export function setBackTransaction(transaction: Transaction, at: Millis): Transaction {
  return transaction.startedAt > at ? { ...transaction, startedAt: at } : transaction
}

/** When the open transaction is aborted unless it ends before; `undefined` while none is open. */
export function expiresAt({ state, startedAt, timeoutMs }: Transaction): Millis | undefined {
  return state === 'Ongoing' ? startedAt + timeoutMs : undefined
}

/**
 * [T13] [T14] Aborts the open transaction for someone else than its producer: it took too long, or another one asked for its id. With
 * transaction version 2 the abort bumps the epoch as every end does, so the producer may still be given the new one; before, it was
 * bumped to fence, and nothing of the producer is recognised (TransactionMetadata.prepareFenceProducerEpoch).
 */
export function fence(
  transaction: Transaction,
  { freshProducerId, clusterVersion }: Pick<Init, 'freshProducerId' | 'clusterVersion'>,
  at: Millis,
): Decision {
  if (clusterVersion === 2) return bump(transaction, false, freshProducerId, at)
  const { producerId } = transaction
  const producerEpoch = Math.min(transaction.producerEpoch + 1, lastUsableEpoch + 1)
  const fenced = { ...transaction, producerEpoch, lastProducerEpoch: noEpoch, clientVersion: clusterVersion }
  return complete({ ...fenced, previousProducerId: producerId }, fenced, false, at)
}
