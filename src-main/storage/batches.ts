import type Sqlite from 'better-sqlite3'
import { RecentBatches } from './recent'

/** What is known of a batch beside its bytes. Offsets and times are safe integers; times in ms, -1 is none. */
export interface BatchFacts {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: number
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
  /** The largest timestamp of any batch, and the first offset of the batch that has it. -1: none. */
  maxTimestamp: number
  offsetOfMaxTimestamp: number
}

/** Some batches of a log, in order. `lastOffset` is that of the last one, -1 when there is none. */
export interface BatchRange {
  readonly batches: readonly Uint8Array[]
  readonly lastOffset: number
}

const nothing: BatchRange = { batches: [], lastOffset: -1 }

/** The logs: appended to by the group commit, read from memory at the tail and by index everywhere else. */
export class Batches {
  readonly #recent = new RecentBatches(32 * 1024 * 1024)
  /** Logs whose facts changed since the last commit, with what they were. */
  readonly #changed = new Map<LogFacts, Omit<LogFacts, 'id'>>()
  readonly #insert: Sqlite.Statement
  readonly #saveFacts: Sqlite.Statement
  readonly #facts: Sqlite.Statement
  readonly #from: Sqlite.Statement
  readonly #reaching: Sqlite.Statement
  readonly #ofProducer: Sqlite.Statement
  readonly #producers: Sqlite.Statement
  readonly #oldest: Sqlite.Statement
  readonly #garbage: Sqlite.Statement
  readonly #nextGarbage: Sqlite.Statement
  readonly #sweepSome: Sqlite.Statement
  readonly #endGarbage: Sqlite.Statement
  readonly #replaceRow: Sqlite.Statement
  readonly #deleteRow: Sqlite.Statement
  readonly #rows: Sqlite.Statement

  constructor(database: Sqlite.Database) {
    this.#insert = database.prepare(
      `INSERT INTO batches (partition, base_offset, last_offset, running_max_timestamp, max_timestamp, appended_at, producer_id,
         producer_epoch, base_sequence, attributes, record_count, size_bytes, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#saveFacts = database.prepare(
      `UPDATE partitions SET log_start = ?, log_end = ?, size_bytes = ?, max_timestamp = ?, offset_of_max_timestamp = ? WHERE id = ?`,
    )
    this.#facts = database.prepare(
      `SELECT id, log_start AS logStart, log_end AS logEnd, size_bytes AS sizeBytes, max_timestamp AS maxTimestamp,
         offset_of_max_timestamp AS offsetOfMaxTimestamp FROM partitions WHERE topic = ? AND number = ?`,
    )
    this.#from = database.prepare(
      `SELECT last_offset AS lastOffset, bytes FROM batches WHERE partition = ? AND last_offset >= ? ORDER BY last_offset`,
    )
    this.#reaching = database.prepare(
      `SELECT base_offset AS baseOffset, bytes FROM batches
         WHERE partition = ? AND running_max_timestamp >= ? AND last_offset >= ? ORDER BY running_max_timestamp, last_offset LIMIT 1`,
    )
    this.#ofProducer = database
      .prepare(
        `SELECT base_offset AS baseOffset, last_offset AS lastOffset, max_timestamp AS maxTimestamp, appended_at AS appendedAt,
           producer_id AS producerId, producer_epoch AS producerEpoch, base_sequence AS baseSequence, attributes,
           record_count AS recordCount
         FROM batches WHERE partition = ? AND producer_id = ? AND last_offset >= ? ORDER BY last_offset DESC LIMIT ?`,
      )
      .safeIntegers()
    this.#producers = database
      .prepare('SELECT DISTINCT producer_id FROM batches WHERE partition = ? AND producer_id >= 0')
      .pluck()
      .safeIntegers()
    this.#oldest = database.prepare(
      `SELECT last_offset AS lastOffset, size_bytes AS sizeBytes, running_max_timestamp AS runningMaxTimestamp
         FROM batches WHERE partition = ? AND last_offset >= ? ORDER BY last_offset`,
    )
    this.#garbage = database.prepare('INSERT OR REPLACE INTO garbage (partition, before) VALUES (?, ?)')
    this.#nextGarbage = database.prepare('SELECT partition, before FROM garbage LIMIT 1')
    this.#sweepSome = database.prepare(
      `DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE partition = ? AND last_offset < ? ORDER BY last_offset LIMIT ?)`,
    )
    this.#endGarbage = database.prepare('DELETE FROM garbage WHERE partition = ?')
    this.#rows = database.prepare(
      `SELECT id, last_offset AS lastOffset, max_timestamp AS maxTimestamp, bytes FROM batches
         WHERE partition = ? AND last_offset >= ? AND last_offset < ? ORDER BY last_offset LIMIT ?`,
    )
    this.#replaceRow = database.prepare(
      'UPDATE batches SET max_timestamp = ?, record_count = ?, attributes = ?, size_bytes = ?, bytes = ? WHERE id = ?',
    )
    this.#deleteRow = database.prepare('DELETE FROM batches WHERE id = ?')
  }

  /** A partition's log; `undefined` when the topic has no such partition. */
  open(topicRow: number, number: number): LogFacts | undefined {
    return this.#facts.get(topicRow, number) as LogFacts | undefined
  }

  /** Adds batches at the end. Their bytes must not change afterwards: readers get them by reference. */
  append(log: LogFacts, batch: StoredBatch): void {
    this.#note(log)
    const { baseOffset, lastOffset, maxTimestamp } = batch
    if (maxTimestamp > log.maxTimestamp) {
      log.maxTimestamp = maxTimestamp
      log.offsetOfMaxTimestamp = baseOffset
    }
    this.#insert.run(
      log.id,
      baseOffset,
      lastOffset,
      log.maxTimestamp,
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

  /** The first batch at or after `from` that brings the log to `timestamp` or later; the caller looks inside. */
  reaching(log: LogFacts, timestamp: number): { readonly baseOffset: number; readonly bytes: Uint8Array } | undefined {
    return this.#reaching.get(log.id, timestamp, log.logStart) as { baseOffset: number; bytes: Buffer } | undefined
  }

  /** Facts of the newest `limit` batches of one producer, the newest first. */
  ofProducer(log: LogFacts, producerId: bigint, limit: number): BatchFacts[] {
    const rows = this.#ofProducer.all(log.id, producerId, log.logStart, limit) as Record<keyof BatchFacts, bigint>[]
    return rows.map((row) => ({
      baseOffset: Number(row.baseOffset),
      lastOffset: Number(row.lastOffset),
      maxTimestamp: Number(row.maxTimestamp),
      appendedAt: Number(row.appendedAt),
      producerId: row.producerId,
      producerEpoch: Number(row.producerEpoch),
      baseSequence: Number(row.baseSequence),
      attributes: Number(row.attributes),
      recordCount: Number(row.recordCount),
    }))
  }

  /** The ids of all producers that have batches in a log. */
  producers(log: LogFacts): bigint[] {
    return this.#producers.all(log.id) as bigint[]
  }

  /** Where the log would begin if batches older than `before` (ms) and beyond `maxBytes` went; -1 of either keeps all. */
  retainedStart(log: LogFacts, before: number, maxBytes: number): number {
    let start = log.logStart
    let size = log.sizeBytes
    const rows = this.#oldest.iterate(log.id, log.logStart) as IterableIterator<{
      lastOffset: number
      sizeBytes: number
      runningMaxTimestamp: number
    }>
    for (const row of rows) {
      const isOld = before >= 0 && row.runningMaxTimestamp < before
      const isBeyond = maxBytes >= 0 && size - row.sizeBytes >= maxBytes
      if (!isOld && !isBeyond) break
      size -= row.sizeBytes
      start = row.lastOffset + 1
    }
    return start
  }

  /** Everything before `offset` is gone at once; the rows go in slices. */
  deleteBefore(log: LogFacts, offset: number): void {
    if (offset <= log.logStart) return
    this.#note(log)
    for (const row of this.#oldest.iterate(log.id, log.logStart) as IterableIterator<{
      lastOffset: number
      sizeBytes: number
    }>) {
      if (row.lastOffset >= offset) break
      log.sizeBytes -= row.sizeBytes
    }
    log.logStart = offset
    if (log.logEnd < offset) log.logEnd = offset
    this.#garbage.run(log.id, offset)
    this.#recent.forgetBefore(log.id, offset)
  }

  /** Removes up to `rows` batches that nobody can read any more. Returns whether more are left. */
  sweep(rows: number): boolean {
    const next = this.#nextGarbage.get() as { partition: number; before: number } | undefined
    if (!next) return false
    const { changes } = this.#sweepSome.run(next.partition, next.before, rows)
    if (changes < rows) this.#endGarbage.run(next.partition)
    return this.#nextGarbage.get() !== undefined
  }

  /** Up to `limit` batches of [from, before) with their row ids, for compaction. */
  rows(
    log: LogFacts,
    from: number,
    before: number,
    limit: number,
  ): { id: number; lastOffset: number; maxTimestamp: number; bytes: Buffer }[] {
    return this.#rows.all(log.id, from, before, limit) as {
      id: number
      lastOffset: number
      maxTimestamp: number
      bytes: Buffer
    }[]
  }

  /** Puts a compacted batch in the place of one of `rows`; without bytes the row goes. */
  replace(
    log: LogFacts,
    row: { readonly id: number; readonly bytes: Uint8Array },
    batch: {
      readonly maxTimestamp: number
      readonly recordCount: number
      readonly attributes: number
      readonly bytes: Uint8Array
    } | null,
  ): void {
    this.#note(log)
    log.sizeBytes -= row.bytes.byteLength
    this.#recent.forget(log.id)
    if (!batch) {
      this.#deleteRow.run(row.id)
      return
    }
    log.sizeBytes += batch.bytes.byteLength
    this.#replaceRow.run(
      batch.maxTimestamp,
      batch.recordCount,
      batch.attributes,
      batch.bytes.byteLength,
      batch.bytes,
      row.id,
    )
  }

  /** Forgets what memory holds of a log that was deleted. */
  close(log: LogFacts): void {
    this.#changed.delete(log)
    this.#recent.forget(log.id)
  }

  /** Writes the facts of logs that changed: called by the group commit. */
  flush(): void {
    for (const log of this.#changed.keys()) {
      this.#saveFacts.run(log.logStart, log.logEnd, log.sizeBytes, log.maxTimestamp, log.offsetOfMaxTimestamp, log.id)
    }
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
    if (this.#changed.has(log)) return
    const { logStart, logEnd, sizeBytes, maxTimestamp, offsetOfMaxTimestamp } = log
    this.#changed.set(log, { logStart, logEnd, sizeBytes, maxTimestamp, offsetOfMaxTimestamp })
  }
}
