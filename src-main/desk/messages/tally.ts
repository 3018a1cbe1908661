import { keyOf } from '../../base/topic-partition'
import type { Histogram } from '../../contract/messages'
import type { ScanPlan, ScanRange } from '../source/records'
import type { BatchReader } from './batch-reader'
import { type Filter, RecordError } from './filter'
import { SearchCursor } from './search-cursor'
import { earliestUsual, TimeCounts } from './time-counts'
import type { Turns } from './turns'

/** Less than a search reads at once: the whole of the log is counted, and searches go on in between. */
const sliceBytes = 256 * 1024

/** The end of the ECMAScript calendar, in ms. */
const lastDate = 8_640_000_000_000_000

/** Counts over time what a search with the same plan would list: every record is read, so that a bucket holds what its time lists. */
export class Tally {
  readonly #plan: ScanPlan
  readonly #filter: Filter
  readonly #reader: BatchReader
  readonly #turns: Turns | undefined
  readonly #usual: TimeCounts
  readonly #early: TimeCounts
  #cursors: readonly SearchCursor[]
  #offsets: number
  #earlyRecords = 0

  /** @param turns where the filter may take long */
  constructor(reader: BatchReader, plan: ScanPlan, filter: Filter, buckets: number, turns?: Turns) {
    this.#turns = turns
    this.#reader = reader
    this.#plan = plan
    this.#filter = filter
    this.#usual = new TimeCounts(buckets)
    this.#early = new TimeCounts(buckets)
    this.#cursors = plan.ranges.map((range) => new SearchCursor(range, false))
    this.#offsets = this.#offsetsLeft()
  }

  get isDone(): boolean {
    return this.#cursors.every(({ isDone }) => isDone)
  }

  extend(ends: Readonly<Record<string, number>>): void {
    for (const cursor of this.#cursors) {
      const end = ends[keyOf(cursor.range.topic, cursor.range.partition)]
      if (end === undefined || end <= cursor.before) continue
      this.#offsets += end - cursor.before
      cursor.before = end
    }
  }

  add(ranges: readonly ScanRange[]): void {
    this.#cursors = [...this.#cursors, ...ranges.map((range) => new SearchCursor(range, false))]
    this.#offsets += ranges.reduce((sum, { from, before }) => sum + Math.max(0, before - from), 0)
  }

  /** Counts one slice. */
  async advance(): Promise<void> {
    const cursor = this.#cursors.find(({ isDone }) => !isDone)
    const { committed } = this.#plan
    await cursor?.read(
      this.#reader,
      { backward: false, committed, maxBytes: sliceBytes, turns: this.#turns },
      {
        found: (record) => {
          if (this.#passes(record, cursor.range)) this.#count(Number(record.timestamp))
        },
        // A damaged batch holds no record that could be listed.
        unreadable() {},
      },
    )
  }

  histogram(): Histogram {
    // Where every time is early, the times are meant so.
    const { fromAt, bucketMs, counts, isEmpty } = this.#usual.isEmpty ? this.#early : this.#usual
    return {
      fromAt: isEmpty ? -1 : fromAt,
      bucketMs,
      counts: [...counts],
      early: this.#usual.isEmpty ? 0 : this.#earlyRecords,
      share: this.#offsets === 0 ? 1 : 1 - this.#offsetsLeft() / this.#offsets,
      unit: 'records',
    }
  }

  #count(at: number): void {
    if (at < 0 || at > lastDate) return
    if (at >= earliestUsual) this.#usual.add(at)
    else {
      this.#earlyRecords++
      this.#early.add(at)
    }
  }

  #passes(...[record, range]: Parameters<Filter>): boolean {
    try {
      return this.#filter(record, range)
    } catch (error) {
      if (!(error instanceof RecordError)) throw error
      return false
    }
  }

  #offsetsLeft(): number {
    return this.#cursors.reduce((sum, { from, before }) => sum + Math.max(0, before - from), 0)
  }
}
