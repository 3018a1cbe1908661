import type Sqlite from 'better-sqlite3'
import { type Int64, int64 } from '../base/int64'
import type { Garbage } from './garbage'
import { type BatchRange, RecentBatches } from './recent'

/** Facts of a batch beside its bytes. Offsets are safe integers; times in ms, -1 is none. */
export interface BatchFacts {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: Int64
  readonly appendedAt: number
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly attributes: number
  readonly recordCount: number
}

export interface StoredBatch extends BatchFacts {
  readonly bytes: Uint8Array
}

/** One partition's log as the broker holds it: where it begins and ends, and how large it is. */
export interface LogFacts {
  readonly id: number
  logStart: number
  logEnd: number
  sizeBytes: number
  /** The largest timestamp that the log ever had; never falls. -1: none. */
  runningMaxTimestamp: Int64
  /** The largest timestamp of any batch, and the first offset of the batch that has it. -1: none. */
  maxTimestamp: Int64
  offsetOfMaxTimestamp: number
  /** Compaction has seen everything before this offset. */
  cleanedUntil: number
}

/** A batch as compaction reads it. */
export interface BatchRow {
  readonly id: number
  readonly baseOffset: number
  readonly lastOffset: number
  readonly bytes: Buffer
}

/** Size and age of a batch. `newestAt` is the time of its newest record, or of the append where records have no times. */
export interface BatchSize {
  readonly lastOffset: number
  readonly sizeBytes: number
  readonly newestAt: number
}

/** A batch that compaction stores in place of another one. */
export interface CompactedBatch {
  readonly maxTimestamp: Int64
  readonly recordCount: number
  readonly attributes: number
  readonly bytes: Uint8Array
}

const nothing: BatchRange = { batches: [], lastOffset: -1 }

/** The newest batches of all logs that are held in memory. */
const recentBytes = 32 * 1024 * 1024

/** The logs: appended to by the group commit, read from memory at the tail and by index everywhere else. Write within `Workspace.write`. */
export class Batches {
  readonly #recent = new RecentBatches(recentBytes)
  /** Logs whose facts changed since the last commit, with what they were. */
  readonly #changed = new Map<LogFacts, LogFacts>()
  readonly #insert: Sqlite.Statement
  readonly #saveFacts: Sqlite.Statement
  readonly #facts: Sqlite.Statement
  readonly #from: Sqlite.Statement
  readonly #reaching: Sqlite.Statement
  readonly #ofProducer: Sqlite.Statement
  readonly #producers: Sqlite.Statement
  readonly #position: Sqlite.Statement
  readonly #largest: Sqlite.Statement
  readonly #sizes: Sqlite.Statement
  readonly #newestBase: Sqlite.Statement
  readonly #size: Sqlite.Statement
  readonly #replaceRow: Sqlite.Statement
  readonly #deleteRow: Sqlite.Statement
  readonly #rows: Sqlite.Statement

  readonly #garbage: Garbage

  constructor(database: Sqlite.Database, garbage: Garbage) {
    this.#garbage = garbage
    this.#insert = database.prepare(
      `INSERT INTO batches (partition, base_offset, last_offset, running_max_timestamp, max_timestamp, appended_at, producer_id,
         producer_epoch, base_sequence, attributes, record_count, size_bytes, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#saveFacts = database.prepare(
      `UPDATE partitions SET log_start = ?, log_end = ?, size_bytes = ?, running_max_timestamp = ?, max_timestamp = ?,
         offset_of_max_timestamp = ?, cleaned_until = ? WHERE id = ?`,
    )
    this.#facts = database
      .prepare(
        `SELECT id, log_start AS logStart, log_end AS logEnd, size_bytes AS sizeBytes,
         running_max_timestamp AS runningMaxTimestamp, max_timestamp AS maxTimestamp,
         offset_of_max_timestamp AS offsetOfMaxTimestamp, cleaned_until AS cleanedUntil FROM partitions WHERE topic = ? AND number = ?`,
      )
      .safeIntegers()
    this.#from = database.prepare(
      `SELECT last_offset AS lastOffset, bytes FROM batches WHERE partition = ? AND last_offset >= ? ORDER BY last_offset`,
    )
    this.#position = database
      .prepare(
        `SELECT last_offset AS lastOffset, running_max_timestamp AS runningMaxTimestamp
         FROM batches WHERE partition = ? AND last_offset >= ? ORDER BY last_offset LIMIT 1`,
      )
      .safeIntegers()
    this.#reaching = database.prepare(
      `SELECT base_offset AS baseOffset, bytes FROM batches
         WHERE partition = ? AND last_offset >= ? AND max_timestamp >= ? ORDER BY last_offset LIMIT 1`,
    )
    this.#largest = database
      .prepare(
        `SELECT max_timestamp AS maxTimestamp, base_offset AS baseOffset FROM batches
         WHERE partition = ? AND last_offset >= ? AND record_count > 0 ORDER BY max_timestamp DESC, last_offset LIMIT 1`,
      )
      .safeIntegers()
    this.#ofProducer = database
      .prepare(
        `SELECT base_offset AS baseOffset, last_offset AS lastOffset, max_timestamp AS maxTimestamp, appended_at AS appendedAt,
           producer_id AS producerId, producer_epoch AS producerEpoch, base_sequence AS baseSequence, attributes,
           record_count AS recordCount
         FROM batches WHERE partition = ? AND producer_id = ? AND producer_id >= 0 AND last_offset >= ? ORDER BY last_offset DESC LIMIT ?`,
      )
      .safeIntegers()
    // From one id to the next by the index, past the batches between them.
    this.#producers = database
      .prepare(
        `WITH RECURSIVE producers (producer) AS (
           SELECT min(producer_id) FROM batches WHERE partition = $log AND producer_id >= 0
           UNION ALL
           SELECT (SELECT min(producer_id) FROM batches WHERE partition = $log AND producer_id >= 0 AND producer_id > producer)
             FROM producers WHERE producer IS NOT NULL
         ) SELECT producer FROM producers WHERE producer IS NOT NULL`,
      )
      .pluck()
      .safeIntegers()
    this.#sizes = database.prepare(
      `SELECT last_offset AS lastOffset, size_bytes AS sizeBytes,
         CASE WHEN max_timestamp < 0 THEN appended_at ELSE max_timestamp END AS newestAt
         FROM batches WHERE partition = ? AND last_offset >= ? AND last_offset < ? ORDER BY last_offset LIMIT ?`,
    )
    this.#newestBase = database
      .prepare(
        'SELECT base_offset FROM batches WHERE partition = ? AND last_offset < ? ORDER BY last_offset DESC LIMIT 1',
      )
      .pluck()
    this.#size = database
      .prepare(
        'SELECT coalesce(sum(size_bytes), 0) FROM batches WHERE partition = ? AND last_offset >= ? AND last_offset < ?',
      )
      .pluck()
    this.#rows = database.prepare(
      `SELECT id, base_offset AS baseOffset, last_offset AS lastOffset, bytes FROM batches
         WHERE partition = ? AND last_offset >= ? AND last_offset < ? ORDER BY last_offset LIMIT ?`,
    )
    this.#replaceRow = database.prepare(
      'UPDATE batches SET max_timestamp = ?, record_count = ?, attributes = ?, size_bytes = ?, bytes = ? WHERE id = ?',
    )
    this.#deleteRow = database.prepare('DELETE FROM batches WHERE id = ?')
  }

  /** A partition's log; `undefined` when the topic has no such partition. Open it once: the facts live in what is returned. */
  open(topicRow: number, number: number): LogFacts | undefined {
    const row = this.#facts.get(topicRow, number) as Record<keyof LogFacts, bigint> | undefined
    return (
      row && {
        id: Number(row.id),
        logStart: Number(row.logStart),
        logEnd: Number(row.logEnd),
        sizeBytes: Number(row.sizeBytes),
        runningMaxTimestamp: int64(row.runningMaxTimestamp),
        maxTimestamp: int64(row.maxTimestamp),
        offsetOfMaxTimestamp: Number(row.offsetOfMaxTimestamp),
        cleanedUntil: Number(row.cleanedUntil),
      }
    )
  }

  /** Adds batches at the end. Their bytes must not change afterwards: readers get them by reference. */
  append(log: LogFacts, batch: StoredBatch): void {
    this.#note(log)
    const { baseOffset, lastOffset, maxTimestamp } = batch
    if (maxTimestamp > log.maxTimestamp) {
      log.maxTimestamp = maxTimestamp
      log.offsetOfMaxTimestamp = baseOffset
    }
    if (maxTimestamp > log.runningMaxTimestamp) log.runningMaxTimestamp = maxTimestamp
    this.#insert.run(
      log.id,
      baseOffset,
      lastOffset,
      log.runningMaxTimestamp,
      maxTimestamp,
      batch.appendedAt,
      batch.producerId,
      batch.producerEpoch,
      batch.baseSequence,
      batch.attributes,
      batch.recordCount,
      batch.bytes.byteLength,
      batch.bytes,
    )
    log.logEnd = lastOffset + 1
    log.sizeBytes += batch.bytes.byteLength
    this.#recent.add(log.id, baseOffset, lastOffset, batch.bytes)
  }

  /**
   * Whole batches from the one that holds `from`, at most `maxBytes` of them (with `atLeastOne` the first whatever its size),
   * and none that reaches `end` or beyond.
   */
  read(log: LogFacts, from: number, maxBytes: number, atLeastOne: boolean, end: number): BatchRange {
    if (from >= end) return nothing
    const recent = this.#recent.read(log.id, from, maxBytes, atLeastOne, end)
    if (recent) return recent
    const batches: Uint8Array[] = []
    let bytes = 0
    let last = -1
    const rows = this.#from.iterate(log.id, from) as IterableIterator<{ lastOffset: number; bytes: Buffer }>
    for (const row of rows) {
      const isLarger = bytes + row.bytes.byteLength > maxBytes
      if (row.lastOffset >= end || (isLarger && !(atLeastOne && batches.length === 0))) break
      batches.push(row.bytes)
      bytes += row.bytes.byteLength
      last = row.lastOffset
      if (bytes >= maxBytes) break
    }
    return { batches, lastOffset: last }
  }

  /**
   * The first batch at or after offset `from` with a record of `timestamp` or later; the caller looks inside, and when it finds
   * nothing that it wants asks again from behind.
   */
  reaching(
    log: LogFacts,
    timestamp: Int64,
    from = log.logStart,
  ): { readonly baseOffset: number; readonly bytes: Uint8Array } | undefined {
    let low = from
    let high = log.logEnd
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const row = this.#position.get(log.id, middle) as { lastOffset: bigint; runningMaxTimestamp: bigint } | undefined
      if (row && row.runningMaxTimestamp < timestamp) low = Number(row.lastOffset) + 1
      else high = middle
    }
    return this.#reaching.get(log.id, low, timestamp) as { baseOffset: number; bytes: Buffer } | undefined
  }

  /** Facts of the newest `limit` batches of one producer, the newest first. */
  ofProducer(log: LogFacts, producerId: bigint, limit: number): BatchFacts[] {
    const rows = this.#ofProducer.all(log.id, producerId, log.logStart, limit) as Record<keyof BatchFacts, bigint>[]
    return rows.map((row) => ({
      baseOffset: Number(row.baseOffset),
      lastOffset: Number(row.lastOffset),
      maxTimestamp: int64(row.maxTimestamp),
      appendedAt: Number(row.appendedAt),
      producerId: row.producerId,
      producerEpoch: Number(row.producerEpoch),
      baseSequence: Number(row.baseSequence),
      attributes: Number(row.attributes),
      recordCount: Number(row.recordCount),
    }))
  }

  /** The ids of all producers that have batches in a log, in order. */
  producers(log: LogFacts): bigint[] {
    return this.#producers.all({ log: log.id }) as bigint[]
  }

  /** Sizes of up to `limit` batches that end in [from, before), in order. */
  sizes(log: LogFacts, from: number, before: number, limit: number): BatchSize[] {
    return this.#sizes.all(log.id, from, before, limit) as BatchSize[]
  }

  /** Bytes of the batches that end in [from, before). */
  sizeBetween(log: LogFacts, from: number, before: number): number {
    return this.#size.get(log.id, from, before) as number
  }

  /** The base offset of the newest batch before `end`; `end` when there is none. */
  newestBase(log: LogFacts, end: number): number {
    return (this.#newestBase.get(log.id, end) as number | undefined) ?? end
  }

  /**
   * Where the log would begin if batches whose newest record is older than `before` (ms) and those beyond `maxBytes` went, the
   * oldest first, as Kafka drops segments (UnifiedLog.deleteOldSegments); -1 of either keeps all. At most `limit` of them: `isAll` says that no
   * more would go.
   */
  retainedStart(
    log: LogFacts,
    before: number,
    maxBytes: number,
    limit: number,
  ): { readonly start: number; readonly isAll: boolean } {
    let start = log.logStart
    let size = log.sizeBytes
    const rows = this.sizes(log, log.logStart, log.logEnd, limit)
    for (const row of rows) {
      const isOld = before >= 0 && row.newestAt < before
      const isBeyond = maxBytes >= 0 && size - row.sizeBytes >= maxBytes
      if (!isOld && !isBeyond) return { start, isAll: true }
      size -= row.sizeBytes
      start = row.lastOffset + 1
    }
    return { start, isAll: rows.length < limit }
  }

  /** Everything before `offset` is gone at once; the rows go in slices. A batch that reaches over `offset` stays whole. */
  deleteBefore(log: LogFacts, offset: number): void {
    if (offset <= log.logStart) return
    this.#note(log)
    log.sizeBytes -= this.#size.get(log.id, log.logStart, offset) as number
    log.logStart = offset
    if (log.logEnd < offset) log.logEnd = offset
    if (log.offsetOfMaxTimestamp < offset) this.#findMaxTimestamp(log)
    this.#garbage.note(log.id, offset)
    this.#recent.forget(log.id)
  }

  /** Batches that end in [from, before) with their row ids, for compaction: up to `maxRows`, as many as fit `maxBytes`, but at least one. */
  rows(log: LogFacts, from: number, before: number, maxRows: number, maxBytes: number): BatchRow[] {
    const found: BatchRow[] = []
    let bytes = 0
    for (const row of this.#rows.iterate(log.id, from, before, maxRows)) {
      const batch = row as BatchRow
      bytes += batch.bytes.byteLength
      if (found.length > 0 && bytes > maxBytes) break
      found.push(batch)
    }
    return found
  }

  /** Stores what compaction made of some of `rows`; a batch that is `null` goes. */
  rewrite(log: LogFacts, changes: readonly { readonly row: BatchRow; readonly batch: CompactedBatch | null }[]): void {
    if (changes.length === 0) return
    this.#note(log)
    this.#recent.forget(log.id)
    for (const { row, batch } of changes) {
      log.sizeBytes += (batch?.bytes.byteLength ?? 0) - row.bytes.byteLength
      if (batch) {
        const { maxTimestamp, recordCount, attributes, bytes } = batch
        this.#replaceRow.run(maxTimestamp, recordCount, attributes, bytes.byteLength, bytes, row.id)
      } else this.#deleteRow.run(row.id)
    }
    if (changes.some(({ row }) => row.baseOffset === log.offsetOfMaxTimestamp)) this.#findMaxTimestamp(log)
  }

  /** Notes how far compaction has come. */
  setCleaned(log: LogFacts, before: number): void {
    this.#note(log)
    log.cleanedUntil = before
  }

  /** Forgets what memory holds of a log whose topic was deleted. Call when that is committed. */
  close(log: LogFacts): void {
    this.#changed.delete(log)
    this.#recent.forget(log.id)
  }

  /** Writes the facts of logs that changed: called by the group commit. */
  flush(): void {
    for (const log of this.#changed.keys()) {
      const { logStart, logEnd, sizeBytes, runningMaxTimestamp, maxTimestamp, offsetOfMaxTimestamp, cleanedUntil } = log
      this.#saveFacts.run(
        logStart,
        logEnd,
        sizeBytes,
        runningMaxTimestamp,
        maxTimestamp,
        offsetOfMaxTimestamp,
        cleanedUntil,
        log.id,
      )
    }
  }

  /** Called when the facts that were flushed are stored. */
  committed(): void {
    this.#changed.clear()
  }

  /** The turn was rolled back: logs are what they were at the last commit. */
  rolledBack(): void {
    for (const [log, before] of this.#changed) {
      Object.assign(log, before)
      this.#recent.forget(log.id)
    }
    this.#changed.clear()
  }

  #note(log: LogFacts): void {
    if (!this.#changed.has(log)) this.#changed.set(log, { ...log })
  }

  /** The batch with the largest timestamp is gone: which one has it now? */
  #findMaxTimestamp(log: LogFacts): void {
    const row = this.#largest.get(log.id, log.logStart) as { maxTimestamp: bigint; baseOffset: bigint } | undefined
    log.maxTimestamp = row ? int64(row.maxTimestamp) : -1
    log.offsetOfMaxTimestamp = row && row.maxTimestamp >= 0 ? Number(row.baseOffset) : -1
  }
}
