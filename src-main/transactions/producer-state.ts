/** What the checks need of a batch. Epochs and sequences as on the wire; -1 is none. */
export interface ProducerBatch {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
  readonly isTransactional: boolean
}

/** A batch that is in the log: how a retry of it is recognised. */
export interface AppendedBatch {
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
  readonly baseOffset: number
  readonly lastOffset: number
  readonly appendedAt: number
  readonly isControl: boolean
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

/** The last state of one producer in one partition (Kafka's ProducerStateEntry). */
export interface ProducerEntry {
  epoch: number
  /** The newest batches of this epoch, the oldest first; at most five, as many as a producer may have in flight. */
  batches: AppendedBatch[]
  /** Where its open transaction begins, if it has one. */
  firstOffset: number | undefined
  coordinatorEpoch: number
  lastAt: number
}

const keptBatches = 5
const maxSequence = 2_147_483_647
const noEpoch = -1

/** Sequences count through all non-negative ints and begin again at 0 (DefaultRecordBatch.incrementSequence). */
export function addSequence(sequence: number, count: number): number {
  return sequence > maxSequence - count ? count - (maxSequence - sequence) - 1 : sequence + count
}

/**
 * Who produces to one partition: sequences, epochs, open transactions (Kafka's ProducerStateManager). A producer that is not in
 * memory is looked up by `load`, which gives its newest batches, the newest first.
 */
export class ProducerStates {
  readonly #entries = new Map<bigint, ProducerEntry>()
  readonly #load: (producerId: bigint, limit: number) => readonly AppendedBatch[]
  readonly #firstOffsets = new Map<bigint, number>()

  constructor(
    load: (producerId: bigint, limit: number) => readonly AppendedBatch[],
    open: readonly { readonly producerId: bigint; readonly firstOffset: number }[],
  ) {
    this.#load = load
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

  entry(producerId: bigint): ProducerEntry {
    let entry = this.#entries.get(producerId)
    if (!entry) {
      const batches = this.#load(producerId, keptBatches)
      const newest = batches[0]
      entry = {
        epoch: newest?.producerEpoch ?? noEpoch,
        batches: batches.filter((batch) => !batch.isControl && batch.producerEpoch === newest?.producerEpoch).reverse(),
        firstOffset: undefined,
        coordinatorEpoch: -1,
        lastAt: newest?.appendedAt ?? -1,
      }
      this.#entries.set(producerId, entry)
    }
    return entry
  }

  /** What to do with a client's batch (ProducerAppendInfo.maybeValidateDataBatch). Changes nothing. */
  check(batch: ProducerBatch): ProducerVerdict {
    const entry = this.entry(batch.producerId)
    // [P2] A retry is found among the last five batches of its epoch.
    const lastSequence = addSequence(batch.baseSequence, batch.recordCount - 1)
    if (batch.producerEpoch === entry.epoch) {
      const duplicate = entry.batches.find(
        (held) =>
          held.baseSequence === batch.baseSequence &&
          addSequence(held.baseSequence, held.recordCount - 1) === lastSequence,
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
    // [P4] A new epoch begins at sequence 0; within an epoch there are no gaps. Nothing is known of a producer whose batches are gone.
    const last = entry.batches[entry.batches.length - 1]
    const isNewEpoch = batch.producerEpoch !== entry.epoch
    if (isNewEpoch && entry.epoch !== noEpoch && batch.baseSequence !== 0) {
      return outOfOrder(
        `Invalid sequence number for new epoch of producer ${batch.producerId}: ${batch.producerEpoch} (request epoch), ${batch.baseSequence} (seq. number), ${entry.epoch} (current producer epoch)`,
      )
    }
    if (
      !isNewEpoch &&
      last &&
      addSequence(addSequence(last.baseSequence, last.recordCount - 1), 1) !== batch.baseSequence
    ) {
      return outOfOrder(
        `Out of order sequence number for producer ${batch.producerId}: ${batch.baseSequence} (incoming seq. number), ${addSequence(last.baseSequence, last.recordCount - 1)} (current end sequence number)`,
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

  /** Notes a batch that was appended. Returns true when it opened a transaction. */
  appended(
    batch: ProducerBatch,
    at: { readonly baseOffset: number; readonly lastOffset: number; readonly appendedAt: number },
  ): boolean {
    const entry = this.entry(batch.producerId)
    if (entry.epoch !== batch.producerEpoch) {
      entry.epoch = batch.producerEpoch
      entry.batches = []
    }
    const { producerEpoch, baseSequence, recordCount } = batch
    entry.batches.push({ producerEpoch, baseSequence, recordCount, ...at, isControl: false })
    if (entry.batches.length > keptBatches) entry.batches.shift()
    entry.lastAt = at.appendedAt
    // [P6] The first transactional batch opens the transaction in this partition.
    if (!batch.isTransactional || entry.firstOffset !== undefined) return false
    entry.firstOffset = at.baseOffset
    this.#firstOffsets.set(batch.producerId, at.baseOffset)
    return true
  }

  /**
   * [P7] Notes a marker (ProducerAppendInfo.appendEndTxnMarker): the transaction is over, and the marker's epoch is the producer's.
   * Returns where the transaction began, or `undefined` when it had nothing in this partition.
   */
  marked(producerId: bigint, producerEpoch: number, coordinatorEpoch: number, appendedAt: number): number | undefined {
    const entry = this.entry(producerId)
    const { firstOffset } = entry
    if (entry.epoch !== producerEpoch) entry.batches = []
    entry.epoch = producerEpoch
    entry.firstOffset = undefined
    entry.coordinatorEpoch = coordinatorEpoch
    entry.lastAt = appendedAt
    this.#firstOffsets.delete(producerId)
    return firstOffset
  }

  /** [P8] Forgets producers that were silent for longer than `expirationMs` and have no open transaction. */
  expire(now: number, expirationMs: number): void {
    for (const [producerId, entry] of this.#entries) {
      if (entry.firstOffset === undefined && now - entry.lastAt >= expirationMs) this.#entries.delete(producerId)
    }
  }
}

function outOfOrder(message: string): ProducerVerdict {
  return { kind: 'refuse', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER', message }
}
