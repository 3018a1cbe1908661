import type { MessageRow, SearchProgress } from '../contract/messages'
import { readBatch } from '../records/batch'
import { type LogRecord, readRecords } from '../records/record'
import type { PartitionLog, WorkspaceReader } from '../storage'
import { tableCharacters } from './decoders/auto'
import type { Decode } from './decoders/decoder'
import { type ExportFormat, exportLine } from './export-lines'
import { type Filter, RecordError } from './filter'
import type { SearchPlan, SearchRange } from './reader-protocol'

/** How keys and values of a topic are read. */
export interface Decoding {
  readonly key: Decode
  readonly value: Decode
}

/** How much is read before others get their turn. */
const sliceBytes = 1024 * 1024

interface Found {
  readonly record: LogRecord
  readonly range: SearchRange
  readonly aborted: boolean
}

interface Cursor {
  readonly range: SearchRange
  readonly log: PartitionLog
  from: number
  before: number
  /** The time that it has come to: what it still finds lies behind. */
  reachedAt: number
}

/**
 * One search over some partitions, in slices: a merge of their logs in the order of time, the oldest first or, backward, the newest
 * first. The partition that has come least far is read next, and what is found waits until all have come as far.
 */
export class Search {
  readonly #plan: SearchPlan
  readonly #filter: Filter
  readonly #decodings: ReadonlyMap<string, Decoding>
  readonly #reader: WorkspaceReader
  readonly #cursors: Cursor[]
  readonly #startedAt: number
  readonly #now: () => number
  /** How many offsets there were to look at. */
  #offsets: number
  /** Found, and not given yet: decoded when it is, for most of a batch may never be. */
  readonly #held: Found[] = []
  #scanned = 0
  #matched = 0
  #bytes = 0
  #failed = 0
  #firstFailure = ''

  /** @param decodings by topic */
  constructor(
    reader: WorkspaceReader,
    plan: SearchPlan,
    filter: Filter,
    decodings: ReadonlyMap<string, Decoding>,
    now: () => number,
  ) {
    this.#decodings = decodings
    this.#reader = reader
    this.#plan = plan
    this.#filter = filter
    this.#now = now
    this.#startedAt = now()
    this.#cursors = plan.ranges.flatMap((range) => {
      const log = reader.partitions(range.topicRow).find(({ number }) => number === range.partition)
      const reachedAt = plan.backward ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
      return log ? [{ range, log, from: range.from, before: range.before, reachedAt }] : []
    })
    this.#offsets = this.#offsetsLeft()
  }

  get isDone(): boolean {
    return this.#matched >= this.#plan.limit || (this.#held.length === 0 && this.#unfinished().length === 0)
  }

  progress(done: boolean): SearchProgress {
    const hasMore = this.#matched >= this.#plan.limit && (this.#held.length > 0 || this.#unfinished().length > 0)
    return {
      scanned: this.#scanned,
      matched: this.#matched,
      bytes: this.#bytes,
      elapsedMs: this.#now() - this.#startedAt,
      share: this.#offsets === 0 ? 1 : 1 - this.#offsetsLeft() / this.#offsets,
      failed: this.#failed === 0 ? null : { records: this.#failed, first: this.#firstFailure },
      done,
      note: done
        ? hasMore
          ? `the first ${this.#plan.limit} that match`
          : null
        : this.#plan.live
          ? 'waiting for more'
          : null,
    }
  }

  /** The logs of a live search have grown. */
  extend(ends: Readonly<Record<string, number>>): void {
    for (const cursor of this.#cursors) {
      const end = ends[`${cursor.range.topic}:${cursor.range.partition}`]
      if (end === undefined || end <= cursor.before) continue
      this.#offsets += end - cursor.before
      cursor.before = end
    }
  }

  /** Looks at one slice and returns what matches and is next in the order of time: rows of a table. */
  next(): MessageRow[] {
    return this.#advance().map((one) => this.#row(one))
  }

  /** The same as lines of a file, with keys, values and headers whole. */
  nextLines(format: ExportFormat): string {
    return this.#advance()
      .map(({ record, range }) => exportLine(format, record, range, this.#decodings.get(range.topic) as Decoding))
      .join('')
  }

  #advance(): Found[] {
    const { backward, live, limit } = this.#plan
    const sign = backward ? -1 : 1
    const behind = this.#unfinished().sort((a, b) => sign * compare(a.reachedAt, b.reachedAt))
    if (live) for (const cursor of behind) this.#slice(cursor)
    else if (behind[0]) this.#slice(behind[0])
    this.#held.sort((a, b) => sign * inTime(a, b))
    const least = this.#unfinished().reduce(
      (reached, { reachedAt }) => (sign * compare(reachedAt, reached) < 0 ? reachedAt : reached),
      sign * Number.POSITIVE_INFINITY,
    )
    const first = live ? -1 : this.#held.findIndex(({ record }) => sign * compare(record.timestamp, least) > 0)
    const found = this.#held.splice(0, Math.min(first < 0 ? this.#held.length : first, limit - this.#matched))
    this.#matched += found.length
    return found
  }

  #offsetsLeft(): number {
    return this.#cursors.reduce((sum, { from, before }) => sum + Math.max(0, before - from), 0)
  }

  #unfinished(): Cursor[] {
    return this.#cursors.filter(({ from, before }) => from < before)
  }

  #slice(cursor: Cursor): void {
    const { backward } = this.#plan
    const { from, before, log } = cursor
    const maxBytes = Math.max(64 * 1024, Math.floor(sliceBytes / this.#cursors.length))
    const batches = this.#reader.batches(log, { from, before, maxBytes, backward })
    if (batches.length === 0) {
      cursor.from = before
      return
    }
    for (const { bytes } of batches) {
      const batch = readBatch(bytes)
      this.#bytes += bytes.byteLength
      if (backward) cursor.before = Math.min(cursor.before, batch.baseOffset)
      else cursor.from = batch.lastOffset + 1
      if (batch.isControl) continue
      const isAborted = batch.isTransactional && this.#isAborted(cursor, String(batch.producerId), batch.baseOffset)
      if (isAborted && this.#plan.committed) continue
      for (const record of readRecords(batch)) {
        if (record.offset < from || record.offset >= before) continue
        this.#scanned++
        cursor.reachedAt = backward
          ? Math.min(cursor.reachedAt, record.timestamp)
          : Math.max(cursor.reachedAt, record.timestamp)
        if (!this.#isInTime(record) || !this.#passes(record, cursor.range)) continue
        this.#held.push({ record, range: cursor.range, aborted: isAborted })
      }
    }
  }

  /** A record that the filter fails on does not end the search: it is counted, and left out. */
  #passes(record: LogRecord, range: SearchRange): boolean {
    try {
      return this.#filter(record, range)
    } catch (error) {
      if (!(error instanceof RecordError)) throw error
      if (this.#failed++ === 0) this.#firstFailure = error.message
      return false
    }
  }

  #row({ record, range: { topic, partition }, aborted }: Found): MessageRow {
    const { offset, timestamp, key, value, headers } = record
    const decoding = this.#decodings.get(topic) as Decoding
    return {
      topic,
      partition,
      offset,
      timestamp,
      key: decoding.key(key, tableCharacters, { part: 'key', key }),
      value: decoding.value(value, tableCharacters, { part: 'value', key }),
      headers: headers.length,
      sizeBytes: (key?.length ?? 0) + (value?.length ?? 0),
      aborted,
    }
  }

  #isInTime({ timestamp }: LogRecord): boolean {
    const { fromAt, untilAt } = this.#plan
    return (fromAt < 0 || timestamp >= fromAt) && (untilAt < 0 || timestamp < untilAt)
  }

  #isAborted({ range }: Cursor, producerId: string, offset: number): boolean {
    return range.aborted.some(([id, first, last]) => id === producerId && offset >= first && offset <= last)
  }
}

/** The older first; records of one time in the order of their logs. */
function inTime(a: Found, b: Found): number {
  return (
    a.record.timestamp - b.record.timestamp ||
    a.range.partition - b.range.partition ||
    a.record.offset - b.record.offset
  )
}

/** Also of infinities, whose difference is no number. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
