import type { MessageRow, OffsetGap, SearchPosition, TransactionState } from '../../contract/messages'
import type { Batch } from '../../records/batch'
import type { LogRecord } from '../../records/record'
import type { ScanRange } from '../source/records'
import type { BatchReader, ScannedBatch } from './batch-reader'
import { recordsOf, unpackedOf } from './readable'
import type { RuleOut } from './rule-out'
import type { Turns } from './turns'

/** A record that a search may give. */
export interface Found {
  readonly record: LogRecord
  readonly range: ScanRange
  readonly transaction: TransactionState | null
  readonly gap: OffsetGap | undefined
  /** Where it stands among the records of all partitions. */
  readonly orderAt: number
}

/** Hears of what a cursor reads. */
interface Finder {
  found(record: LogRecord, transaction: TransactionState | null, gap: OffsetGap | undefined): void
  /** So many records were ruled out, by `ruleOut`. */
  ruledOut?(records: number): void
  unreadable(batch: Batch, problem: string): void
}

interface Reading {
  readonly backward: boolean
  readonly committed: boolean
  readonly maxBytes: number
  /** Tells of those of some batches that nothing in them can match: no records are made of them. */
  readonly ruleOut?: ((batches: readonly Batch[]) => RuleOut) | undefined
  /** Asked after each record that was handed over: others may have their turn. */
  readonly turns?: Turns | undefined
  /** Awaited before the records of a batch are handed over. */
  readonly prepare?: ((records: readonly LogRecord[]) => Promise<void>) | undefined
}

/** How far a search has come in one partition, and what lies between the records that it read. */
export class SearchCursor {
  readonly range: ScanRange
  /** The time that it has come to: what it still finds lies behind. */
  reachedAt: number
  bytes = 0
  from: number
  before: number
  readonly #backward: boolean
  readonly #seen: ReadonlySet<number>
  /** `undefined`: all. */
  readonly #only: ReadonlySet<number> | undefined
  /** Offsets that were given, as far as they lie behind something that was not. */
  #given: number[]
  /** The record that was read last. */
  #edge: number
  #markers = 0
  #aborted = 0

  constructor(range: ScanRange, backward: boolean) {
    this.range = range
    this.#backward = backward
    this.from = range.from
    this.before = range.before
    this.reachedAt = backward ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    this.#seen = new Set(range.seen)
    this.#only = range.only && new Set(range.only)
    this.#given = [...range.seen]
    this.#edge = backward ? range.before : range.from - 1
  }

  get isDone(): boolean {
    return this.from >= this.before
  }

  /** Hands over the records of the next batches, in the order in which the log is read. */
  async read(
    reader: BatchReader,
    { backward, committed, maxBytes, ruleOut, prepare, turns }: Reading,
    finder: Finder,
  ): Promise<void> {
    const { from, before } = this
    const isWhole = !this.#only && this.#seen.size === 0
    const batches = await reader.batches(this.range, { from, before, maxBytes, backward })
    if (batches.length === 0) this.from = before
    const isOut = ruleOut?.(batches.map(({ batch }) => batch))
    for (let index = 0; index < batches.length; index++) {
      const { batch, transaction } = batches[index] as ScannedBatch
      this.bytes += batch.sizeBytes
      if (backward) this.before = Math.min(this.before, batch.baseOffset)
      else this.from = batch.lastOffset + 1
      if (batch.isControl) {
        this.#markers += batch.recordCount
        continue
      }
      if (committed && transaction === 'aborted') {
        this.#aborted += batch.recordCount
        continue
      }
      const isInside = isWhole && batch.baseOffset >= from && batch.lastOffset < before
      let unpacked: Buffer | undefined
      const out = isInside ? isOut?.(index, () => (unpacked ??= unpackedOf(batch))) : undefined
      if (out) {
        this.#gapTo(backward ? batch.baseOffset : batch.lastOffset)
        this.reachedAt = backward ? Math.min(this.reachedAt, out.oldest) : Math.max(this.reachedAt, out.newest)
        finder.ruledOut?.(batch.recordCount)
        continue
      }
      const { records, problem } = recordsOf(batch, unpacked)
      if (problem !== null) finder.unreadable(batch, problem)
      if (prepare) await prepare(records)
      for (const record of backward ? records.toReversed() : records) {
        if (record.offset < from || record.offset >= before) continue
        if (this.#only && !this.#only.has(record.offset)) continue
        const gap = this.#gapTo(record.offset)
        if (this.#seen.size > 0 && this.#seen.has(record.offset)) continue
        this.reachedAt = backward
          ? Math.min(this.reachedAt, Number(record.timestamp))
          : Math.max(this.reachedAt, Number(record.timestamp))
        finder.found(record, transaction, gap)
        const turn = turns?.next()
        if (turn) await turn
      }
    }
    // Between two wanted offsets nothing is read.
    if (this.#only && !this.isDone) this.from = this.range.only?.find((offset) => offset >= this.from) ?? before
  }

  give(offset: number): void {
    this.#given.push(offset)
  }

  /**
   * Where the next search begins: behind what was given, and before everything in `held` of this partition. With `tight` right at the last
   * record that was given, so that the gap behind it is told; else what was read in vain is not read again.
   */
  position(held: readonly number[], tight: boolean): SearchPosition[number] {
    const { topic, partition } = this.range
    const given = this.#given
    if (this.#backward) {
      const bound = held.reduce((most, offset) => Math.max(most, offset + 1), this.before)
      const offset = given.reduce((least, one) => (one >= bound ? Math.min(least, one) : least), Infinity)
      this.#given = given.filter((one) => one < bound)
      return { topic, partition, offset: tight && offset < Infinity ? offset : bound, seen: this.#given }
    }
    const bound = held.reduce((least, offset) => Math.min(least, offset), this.from)
    const offset = given.reduce((most, one) => (one < bound ? Math.max(most, one + 1) : most), -1)
    this.#given = given.filter((one) => one >= bound)
    return { topic, partition, offset: tight && offset >= 0 ? offset : bound, seen: this.#given }
  }

  #gapTo(offset: number): OffsetGap | undefined {
    const [first, last] = this.#backward ? [offset + 1, this.#edge - 1] : [this.#edge + 1, offset - 1]
    const gap = last < first ? undefined : { first, last, markers: this.#markers, aborted: this.#aborted }
    this.#edge = offset
    this.#markers = 0
    this.#aborted = 0
    return gap
  }
}

/** A row's marks that most have not. */
export function marksOf({ transaction, gap }: Found): Pick<MessageRow, 'transaction' | 'gap'> {
  return gap ? { transaction, gap } : { transaction }
}
