import type { MessageRow, SearchProgress } from '../contract/messages'
import { readBatch } from '../records/batch'
import { type LogRecord, readRecords } from '../records/record'
import type { PartitionLog, WorkspaceReader } from '../storage'
import { decode, tableCharacters } from './decode'
import type { Filter } from './filter'
import type { SearchPlan, SearchRange } from './reader-protocol'

/** How much is read before others get their turn. */
const sliceBytes = 1024 * 1024

interface Cursor {
  readonly range: SearchRange
  readonly log: PartitionLog
  from: number
  before: number
}

interface Found {
  readonly row: MessageRow
  readonly cursor: Cursor
}

/**
 * One search over some partitions, in slices. Forward it goes partition by partition, which is the order of the logs; backward it
 * takes the newest slice of each and gives its rows in the order of time.
 */
export class Search {
  readonly #plan: SearchPlan
  readonly #filter: Filter
  readonly #reader: WorkspaceReader
  readonly #cursors: Cursor[]
  readonly #startedAt: number
  readonly #now: () => number
  #scanned = 0
  #matched = 0
  #bytes = 0

  constructor(reader: WorkspaceReader, plan: SearchPlan, filter: Filter, now: () => number) {
    this.#reader = reader
    this.#plan = plan
    this.#filter = filter
    this.#now = now
    this.#startedAt = now()
    this.#cursors = plan.ranges.flatMap((range) => {
      const log = reader.partitions(range.topicRow).find(({ number }) => number === range.partition)
      return log ? [{ range, log, from: range.from, before: range.before }] : []
    })
  }

  get isDone(): boolean {
    return this.#matched >= this.#plan.limit || this.#cursors.every(({ from, before }) => from >= before)
  }

  progress(done: boolean): SearchProgress {
    const hasMore = this.#matched >= this.#plan.limit && this.#cursors.some(({ from, before }) => from < before)
    return {
      scanned: this.#scanned,
      matched: this.#matched,
      bytes: this.#bytes,
      elapsedMs: this.#now() - this.#startedAt,
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
      if (end !== undefined && end > cursor.before) cursor.before = end
    }
  }

  /** Looks at one slice of each partition and returns what matches, in the order of time. */
  next(): MessageRow[] {
    const found: Found[] = []
    for (const cursor of this.#cursors) {
      if (cursor.from < cursor.before) this.#slice(cursor, found)
    }
    const sign = this.#plan.backward ? -1 : 1
    found.sort(
      (a, b) => sign * (a.row.timestamp - b.row.timestamp || (a.cursor === b.cursor ? a.row.offset - b.row.offset : 0)),
    )
    const left = this.#plan.limit - this.#matched
    const rows = found.slice(0, this.#plan.live ? undefined : left).map(({ row }) => row)
    this.#matched += rows.length
    return rows
  }

  #slice(cursor: Cursor, found: Found[]): void {
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
      for (const record of readRecords(batch)) {
        if (record.offset < from || record.offset >= before) continue
        this.#scanned++
        if (!this.#isInTime(record) || !this.#filter(record, cursor.range)) continue
        found.push({ row: rowOf(record, cursor.range, isAborted), cursor })
      }
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

function rowOf(record: LogRecord, { topic, partition }: SearchRange, aborted: boolean): MessageRow {
  const { offset, timestamp, key, value, headers } = record
  return {
    topic,
    partition,
    offset,
    timestamp,
    key: decode(key, tableCharacters),
    value: decode(value, tableCharacters),
    headers: headers.length,
    sizeBytes: (key?.length ?? 0) + (value?.length ?? 0),
    aborted,
  }
}
