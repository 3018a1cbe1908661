import { keyOf, type TopicPartition } from '../../base/topic-partition'
import type { MessageRow, SearchPosition, SearchProgress } from '../../contract/messages'
import type { Batch } from '../../records/batch'
import type { LogRecord } from '../../records/record'
import { tableCharacters } from '../decoders/auto'
import type { ExportFormat, ScannedRecord, ScanPlan, ScanRange } from '../source/records'
import type { BatchReader } from './batch-reader'
import { neededText } from './conditions'
import type { Decoding } from './decoding'
import { exportLine } from './export-lines'
import { type Filter, RecordError } from './filter'
import type { LatestKeys } from './latest-keys'
import { columnReader } from './row-columns'
import { outOfTime, type RuleOut, ruleOutText } from './rule-out'
import { type Found, marksOf, SearchCursor } from './search-cursor'
import type { Turns } from './turns'

/** How much is read before others get their turn. */
const sliceBytes = 1024 * 1024

/**
 * So much is given at once, at least one record: whoever takes it serves clients too, and a slice of small records is tens of thousands
 * of rows.
 */
const givenRecords = 250
const givenBytes = 1024 * 1024

/**
 * One search over some partitions, in slices: a merge of their logs in the order of time, the oldest first or, backward, the newest
 * first. The partition that has come least far is read next, and what is found waits until all have come as far.
 */
export class Search {
  readonly #plan: ScanPlan
  readonly #filter: Filter
  readonly #decodings: ReadonlyMap<string, Decoding>
  readonly #reader: BatchReader
  #cursors: readonly SearchCursor[]
  #startedAt: number
  readonly #now: () => number
  /** How many offsets there were to look at. */
  #offsets: number
  /** Found, and not given yet: decoded when it is, for most of a batch may never be. */
  readonly #held: Found[] = []
  /** So many of `held` are next in the order of time, and can be given. */
  #ready = 0
  readonly #isFiltered: boolean
  /** Text that a match has, in lower case; empty: nothing is known of it. */
  readonly #needed: string
  readonly #latest: LatestKeys | null
  readonly #turns: Turns | undefined
  readonly #columns: readonly ReturnType<typeof columnReader>[]
  #scanned = 0
  #matched = 0
  #failed = 0
  #firstFailure = ''
  /** Read for earlier pages. */
  #bytesBefore = 0

  /**
   * @param decodings by topic
   * @param more `latest` of a search for the latest values, which whoever made it disposes of; `turns` where the filter may take long
   */
  constructor(
    reader: BatchReader,
    plan: ScanPlan,
    filter: Filter,
    decodings: ReadonlyMap<string, Decoding>,
    now: () => number,
    more: { readonly latest?: LatestKeys | null; readonly turns?: Turns | undefined } = {},
  ) {
    this.#decodings = decodings
    this.#reader = reader.forSearch?.() ?? reader
    this.#plan = plan
    this.#filter = filter
    this.#now = now
    this.#startedAt = now()
    const { find, script, conditions = [], follow, latest: isLatest } = plan
    this.#isFiltered = Boolean(find !== '' || script.trim() !== '' || conditions.length > 0 || follow || isLatest)
    const needed = neededText(conditions)
    this.#needed = needed.length > find.length ? needed : find.toLowerCase()
    this.#latest = more.latest ?? null
    this.#turns = more.turns
    this.#columns = (plan.columns ?? []).map(columnReader)
    this.#cursors = plan.ranges.map((range) => new SearchCursor(range, plan.backward))
    this.#offsets = this.#offsetsLeft()
  }

  get isDone(): boolean {
    return this.#matched >= this.#plan.limit || (this.#held.length === 0 && this.#unfinished().length === 0)
  }

  progress(done: boolean): SearchProgress {
    const hasMore = this.#matched >= this.#plan.limit && (this.#held.length > 0 || this.#unfinished().length > 0)
    return {
      // What is held is looked at again by the search for the next page.
      scanned: done && hasMore ? this.#scanned - this.#held.length : this.#scanned,
      matched: this.#matched,
      bytes: this.#bytesRead() - this.#bytesBefore,
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
      ...(done && hasMore ? { next: this.#position() } : {}),
    }
  }

  /** Begins the next page, behind the limit: what it counts is of that page alone. */
  goOn(): void {
    this.#startedAt = this.#now()
    // What is held was read for the page before, and not counted there.
    this.#scanned = this.#held.length
    this.#matched = 0
    this.#failed = 0
    this.#bytesBefore = this.#bytesRead()
  }

  /** The logs of a live search have grown. */
  extend(ends: Readonly<Record<string, number>>): void {
    for (const cursor of this.#cursors) {
      const end = ends[keyOf(cursor.range.topic, cursor.range.partition)]
      if (end === undefined || end <= cursor.before) continue
      this.#offsets += end - cursor.before
      cursor.before = end
    }
  }

  /** A live search follows these partitions from now on; one that it knows already begins again, as in a topic that was recreated. */
  add(ranges: readonly ScanRange[]): void {
    const added = new Set(ranges.map(({ topic, partition }) => keyOf(topic, partition)))
    const kept = this.#cursors.filter(({ range }) => !added.has(keyOf(range.topic, range.partition)))
    this.#cursors = [...kept, ...ranges.map((range) => new SearchCursor(range, this.#plan.backward))]
  }

  /** Some of what matches and is next in the order of time: rows of a table. When nothing is left to give it looks at one slice. */
  async next(): Promise<MessageRow[]> {
    return (await this.#advance()).map((one) => this.#row(one))
  }

  /** The same as places alone. */
  async nextPlaces(): Promise<readonly (TopicPartition & { readonly offset: number })[]> {
    return (await this.#advance()).map(({ record, range: { topic, partition } }) => ({
      topic,
      partition,
      offset: record.offset,
    }))
  }

  /** The same as lines of a file, with keys, values and headers whole. */
  async nextLines(format: ExportFormat): Promise<string> {
    return (await this.#advance())
      .map(({ record, range }) => exportLine(format, record, range, this.#decodings.get(range.topic) as Decoding))
      .join('')
  }

  /** The same byte for byte. */
  async nextRecords(): Promise<readonly ScannedRecord[]> {
    return (await this.#advance()).map(({ record, range: { topic, partition } }) => ({ topic, partition, ...record }))
  }

  async #advance(): Promise<Found[]> {
    if (this.#ready === 0) await this.#read()
    const found = this.#held.splice(0, this.#given())
    this.#ready -= found.length
    this.#matched += found.length
    if (!this.#plan.live && this.#plan.format === null) this.#note(found)
    return found
  }

  /** How many of those that are ready are given now. */
  #given(): number {
    const most = Math.min(this.#ready, givenRecords, this.#plan.limit - this.#matched)
    let [count, bytes] = [0, 0]
    while (count < most && (count === 0 || bytes < givenBytes)) bytes += sizeOf(this.#held[count++] as Found)
    return count
  }

  async #read(): Promise<void> {
    const { backward, live } = this.#plan
    const sign = backward ? -1 : 1
    const behind = this.#unfinished().sort((a, b) => sign * compare(a.reachedAt, b.reachedAt))
    if (!live) {
      await this.#reader.prefetch?.(behind.map(({ range, from, before }) => ({ ...range, from, before, backward })))
    }
    for (const cursor of live ? behind : behind.slice(0, 1)) await this.#slice(cursor)
    this.#held.sort((a, b) => sign * inTime(a, b))
    const least = this.#unfinished().reduce(
      (reached, { reachedAt }) => (sign * compare(reachedAt, reached) < 0 ? reachedAt : reached),
      sign * Number.POSITIVE_INFINITY,
    )
    const first = live ? -1 : this.#held.findIndex(({ orderAt }) => sign * compare(orderAt, least) > 0)
    this.#ready = first < 0 ? this.#held.length : first
  }

  #bytesRead(): number {
    return this.#cursors.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  #offsetsLeft(): number {
    return this.#cursors.reduce((sum, { from, before }) => sum + Math.max(0, before - from), 0)
  }

  #unfinished(): SearchCursor[] {
    return this.#cursors.filter(({ isDone }) => !isDone)
  }

  async #slice(cursor: SearchCursor): Promise<void> {
    const { backward, committed } = this.#plan
    const { range } = cursor
    const maxBytes = Math.max(64 * 1024, Math.floor(sliceBytes / this.#cursors.length))
    const reading = {
      backward,
      committed,
      maxBytes,
      ruleOut: this.#ruleOut(range),
      prepare: this.#decodings.get(range.topic)?.prepare,
      turns: this.#turns,
    }
    await cursor.read(this.#reader, reading, {
      found: (record, transaction, gap) => {
        this.#scanned++
        if (this.#latest && !this.#latest.isNewest(record, range)) return
        if (!this.#isInTime(record) || !this.#passes(record, range)) return
        // Between two matches lies what does not match: a gap says nothing there.
        // Lines of a file keep the order of each partition, whatever their times are.
        const orderAt = this.#plan.format === null ? Number(record.timestamp) : cursor.reachedAt
        this.#held.push({ record, range, transaction, gap: this.#isFiltered ? undefined : gap, orderAt })
      },
      ruledOut: (records) => {
        this.#scanned += records
      },
      unreadable: ({ baseOffset, lastOffset, recordCount }, problem) => {
        this.#scanned += recordCount
        this.#fail(
          recordCount,
          `${range.topic}-${range.partition} offsets ${baseOffset} to ${lastOffset}: this batch is damaged (${problem})`,
        )
      },
    })
  }

  #ruleOut({ decoders: { key, value } }: ScanRange): ((batches: readonly Batch[]) => RuleOut) | undefined {
    const plan = this.#plan
    // Whether a record is the newest of its key says every record behind it.
    if (this.#latest) return undefined
    // Only where keys and values are shown as their bytes tell: a chosen decoder may show other text.
    const wanted = key.format === 'auto' && value.format === 'auto' ? this.#needed : ''
    const isTimed = plan.fromAt >= 0 || plan.untilAt >= 0
    if (wanted === '' && !isTimed) return undefined
    return (batches) => {
      const byTime = isTimed ? outOfTime(plan, batches) : undefined
      const byText = wanted === '' ? undefined : ruleOutText(wanted, batches)
      return (index, unpack) => byTime?.(index, unpack) ?? byText?.(index, unpack)
    }
  }

  /** Where times are in order, nothing that was given lies behind what is held, and nothing is remembered. */
  #note(found: readonly Found[]): void {
    const cursors = new Map(this.#cursors.map((cursor) => [cursor.range, cursor]))
    for (const { range, record } of found) cursors.get(range)?.give(record.offset)
  }

  #position(): SearchPosition {
    const held = new Map<ScanRange, number[]>()
    for (const { range, record } of this.#held) {
      const offsets = held.get(range)
      if (offsets) offsets.push(record.offset)
      else held.set(range, [record.offset])
    }
    return this.#cursors.map((cursor) => cursor.position(held.get(cursor.range) ?? [], !this.#isFiltered))
  }

  /** A record that the filter fails on does not end the search: it is counted, and left out. */
  #passes(record: LogRecord, range: ScanRange): boolean {
    try {
      return this.#filter(record, range)
    } catch (error) {
      if (!(error instanceof RecordError)) throw error
      this.#fail(1, error.message)
      return false
    }
  }

  #fail(records: number, why: string): void {
    if (this.#failed === 0) this.#firstFailure = why
    this.#failed += records
  }

  #row(found: Found): MessageRow {
    const {
      record,
      range: { topic, partition },
    } = found
    const { offset, timestamp, key, value, headers } = record
    const decoding = this.#decodings.get(topic) as Decoding
    return {
      topic,
      partition,
      offset,
      timestamp: Number(timestamp),
      key: decoding.key(key, tableCharacters, { part: 'key', key, headers }),
      value: decoding.value(value, tableCharacters, { part: 'value', key, headers }),
      headers: headers.length,
      sizeBytes: (key?.length ?? 0) + (value?.length ?? 0),
      ...marksOf(found),
      ...(this.#columns.length > 0 && { columns: this.#columns.map((read) => read(record, decoding)) }),
    }
  }

  #isInTime({ timestamp }: LogRecord): boolean {
    const { fromAt, untilAt } = this.#plan
    return (fromAt < 0 || timestamp >= fromAt) && (untilAt < 0 || timestamp < untilAt)
  }
}

function sizeOf({ record: { key, value } }: Found): number {
  return (key?.length ?? 0) + (value?.length ?? 0)
}

/** The older first; records of one time in the order of their logs. */
function inTime(a: Found, b: Found): number {
  return compare(a.orderAt, b.orderAt) || a.range.partition - b.range.partition || a.record.offset - b.record.offset
}

/** Also of infinities, whose difference is no number. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
