import type Sqlite from 'better-sqlite3'
import { type Int64, int64 } from '../base/int64'
import { type BytesOfRow, bytesOfRow, type LargeBatches, smallBytes } from './large-batches'

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
  /** Rows before this offset are as large as they can be. */
  mergedUntil: number
}

/** A row as it is read for its batches: `bytes` is left out of a row that is one large batch. */
export interface RowFacts {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly sizeBytes: number
  readonly newestAt: number
  readonly appendedAt: number
  readonly bytes: Buffer | null
}

/** A run, and the last offset in it. */
export interface RunRow {
  readonly lastOffset: number
  readonly bytes: Buffer
}

/** A run, and the largest time in it. */
export interface TimedRunRow {
  readonly baseOffset: number
  readonly maxTimestamp: Int64
  readonly bytes: Buffer
}

/** A row as `from` finds it. */
export interface FoundRun {
  readonly id: number
  readonly lastOffset: number
  readonly sizeBytes: number
  /** `null` where it is one large batch: `bytesOf` reads that, for who wants it. */
  readonly bytes: Buffer | null
}

interface FoundTimedRun {
  readonly baseOffset: bigint
  readonly maxTimestamp: bigint
  readonly bytes: Buffer
  readonly sizeBytes: bigint
  readonly position: bigint | null
}

const facts = `SELECT base_offset AS baseOffset, last_offset AS lastOffset, size_bytes AS sizeBytes,
  CASE WHEN max_timestamp < 0 THEN appended_at ELSE max_timestamp END AS newestAt, appended_at AS appendedAt,
  ${smallBytes}
  FROM batches WHERE partition = ?`

/** What the writer asks the file about logs: about the runs that have rows. */
export class StoredRuns {
  readonly #large: LargeBatches
  readonly #facts: Sqlite.Statement
  readonly #factsOf: Sqlite.Statement
  readonly #from: Sqlite.Statement
  readonly #bytes: Sqlite.Statement
  readonly #reaching: Sqlite.Statement
  readonly #position: Sqlite.Statement
  readonly #largest: Sqlite.Statement
  readonly #ofProducer: Sqlite.Statement
  readonly #recordsOf: Sqlite.Statement
  readonly #producers: readonly Sqlite.Statement[]
  readonly #rows: Sqlite.Statement
  readonly #at: Sqlite.Statement
  readonly #newestBefore: Sqlite.Statement
  readonly #size: Sqlite.Statement

  constructor(database: Sqlite.Database, large: LargeBatches) {
    this.#large = large
    const [byNumber, byId] = ['topic = ? AND number = ?', 'id = ?'].map((which) =>
      database
        .prepare(
          `SELECT id, log_start AS logStart, log_end AS logEnd, size_bytes AS sizeBytes,
         running_max_timestamp AS runningMaxTimestamp, max_timestamp AS maxTimestamp,
         offset_of_max_timestamp AS offsetOfMaxTimestamp, cleaned_until AS cleanedUntil, merged_until AS mergedUntil
         FROM partitions WHERE ${which}`,
        )
        .safeIntegers(),
    ) as [Sqlite.Statement, Sqlite.Statement]
    this.#facts = byNumber
    this.#factsOf = byId
    this.#from = database.prepare(
      `SELECT id, last_offset AS lastOffset, size_bytes AS sizeBytes, ${smallBytes}
         FROM batches WHERE partition = ? AND last_offset >= ? ORDER BY last_offset`,
    )
    this.#bytes = database.prepare(`SELECT ${bytesOfRow} FROM batches WHERE id = ?`)
    this.#reaching = database.prepare(
      `SELECT last_offset AS lastOffset, ${bytesOfRow} FROM batches
         WHERE partition = ? AND last_offset >= ? AND max_timestamp >= ? ORDER BY last_offset LIMIT 1`,
    )
    this.#position = database
      .prepare(
        `SELECT last_offset AS lastOffset, running_max_timestamp AS runningMaxTimestamp
         FROM batches WHERE partition = ? AND last_offset >= ? ORDER BY last_offset LIMIT 1`,
      )
      .safeIntegers()
    this.#largest = database
      .prepare(
        // The index tells which run it is: the bytes of the others are not read.
        `SELECT base_offset AS baseOffset, max_timestamp AS maxTimestamp, ${bytesOfRow} FROM batches
         WHERE partition = $log AND last_offset = (SELECT last_offset FROM (
           SELECT max_timestamp, last_offset FROM batches WHERE partition = $log AND last_offset >= $from AND record_count > 0
             ORDER BY max_timestamp DESC, last_offset LIMIT 1
         ))`,
      )
      .safeIntegers()
    this.#ofProducer = database.prepare(
      `SELECT ${bytesOfRow}, last_offset FROM batches
         WHERE partition = $log AND producer_id = $producer AND producer_id >= 0 AND last_offset >= $from
       UNION ALL
       SELECT ${bytesOfRow}, run_producers.last_offset FROM run_producers
         JOIN batches ON batches.id = run_producers.run AND batches.partition = run_producers.partition
         WHERE run_producers.partition = $log AND run_producers.producer_id = $producer AND run_producers.last_offset >= $from
       ORDER BY last_offset DESC LIMIT $limit`,
    )
    this.#recordsOf = database
      .prepare(
        `SELECT coalesce(sum(record_count), 0) FROM batches INDEXED BY batches_by_producer
           WHERE partition = $log AND producer_id = $producer AND producer_id >= 0 AND last_offset >= $from`,
      )
      .pluck()
    // From one id to the next by the index, past the batches between them: it begins at the first of the conditions.
    this.#producers = ['batches', 'run_producers'].map((table) =>
      database
        .prepare(
          `WITH RECURSIVE producers (producer) AS (
             SELECT min(producer_id) FROM ${table} WHERE partition = $log AND producer_id >= 0
             UNION ALL
             SELECT (SELECT min(producer_id) FROM ${table} WHERE partition = $log AND producer_id > producer AND producer_id >= 0)
               FROM producers WHERE producer IS NOT NULL
           ) SELECT producer FROM producers WHERE producer IS NOT NULL`,
        )
        .pluck()
        .safeIntegers(),
    )
    this.#rows = database.prepare(`${facts} AND last_offset >= ? AND base_offset < ? ORDER BY last_offset LIMIT ?`)
    this.#at = database.prepare(`${facts} AND last_offset >= ? ORDER BY last_offset LIMIT 1`)
    this.#newestBefore = database.prepare(`${facts} AND last_offset < ? ORDER BY last_offset DESC LIMIT 1`)
    this.#size = database
      .prepare(
        'SELECT coalesce(sum(size_bytes), 0) FROM batches WHERE partition = $log AND last_offset >= $from AND last_offset < $before',
      )
      .pluck()
  }

  /** `undefined` when the topic has no such partition. */
  facts(topicRow: number, number: number): LogFacts | undefined {
    return factsIn(this.#facts.get(topicRow, number))
  }

  /** By the id of the partition; `undefined` when it is gone. */
  factsOf(id: number): LogFacts | undefined {
    return factsIn(this.#factsOf.get(id))
  }

  /** Runs from the one that holds `from`, in order. */
  from(log: number, from: number): IterableIterator<FoundRun> {
    return this.#from.iterate(log, from) as IterableIterator<FoundRun>
  }

  bytesOf({ id, bytes }: FoundRun): Buffer {
    return bytes ?? this.#large.bytesOf(this.#bytes.get(id) as BytesOfRow)
  }

  /** The first run at or behind `from` with a batch of `timestamp` or later. */
  reaching(log: number, from: number, timestamp: Int64): RunRow | undefined {
    const row = this.#reaching.get(log, from, timestamp) as (BytesOfRow & { readonly lastOffset: number }) | undefined
    return row && { lastOffset: row.lastOffset, bytes: this.#large.bytesOf(row) }
  }

  /** Of the run that holds `offset`, or the one behind it. */
  position(
    log: number,
    offset: number,
  ): { readonly lastOffset: number; readonly runningMaxTimestamp: Int64 } | undefined {
    const row = this.#position.get(log, offset) as Record<'lastOffset' | 'runningMaxTimestamp', bigint> | undefined
    return row && { lastOffset: Number(row.lastOffset), runningMaxTimestamp: int64(row.runningMaxTimestamp) }
  }

  /** The first of the runs at or behind `from` with the largest time of all. */
  largest(log: number, from: number): TimedRunRow | undefined {
    const row = this.#largest.get({ log, from }) as FoundTimedRun | undefined
    if (!row) return undefined
    const [sizeBytes, position] = [Number(row.sizeBytes), row.position === null ? null : Number(row.position)]
    const bytes = this.#large.bytesOf({ bytes: row.bytes, sizeBytes, position })
    return { baseOffset: Number(row.baseOffset), maxTimestamp: int64(row.maxTimestamp), bytes }
  }

  /** The newest runs with batches of a producer, the newest first; others may be in them. */
  ofProducer(log: number, producer: bigint, from: number, limit: number): Buffer[] {
    const rows = this.#ofProducer.all({ log, producer, from, limit }) as BytesOfRow[]
    return rows.map((row) => this.#large.bytesOf(row))
  }

  recordsOf(log: number, producer: bigint, from: number): number {
    return this.#recordsOf.get({ log, producer, from }) as number
  }

  producers(log: number): bigint[] {
    return this.#producers.flatMap((statement) => statement.all({ log }) as bigint[])
  }

  /** Rows with an offset in [from, before), in order. */
  rows(log: number, from: number, before: number, limit: number): RowFacts[] {
    return this.#rows.all(log, from, before, limit) as RowFacts[]
  }

  /** The row that holds `offset`, or the one behind it. */
  at(log: number, offset: number): RowFacts | undefined {
    return this.#at.get(log, offset) as RowFacts | undefined
  }

  /** The newest row that ends before `offset`. */
  newestBefore(log: number, offset: number): RowFacts | undefined {
    return this.#newestBefore.get(log, offset) as RowFacts | undefined
  }

  /** Bytes of the rows that end in [from, before). */
  sizeBytes(log: number, from: number, before: number): number {
    return this.#size.get({ log, from, before }) as number
  }
}

function factsIn(found: unknown): LogFacts | undefined {
  const row = found as Record<keyof LogFacts, bigint> | undefined
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
      mergedUntil: Number(row.mergedUntil),
    }
  )
}
