import type { Sizes, TopicAnalysis } from '../../contract/analysis'
import type { LogRecord } from '../../records/record'
import { tableCharacters } from '../decoders/auto'
import type { ScanPlan, ScanRange } from '../source/records'
import type { BatchReader } from './batch-reader'
import type { Decoding } from './decoding'
import { SearchCursor } from './search-cursor'

/** Less than a search reads at once: searches go on in between. */
const sliceBytes = 512 * 1024
const keyLimit = 100_000
/** Their bytes together: a key may be as large as a record. */
const keyBytesLimit = 32 * 1024 * 1024
const shownKeys = 20

/** Counts what is in a topic: keys, sizes, null values, and how records are spread over partitions. */
export class Analysis {
  readonly #reader: BatchReader
  readonly #cursors: readonly SearchCursor[]
  readonly #decodings: ReadonlyMap<string, Decoding>
  readonly #offsets: number
  readonly #now: () => number
  readonly #startedAt: number
  readonly #keys = new Map<string, number>()
  readonly #keySizes = new SizeCounts()
  readonly #valueSizes = new SizeCounts()
  readonly #partitions = new Map<ScanRange, { records: number; bytes: number }>()
  #records = 0
  #nullKeys = 0
  #tombstones = 0
  #withHeaders = 0
  #keyBytes = 0
  #hasMoreKeys = false
  #firstAt = -1
  #lastAt = -1

  constructor(reader: BatchReader, plan: ScanPlan, decodings: ReadonlyMap<string, Decoding>, now: () => number) {
    this.#reader = reader.forSearch?.() ?? reader
    this.#decodings = decodings
    this.#now = now
    this.#startedAt = now()
    this.#cursors = plan.ranges.map((range) => new SearchCursor(range, false))
    this.#offsets = this.#offsetsLeft()
    for (const range of plan.ranges) this.#partitions.set(range, { records: 0, bytes: 0 })
  }

  get isDone(): boolean {
    return this.#cursors.every(({ isDone }) => isDone)
  }

  /** Reads one slice. */
  async advance(): Promise<void> {
    const unfinished = this.#cursors.filter(({ isDone }) => !isDone)
    const [cursor] = unfinished
    if (!cursor) return
    await this.#reader.prefetch?.(
      unfinished.map(({ range, from, before }) => ({ ...range, from, before, backward: false })),
    )
    const sums = this.#partitions.get(cursor.range) ?? { records: 0, bytes: 0 }
    const before = cursor.bytes
    await cursor.read(
      this.#reader,
      { backward: false, committed: false, maxBytes: sliceBytes },
      {
        found: (record) => {
          sums.records++
          this.#count(record)
        },
        // A damaged batch holds no record that could be counted.
        unreadable() {},
      },
    )
    sums.bytes += cursor.bytes - before
  }

  picture(): TopicAnalysis {
    const top = [...this.#keys].sort(([, a], [, b]) => b - a).slice(0, shownKeys)
    return {
      records: this.#records,
      bytes: this.#cursors.reduce((sum, { bytes }) => sum + bytes, 0),
      nullKeys: this.#nullKeys,
      tombstones: this.#tombstones,
      withHeaders: this.#withHeaders,
      keys: this.#keys.size + (this.#hasMoreKeys ? 1 : 0),
      keyLimit: this.#hasMoreKeys ? this.#keys.size : keyLimit,
      top: top.map(([text, records]) => ({ key: this.#cellOf(text), records })),
      keySizes: this.#keySizes.sizes,
      valueSizes: this.#valueSizes.sizes,
      partitions: [...this.#partitions].map(([{ partition }, sums]) => ({ partition, ...sums })),
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      share: this.#offsets === 0 ? 1 : 1 - this.#offsetsLeft() / this.#offsets,
      elapsedMs: this.#now() - this.#startedAt,
      done: this.isDone,
    }
  }

  #count({ key, value, headers, timestamp }: LogRecord): void {
    this.#records++
    if (key === null) this.#nullKeys++
    else {
      this.#keySizes.add(key.length)
      const text = key.toString('latin1')
      const known = this.#keys.get(text)
      if (known !== undefined) this.#keys.set(text, known + 1)
      else if (this.#keys.size < keyLimit && this.#keyBytes + key.length <= keyBytesLimit) {
        this.#keys.set(text, 1)
        this.#keyBytes += key.length
      } else this.#hasMoreKeys = true
    }
    if (value === null) this.#tombstones++
    else this.#valueSizes.add(value.length)
    if (headers.length > 0) this.#withHeaders++
    const at = Number(timestamp)
    if (at < 0) return
    this.#firstAt = this.#firstAt < 0 ? at : Math.min(this.#firstAt, at)
    this.#lastAt = Math.max(this.#lastAt, at)
  }

  #cellOf(text: string) {
    const key = Buffer.from(text, 'latin1')
    const [decoding] = this.#decodings.values()
    return (decoding as Decoding).key(key, tableCharacters, { part: 'key', key, headers: [] })
  }

  #offsetsLeft(): number {
    return this.#cursors.reduce((sum, { from, before }) => sum + Math.max(0, before - from), 0)
  }
}

/** Sizes in classes of powers of two. */
class SizeCounts {
  readonly #classes = new Array<number>(33).fill(0)
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = 0

  add(size: number): void {
    this.#count++
    this.#sum += size
    this.#min = Math.min(this.#min, size)
    this.#max = Math.max(this.#max, size)
    const place = size <= 1 ? size : 33 - Math.clz32(size - 1)
    this.#classes[place] = (this.#classes[place] ?? 0) + 1
  }

  get sizes(): Sizes {
    const min = this.#count === 0 ? 0 : this.#min
    return { count: this.#count, sum: this.#sum, min, max: this.#max, p50: this.#at(0.5), p99: this.#at(0.99) }
  }

  /** The upper edge of the class that holds this share, but no more than the largest. */
  #at(share: number): number {
    let left = this.#count * share
    for (const [place, count] of this.#classes.entries()) {
      left -= count
      if (left <= 0 && count > 0) return Math.min(this.#max, place === 0 ? 0 : 2 ** (place - 1))
    }
    return this.#max
  }
}
