import type { Millis } from '../../../base/clock'
import type { Batch } from '../../../records/batch'
import { emptiedBatch, filterRecords, type RecordFacts, readRecordFacts } from '../../../records/rewrite'
import type { AbortedTransaction } from '../../../storage'
import { OffsetMap } from './offset-map'
import { PassedTransactions } from './passed-transactions'

/** Some batches of a log, and the aborted transactions that have offsets among them. */
export interface Stretch {
  readonly batches: readonly Batch[]
  readonly aborted: readonly AbortedTransaction[]
}

/** The first walk of a pass: the newest offset of each key in the dirty section (Cleaner.buildOffsetMap). */
export class KeyWalk {
  readonly offsets: OffsetMap
  readonly #from: number
  readonly #passed = new PassedTransactions()
  /** Offsets before this one are mapped. */
  end: number

  constructor(from: number, maxKeys: number) {
    this.#from = from
    this.end = from
    this.offsets = new OffsetMap(maxKeys)
  }

  /** Maps the next batches. [L9] Stops before a batch when the map is full; returns false then. */
  walk({ batches, aborted }: Stretch): boolean {
    this.#passed.expect(aborted)
    for (const batch of batches) {
      if (this.offsets.isFull) return false
      this.#map(batch)
      this.end = batch.lastOffset + 1
    }
    return true
  }

  /** [L8] Only data that is not aborted has a say about its key. */
  #map(batch: Batch): void {
    if (batch.isControl) {
      this.#passed.passMarker(batch)
      return
    }
    if (this.#passed.passData(batch)) return
    for (const { key, offset } of readRecordFacts(batch)) {
      if (key !== null && offset >= this.#from) this.offsets.put(key, offset)
    }
  }
}

/** The last thing that a known producer wrote (Kafka's LastRecord): its last data, or the epoch of its marker when it has none in its epoch. */
interface LastRecord {
  readonly epoch: number
  readonly lastDataOffset: number | undefined
}

export interface FilterRules {
  readonly now: Millis
  readonly deleteRetentionMs: number
  readonly highWatermark: number
  /** `undefined` for producers that are forgotten. */
  readonly lastRecordOf: (producerId: bigint) => LastRecord | undefined
}

/** Outcome for one batch. */
export type Verdict =
  | { readonly kind: 'keep' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'replace'; readonly bytes: Buffer; readonly recordCount: number }

/** Verdicts on the batches of a stretch, and the aborted transactions of which nothing is left. */
export interface Filtered {
  readonly verdicts: readonly Verdict[]
  readonly forgotten: readonly AbortedTransaction[]
}

const keep: Verdict = { kind: 'keep' }
const remove: Verdict = { kind: 'remove' }

/** The second walk of a pass, from the start of the log to the end of the mapped section: what is kept (Cleaner.cleanInto). */
export class FilterWalk {
  readonly #offsets: OffsetMap
  readonly #rules: FilterRules
  readonly #passed = new PassedTransactions()

  constructor(offsets: OffsetMap, rules: FilterRules) {
    this.#offsets = offsets
    this.#rules = rules
  }

  walk({ batches, aborted }: Stretch): Filtered {
    this.#passed.expect(aborted)
    const forgotten: AbortedTransaction[] = []
    const verdicts = batches.map((batch) => {
      if (!batch.isControl) return this.#data(batch)
      const marker = this.#passed.passMarker(batch)
      if (marker.forgotten) forgotten.push(marker.forgotten)
      return this.#marker(batch, marker.isObsolete)
    })
    return { verdicts, forgotten }
  }

  #data(batch: Batch): Verdict {
    // [L11] Nobody may read what was aborted.
    if (this.#passed.passData(batch)) return this.#emptied(batch)
    return this.#filtered(batch, (record) => this.#isKept(batch, record), false)
  }

  /** [L18] [L19] A marker stays while its transaction has a batch, and then as long as a tombstone. */
  #marker(batch: Batch, isObsolete: boolean): Verdict {
    if (isObsolete && this.#isPastHorizon(batch)) return this.#emptied(batch)
    return this.#filtered(batch, () => true, isObsolete)
  }

  #filtered(batch: Batch, keeps: (record: RecordFacts) => boolean, isObsolete: boolean): Verdict {
    const { bytes, recordCount } = filterRecords(batch, keeps, ({ hasTombstone }) =>
      // [L12] The horizon is set once, whatever the times of the records.
      (hasTombstone || isObsolete) && !batch.hasDeleteHorizon ? this.#horizon() : undefined,
    )
    if (bytes === null) return this.#emptied(batch)
    // [L14] What does not change is not written.
    return bytes === batch.bytes ? keep : { kind: 'replace', bytes, recordCount }
  }

  #isKept(batch: Batch, { key, hasValue, offset }: RecordFacts): boolean {
    // [L13] A record without a key comes from before the topic was compacted.
    if (key === null) return false
    // [L10] A newer record of the key takes its place.
    if (offset < this.#offsets.get(key)) return false
    return hasValue || !this.#isPastHorizon(batch)
  }

  /** [L16] [L17] Without records a batch stays only for the last sequence or epoch of its producer, or for the end of the log. */
  #emptied(batch: Batch): Verdict {
    if (!this.#isLastOfProducer(batch) && batch.lastOffset + 1 !== this.#rules.highWatermark) return remove
    const bytes = emptiedBatch(batch)
    return bytes.equals(batch.bytes) ? keep : { kind: 'replace', bytes, recordCount: 0 }
  }

  /** [L16] [L20] */
  #isLastOfProducer(batch: Batch): boolean {
    const last = batch.producerId < 0n ? undefined : this.#rules.lastRecordOf(batch.producerId)
    if (!last) return false
    return last.lastDataOffset === undefined
      ? batch.isControl && batch.producerEpoch === last.epoch
      : batch.lastOffset === last.lastDataOffset
  }

  #isPastHorizon(batch: Batch): boolean {
    return batch.hasDeleteHorizon && batch.baseTimestamp <= this.#rules.now
  }

  #horizon(): number {
    return Math.min(this.#rules.now + this.#rules.deleteRetentionMs, Number.MAX_SAFE_INTEGER)
  }
}
