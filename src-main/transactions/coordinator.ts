import type { Millis } from '../base/clock'

/** org.apache.kafka.coordinator.transaction.TransactionState, as far as it is ever seen: the Prepare states last no longer than a step. */
export type TransactionState = 'Empty' | 'Ongoing' | 'CompleteCommit' | 'CompleteAbort'

/** Kafka's error names that this machine answers with. */
export type TransactionError =
  | 'NONE'
  | 'INVALID_PRODUCER_ID_MAPPING'
  | 'PRODUCER_FENCED'
  | 'INVALID_TXN_STATE'
  | 'CONCURRENT_TRANSACTIONS'
  | 'INVALID_TRANSACTION_TIMEOUT'

/** One transactional id as a value: frozen JSON (TransactionMetadata). Producer ids are decimal text: they have 64 bits. */
export interface Transaction {
  readonly transactionalId: string
  readonly producerId: string
  readonly producerEpoch: number
  /** The epoch before the last bump that a client asked for: a retry of it is recognised (KIP-360). -1: none. */
  readonly lastProducerEpoch: number
  /** The producer id before the last change of it (epochs ran out). */
  readonly previousProducerId: string
  readonly timeoutMs: number
  readonly state: TransactionState
  /** Partitions with records of the open transaction: `orders:3`. */
  readonly partitions: readonly string[]
  /** When the open transaction began; -1 while there is none. */
  readonly startedAt: Millis
  readonly updatedAt: Millis
  /** Transaction version of the last client (KIP-890): 2 bumps the epoch with every transaction. */
  readonly clientVersion: 0 | 2
}

/** Markers that must be written in the same commit as the state that ordered them: they are what ends a transaction in its partitions. */
export interface Markers {
  readonly committed: boolean
  readonly producerId: string
  readonly producerEpoch: number
  readonly partitions: readonly string[]
}

/** What a step decided. */
export interface Decision {
  readonly transaction: Transaction
  readonly error: TransactionError
  readonly markers?: Markers
}

export const noEpoch = -1
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
    const fenced = { ...transaction, producerEpoch: Math.min(transaction.producerEpoch + 1, lastUsableEpoch + 1) }
    const { transaction: aborted, markers } = complete(fenced, false, at, fenced.producerEpoch)
    return { transaction: aborted, error: 'CONCURRENT_TRANSACTIONS', ...(markers ? { markers } : {}) }
  }
  const next = {
    ...transaction,
    state: 'Empty' as const,
    timeoutMs: request.timeoutMs,
    updatedAt: at,
    partitions: [],
    startedAt: -1,
  }
  const epoch = transaction.producerEpoch
  // [T4] Epochs that run out are followed by a new producer id.
  if (epoch >= lastUsableEpoch) {
    return {
      transaction: {
        ...next,
        previousProducerId: transaction.producerId,
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

function isKnown(transaction: Transaction, { producerId, producerEpoch }: Init): boolean {
  return (
    transaction.producerEpoch === noEpoch ||
    producerId === transaction.producerId ||
    (producerId === transaction.previousProducerId && producerEpoch >= lastUsableEpoch)
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
  partitions: readonly string[],
  clientVersion: 0 | 2,
  at: Millis,
): Transaction {
  const isOpen = transaction.state === 'Ongoing'
  const present = new Set(isOpen ? transaction.partitions : [])
  const added = partitions.filter((partition) => !present.has(partition))
  if (isOpen && added.length === 0) return transaction
  return {
    ...transaction,
    state: 'Ongoing',
    partitions: [...present, ...added].sort(),
    startedAt: isOpen ? transaction.startedAt : at,
    updatedAt: at,
    clientVersion,
  }
}

export interface End extends Producer {
  readonly committed: boolean
  readonly clientVersion: 0 | 2
  readonly freshProducerId: string
}

/** [T8]-[T11] EndTxn (TransactionCoordinator.endTransaction). */
export function end(transaction: Transaction, request: End, at: Millis): Decision {
  const { committed, clientVersion, producerEpoch } = request
  const refuse = (error: TransactionError): Decision => ({ transaction, error })
  if (transaction.producerId !== request.producerId) {
    // [T9] The answer that told of a new producer id was lost.
    const isRetry =
      clientVersion === 2 && transaction.previousProducerId === request.producerId && transaction.producerEpoch === 0
    return isRetry && isSame(transaction, committed) ? refuse('NONE') : refuse('INVALID_PRODUCER_ID_MAPPING')
  }
  // [T9] With version 2 the epoch grew with the answer that was lost.
  const isRetry =
    clientVersion === 2 && producerEpoch === transaction.producerEpoch - 1 && transaction.state !== 'Ongoing'
  if (producerEpoch !== transaction.producerEpoch && !isRetry) return refuse('PRODUCER_FENCED')
  if (transaction.state !== 'Ongoing') {
    if (isRetry) return refuse(isSame(transaction, committed) ? 'NONE' : 'INVALID_TXN_STATE')
    // [T10] With version 2 an abort of nothing is allowed, and bumps the epoch: the client cannot know whether it wrote.
    if (clientVersion === 2)
      return committed ? refuse('INVALID_TXN_STATE') : complete(bumped(transaction, request), false, at)
    return refuse(isSame(transaction, committed) ? 'NONE' : 'INVALID_TXN_STATE')
  }
  if (clientVersion !== 2) return complete(transaction, committed, at)
  // [T11] KIP-890: the markers carry the new epoch, so that nothing late of this transaction gets into the next one.
  return complete(
    bumped({ ...transaction, clientVersion }, request),
    committed,
    at,
    Math.min(producerEpoch + 1, lastUsableEpoch + 1),
    transaction.producerId,
  )
}

function isSame({ state }: Transaction, committed: boolean): boolean {
  return state === (committed ? 'CompleteCommit' : 'CompleteAbort')
}

function bumped(transaction: Transaction, { freshProducerId }: End): Transaction {
  const { producerEpoch, producerId } = transaction
  return producerEpoch >= lastUsableEpoch
    ? {
        ...transaction,
        previousProducerId: producerId,
        producerId: freshProducerId,
        producerEpoch: 0,
        lastProducerEpoch: producerEpoch,
      }
    : { ...transaction, producerEpoch: producerEpoch + 1, lastProducerEpoch: producerEpoch }
}

/**
 * [T12] Ends the open transaction. One commit holds the markers and this state, so no crash leaves a transaction half ended: Kafka's
 * Prepare states have nothing to bridge here.
 */
function complete(
  transaction: Transaction,
  committed: boolean,
  at: Millis,
  markerEpoch = transaction.producerEpoch,
  markerProducerId = transaction.producerId,
): Decision {
  const { partitions } = transaction
  return {
    transaction: {
      ...transaction,
      state: committed ? 'CompleteCommit' : 'CompleteAbort',
      partitions: [],
      startedAt: -1,
      updatedAt: at,
    },
    error: 'NONE',
    markers: { committed, producerId: markerProducerId, producerEpoch: markerEpoch, partitions },
  }
}

/** When the open transaction is aborted unless it ends before; `undefined` while none is open. */
export function expiresAt({ state, startedAt, timeoutMs }: Transaction): Millis | undefined {
  return state === 'Ongoing' ? startedAt + timeoutMs : undefined
}

/** [T13] A transaction that took too long is aborted, and its producer fenced (TransactionCoordinator.abortTimedOutTransactions). */
export function timeOut(transaction: Transaction, at: Millis): Decision {
  const producerEpoch = Math.min(transaction.producerEpoch + 1, lastUsableEpoch + 1)
  return complete({ ...transaction, producerEpoch, lastProducerEpoch: noEpoch }, false, at)
}
