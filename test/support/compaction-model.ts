import type { LogRecord } from '../../src-main/records/record'

/** Tells what a log holds after any history, from the history alone: a plain list, and the rules of compaction as a reader would say them. */

export interface ModelRecord {
  readonly offset: number
  readonly key: string
  readonly value: string | null
  readonly timestamp: number
  readonly transaction: ModelTransaction | undefined
}

export interface ModelTransaction {
  state: 'open' | 'committed' | 'aborted'
  readonly firstOffset: number
  marker: number | undefined
}

interface ModelBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly newestAt: number
}

interface ModelPass {
  readonly at: number
  readonly end: number
}

export interface ModelRules {
  readonly deleteRetentionMs: number
  readonly minCompactionLagMs: number
}

export class CompactionModel {
  readonly records: ModelRecord[] = []
  readonly transactions: ModelTransaction[] = []
  readonly #batches: ModelBatch[] = []
  readonly #passes: ModelPass[] = []
  readonly #rules: ModelRules
  end = 0
  start = 0
  cleanedUntil = 0

  constructor(rules: ModelRules) {
    this.#rules = rules
  }

  /** A batch of records was appended. */
  append(
    pairs: readonly (readonly [string, string | null])[],
    timestamp: number,
    transaction?: ModelTransaction,
  ): void {
    this.#batches.push({ baseOffset: this.end, lastOffset: this.end + pairs.length - 1, newestAt: timestamp })
    for (const [key, value] of pairs) this.records.push({ offset: this.end++, key, value, timestamp, transaction })
  }

  /** The next batch begins a transaction. */
  begin(): ModelTransaction {
    const transaction: ModelTransaction = { state: 'open', firstOffset: this.end, marker: undefined }
    this.transactions.push(transaction)
    return transaction
  }

  /** A marker was appended. */
  finish(transaction: ModelTransaction, committed: boolean, at: number): void {
    transaction.state = committed ? 'committed' : 'aborted'
    transaction.marker = this.end
    this.#batches.push({ baseOffset: this.end, lastOffset: this.end, newestAt: at })
    this.end++
  }

  get lastStableOffset(): number {
    const open = this.transactions.filter(({ state }) => state === 'open').map(({ firstOffset }) => firstOffset)
    return Math.max(this.start, Math.min(this.end, ...open))
  }

  /** A round of compaction. Returns true when there was something to clean. */
  clean(at: number): boolean {
    const from = Math.max(this.cleanedUntil, this.start)
    const limit = Math.min(this.lastStableOffset, this.#batches.at(-1)?.baseOffset ?? 0)
    const lag = this.#rules.minCompactionLagMs
    let end = from
    for (const { lastOffset, newestAt } of this.#batches) {
      if (lastOffset < from) continue
      if (lastOffset >= limit || (lag > 0 && newestAt > at - lag)) break
      end = lastOffset + 1
    }
    if (end === from) return false
    this.cleanedUntil = end
    this.#passes.push({ at, end })
    return true
  }

  /** The data records that the log holds from its start on. */
  visible(): ModelRecord[] {
    const newest = new Map<string, number>()
    for (const { key, offset, transaction } of this.records) {
      if (offset >= this.cleanedUntil) break
      if (offset >= this.start && transaction?.state !== 'aborted') newest.set(key, offset)
    }
    return this.records.filter((record) => {
      if (record.offset < this.start) return false
      if (record.offset >= this.cleanedUntil) return true
      return newest.get(record.key) === record.offset && !this.#isExpired(record)
    })
  }

  /** The records of `visible` that a consumer of committed records gets. */
  committed(): ModelRecord[] {
    return this.visible().filter(
      ({ offset, transaction }) => offset < this.lastStableOffset && transaction?.state !== 'aborted',
    )
  }

  /** A tombstone goes with the first pass after its time, which begins with the first pass that met it. */
  #isExpired({ offset, value }: ModelRecord): boolean {
    if (value !== null) return false
    const [first, ...later] = this.#passes.filter(({ end }) => end > offset)
    return first !== undefined && later.some(({ at }) => at >= first.at + this.#rules.deleteRetentionMs)
  }
}

/** A record of a log in the form of the model. */
export function asModel({ offset, key, value, timestamp }: LogRecord) {
  return { offset, key: String(key), value: value === null ? null : String(value), timestamp: Number(timestamp) }
}
