import type { Int64 } from '../base/int64'

/** What the checks need of a batch. Epochs and sequences as on the wire; -1 is none. */
export interface ProducerBatch {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
  readonly maxTimestamp: Int64
  readonly isTransactional: boolean
}

/** A batch that is in the log: how a retry of it is recognised. */
export interface AppendedBatch {
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
  readonly baseOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: Int64
  readonly isControl: boolean
}

/** What ends a transaction in a partition. */
export interface Marker {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly transactionVersion: number
}

export type ProducerVerdict =
  | { readonly kind: 'append' }
  /** A retry: it is in the log already, and is answered as the first time. */
  | { readonly kind: 'duplicate'; readonly batch: AppendedBatch }
  | {
      readonly kind: 'refuse'
      readonly error: 'INVALID_PRODUCER_EPOCH' | 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'INVALID_TXN_STATE'
      readonly message: string
    }

/** The last thing that a known producer wrote (Kafka's LastRecord). */
export interface LastRecord {
  readonly epoch: number
  readonly lastDataOffset: number | undefined
}

/** The last state of one producer in one partition (Kafka's ProducerStateEntry). */
export interface ProducerEntry {
  epoch: number
  /** The newest batches of this epoch, the oldest first; at most five, as many as a producer may have in flight. */
  batches: AppendedBatch[]
  /** Of the newest batch of this epoch; -1 when it has none yet, `undefined` when it may have had some that are gone. */
  lastSequence: number | undefined
  /** Where its open transaction begins, if it has one. */
  firstOffset: number | undefined
  coordinatorEpoch: number
  /** Of its newest batch or marker: the largest time of its records. */
  lastTimestamp: Int64
}

const keptBatches = 5
const maxSequence = 2_147_483_647
const noEpoch = -1
const noSequence = -1
const maxEpoch = 32_767

/** Sequences count through all non-negative ints and begin again at 0 (DefaultRecordBatch.incrementSequence). */
export function addSequence(sequence: number, count: number): number {
  return sequence > maxSequence - count ? count - (maxSequence - sequence) - 1 : sequence + count
}

/**
 * Who produces to one partition: sequences, epochs, open transactions (Kafka's ProducerStateManager). A producer that is not in
 * memory is looked up by `load`, which gives its newest batches, the newest first; `coordinatorEpochOf` reads a marker among them.
 * Who wrote nothing since `forgetsBefore` (ms) is not known any more.
 */
export class ProducerStates {
  readonly #entries = new Map<bigint, ProducerEntry>()
  readonly #load: (producerId: bigint, limit: number) => readonly AppendedBatch[]
  readonly #coordinatorEpochOf: (marker: AppendedBatch) => number
  readonly #forgetsBefore: () => number
  readonly #firstOffsets = new Map<bigint, number>()

  constructor(
    load: (producerId: bigint, limit: number) => readonly AppendedBatch[],
    coordinatorEpochOf: (marker: AppendedBatch) => number,
    open: readonly { readonly producerId: bigint; readonly firstOffset: number }[],
    forgetsBefore: () => number,
  ) {
    this.#load = load
    this.#coordinatorEpochOf = coordinatorEpochOf
    this.#forgetsBefore = forgetsBefore
    for (const { producerId, firstOffset } of open) {
      this.#firstOffsets.set(producerId, firstOffset)
      this.entry(producerId).firstOffset = firstOffset
    }
  }

  /** [P1] The first offset that may still be aborted; consumers that read committed stop before it. */
  get firstUnstableOffset(): number | undefined {
    let first: number | undefined
    for (const offset of this.#firstOffsets.values()) if (first === undefined || offset < first) first = offset
    return first
  }

  /** Where the open transaction of a producer begins. */
  firstOffsetOf(producerId: bigint): number | undefined {
    return this.#firstOffsets.get(producerId)
  }

  entry(producerId: bigint): ProducerEntry {
    let entry = this.#entries.get(producerId)
    if (!entry) {
      entry = this.#entryOf(producerId)
      this.#entries.set(producerId, entry)
    }
    return entry
  }

  /** The state that the log says. */
  #entryOf(producerId: bigint): ProducerEntry {
    const stored = this.#stored(producerId)
    const newest = stored[0]
    const marker = stored.find(({ isControl }) => isControl)
    const batches = stored.filter((batch) => !batch.isControl && batch.producerEpoch === newest?.producerEpoch)
    return {
      epoch: newest?.producerEpoch ?? noEpoch,
      batches: batches.slice(0, keptBatches).reverse(),
      lastSequence: batches[0]
        ? lastSequenceOf(batches[0])
        : stored.some((batch) => batch.producerEpoch !== newest?.producerEpoch)
          ? noSequence
          : undefined,
      firstOffset: undefined,
      coordinatorEpoch: marker ? this.#coordinatorEpochOf(marker) : -1,
      lastTimestamp: newest?.maxTimestamp ?? -1,
    }
  }

  /** The newest batches of a producer, the newest first: as far as they say what its epoch has written, markers between them or not. */
  #stored(producerId: bigint): readonly AppendedBatch[] {
    for (let limit = keptBatches; ; limit *= 4) {
      const batches = this.#load(producerId, limit)
      if (batches[0] && this.#isForgotten(producerId, batches[0].maxTimestamp)) return []
      const isAll =
        batches.length < limit ||
        batches.some(({ producerEpoch }) => producerEpoch !== batches[0]?.producerEpoch) ||
        batches.filter(({ isControl }) => !isControl).length >= keptBatches
      if (isAll) return batches
    }
  }

  /** Whether this epoch of the producer has a transaction open here (UnifiedLog.hasOngoingTransaction). */
  isOpen(producerId: bigint, producerEpoch: number): boolean {
    const { epoch, firstOffset } = this.entry(producerId)
    return firstOffset !== undefined && epoch === producerEpoch
  }

  /**
   * What to do with a client's batch (ProducerAppendInfo.maybeValidateDataBatch). Changes nothing. `bumpsEpoch`: it comes from a client
   * with transaction version 2, whose transactions each have an epoch.
   */
  check(batch: ProducerBatch, bumpsEpoch = false): ProducerVerdict {
    const entry = this.entry(batch.producerId)
    // [P2] A retry is found among the last five batches of its epoch.
    const lastSequence = lastSequenceOf(batch)
    if (batch.producerEpoch === entry.epoch) {
      const duplicate = entry.batches.find(
        (held) => held.baseSequence === batch.baseSequence && lastSequenceOf(held) === lastSequence,
      )
      if (duplicate) return { kind: 'duplicate', batch: duplicate }
    }
    // [P3] An older epoch is fenced.
    if (batch.producerEpoch < entry.epoch) {
      return {
        kind: 'refuse',
        error: 'INVALID_PRODUCER_EPOCH',
        message: `Epoch of producer ${batch.producerId} is ${batch.producerEpoch}, which is smaller than the last seen epoch ${entry.epoch}`,
      }
    }
    // [P9] Whose transactions each have an epoch has written nothing in this one before its first batch. The batches of an open transaction
    // may be gone from the log; Kafka has its producer in a snapshot then.
    const hasOpenTransaction = entry.firstOffset !== undefined
    if (bumpsEpoch && !hasOpenTransaction && entry.batches.length === 0 && batch.baseSequence !== 0) {
      return outOfOrder(
        `Invalid sequence number for producer ${batch.producerId}: ${batch.baseSequence} (incoming seq. number). Expected sequence 0 for transactions v2 idempotent producer with no existing state.`,
      )
    }
    // [P4] A new epoch begins at sequence 0; within an epoch there are no gaps. Nothing is known of a producer whose batches are gone.
    const isNewEpoch = batch.producerEpoch !== entry.epoch
    if (isNewEpoch && entry.epoch !== noEpoch && batch.baseSequence !== 0) {
      return outOfOrder(
        `Invalid sequence number for new epoch of producer ${batch.producerId}: ${batch.producerEpoch} (request epoch), ${batch.baseSequence} (seq. number), ${entry.epoch} (current producer epoch)`,
      )
    }
    const before = entry.lastSequence
    if (!isNewEpoch && before !== undefined && addSequence(before, 1) !== batch.baseSequence) {
      return outOfOrder(
        `Out of order sequence number for producer ${batch.producerId}: ${batch.baseSequence} (incoming seq. number), ${before} (current end sequence number)`,
      )
    }
    // [P5] Within a transaction everything is transactional.
    if (entry.firstOffset !== undefined && !batch.isTransactional) {
      return {
        kind: 'refuse',
        error: 'INVALID_TXN_STATE',
        message: `Expected transactional write from producer with id ${batch.producerId}`,
      }
    }
    return { kind: 'append' }
  }

  /**
   * The last thing that a producer wrote: its last data, or the epoch of its marker when it has no data in that epoch. `undefined` when it is
   * not known (UnifiedLog.lastRecordsOfActiveProducers).
   */
  lastRecordOf(producerId: bigint): LastRecord | undefined {
    const { epoch, batches, lastTimestamp } = this.#entries.get(producerId) ?? this.#entryOf(producerId)
    if (epoch === noEpoch || this.#isForgotten(producerId, lastTimestamp)) return undefined
    return { epoch, lastDataOffset: batches.at(-1)?.lastOffset }
  }

  /** [P6] Whether a batch opens a transaction in this partition: it is the first transactional one. */
  opens({ producerId, isTransactional }: ProducerBatch): boolean {
    return isTransactional && this.entry(producerId).firstOffset === undefined
  }

  /** Notes a batch that was appended. */
  appended(batch: ProducerBatch, at: { readonly baseOffset: number; readonly lastOffset: number }): void {
    const entry = this.entry(batch.producerId)
    if (this.opens(batch)) {
      entry.firstOffset = at.baseOffset
      this.#firstOffsets.set(batch.producerId, at.baseOffset)
    }
    if (entry.epoch !== batch.producerEpoch) {
      entry.epoch = batch.producerEpoch
      entry.batches = []
    }
    const { producerEpoch, baseSequence, recordCount, maxTimestamp } = batch
    entry.batches.push({ producerEpoch, baseSequence, recordCount, maxTimestamp, ...at, isControl: false })
    if (entry.batches.length > keptBatches) entry.batches.shift()
    entry.lastSequence = lastSequenceOf(batch)
    entry.lastTimestamp = maxTimestamp
  }

  /**
   * Why a marker may not be appended (ProducerAppendInfo.appendEndTxnMarker), or `undefined`.
   *
   * [P10] An older epoch, or an older coordinator, is fenced; with transaction version 2 the epoch must have grown, unless the marker
   * comes again.
   */
  markerProblem(marker: Marker): 'INVALID_PRODUCER_EPOCH' | 'TRANSACTION_COORDINATOR_FENCED' | undefined {
    const { epoch, firstOffset, coordinatorEpoch } = this.entry(marker.producerId)
    const comesAgain = marker.producerEpoch === epoch && (firstOffset === undefined || epoch === maxEpoch)
    const isStale = marker.transactionVersion >= 2 ? marker.producerEpoch <= epoch : marker.producerEpoch < epoch
    if (isStale && !(marker.transactionVersion >= 2 && comesAgain)) return 'INVALID_PRODUCER_EPOCH'
    return coordinatorEpoch > marker.coordinatorEpoch ? 'TRANSACTION_COORDINATOR_FENCED' : undefined
  }

  /** [P7] Notes a marker: the transaction is over, and the marker's epoch is the producer's. */
  marked({ producerId, producerEpoch, coordinatorEpoch }: Omit<Marker, 'transactionVersion'>, timestamp: number): void {
    const entry = this.entry(producerId)
    if (entry.epoch !== producerEpoch) {
      entry.batches = []
      // [P4] Data of this epoch that was deleted before its marker came may have had any sequence.
      entry.lastSequence = entry.epoch === noEpoch ? undefined : noSequence
    }
    entry.epoch = producerEpoch
    entry.firstOffset = undefined
    entry.coordinatorEpoch = coordinatorEpoch
    entry.lastTimestamp = timestamp
    this.#firstOffsets.delete(producerId)
  }

  /** [P8] Forgets producers that were silent for long and have no open transaction (ProducerStateManager.removeExpiredProducers). */
  expire(): void {
    for (const [producerId, { lastTimestamp }] of this.#entries) {
      if (this.#isForgotten(producerId, lastTimestamp)) this.#entries.delete(producerId)
    }
  }

  #isForgotten(producerId: bigint, lastTimestamp: Int64): boolean {
    return !this.#firstOffsets.has(producerId) && lastTimestamp < this.#forgetsBefore()
  }
}

function lastSequenceOf({ baseSequence, recordCount }: Pick<ProducerBatch, 'baseSequence' | 'recordCount'>): number {
  return addSequence(baseSequence, recordCount - 1)
}

function outOfOrder(message: string): ProducerVerdict {
  return { kind: 'refuse', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER', message }
}
