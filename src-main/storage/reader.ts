import Sqlite from 'better-sqlite3'
import type { Uuid } from '../base/uuid'
import { TransactionIndex } from './transaction-index'

/** A topic with what its logs hold together. */
export interface TopicSize {
  readonly id: number
  readonly uuid: Uuid
  readonly name: string
  readonly partitions: number
  readonly sizeBytes: number
}

/** One partition's log as last committed. */
export interface PartitionLog {
  readonly id: number
  readonly number: number
  readonly logStart: number
  readonly logEnd: number
  readonly sizeBytes: number
  readonly maxTimestamp: number
}

/** One batch with its bytes, to be decoded. */
export interface ReadBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: number
  readonly appendedAt: number
  readonly recordCount: number
  readonly bytes: Buffer
}

/** Which offsets a batch spans, and how many records it holds. */
export interface BatchExtent {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly recordCount: number
}

/** What some batches hold together. */
export interface BatchSum {
  readonly batches: number
  readonly records: number
  readonly sizeBytes: number
}

/** A marker is 78 bytes; other control records may come. */
const largestControlBytes = 256
/** Of a batch's attributes (DefaultRecordBatch.CONTROL_FLAG_MASK). */
const controlBit = 0x20

const batchColumns = `base_offset AS baseOffset, last_offset AS lastOffset, max_timestamp AS maxTimestamp,
  appended_at AS appendedAt, record_count AS recordCount, bytes`

/**
 * A read-only connection for threads other than the writing one: sees what is committed, never delays the writer. Every call ends its own read,
 * so that the WAL can be folded in between: ask for bounded pieces.
 */
export class WorkspaceReader {
  readonly transactions: Pick<TransactionIndex, 'listOpen' | 'abortedIn'>
  readonly #database: Sqlite.Database
  readonly #topics: Sqlite.Statement
  readonly #partitions: Sqlite.Statement
  readonly #partitionsOf: Sqlite.Statement
  readonly #partition: Sqlite.Statement
  readonly #reaching: Sqlite.Statement
  readonly #forward: Sqlite.Statement
  readonly #backward: Sqlite.Statement
  readonly #atTime: Sqlite.Statement
  readonly #count: Sqlite.Statement
  readonly #at: Sqlite.Statement
  readonly #sum: Sqlite.Statement
  readonly #control: Sqlite.Statement

  /** @param file a workspace that its writer has open */
  constructor(file: string) {
    const database = new Sqlite(file, { readonly: true, fileMustExist: true })
    this.#database = database
    this.#topics = database.prepare(
      `SELECT topics.id, uuid, name, partitions, coalesce(sum(size_bytes), 0) AS sizeBytes
         FROM topics LEFT JOIN partitions ON partitions.topic = topics.id GROUP BY topics.id ORDER BY name`,
    )
    this.transactions = new TransactionIndex(database)
    const logs = `SELECT id, number, log_start AS logStart, log_end AS logEnd, size_bytes AS sizeBytes, max_timestamp AS maxTimestamp
      FROM partitions`
    this.#partitions = database.prepare(`${logs} WHERE topic = ? ORDER BY number`)
    const named = `${logs} WHERE topic = (SELECT topics.id FROM topics WHERE topics.name = ?)`
    this.#partitionsOf = database.prepare(`${named} ORDER BY number`)
    this.#partition = database.prepare(`${named} AND number = ?`)
    this.#reaching = database.prepare(
      `SELECT base_offset AS baseOffset, last_offset AS lastOffset FROM batches
         WHERE partition = ? AND last_offset >= ? ORDER BY last_offset LIMIT 1`,
    )
    const between = `SELECT ${batchColumns} FROM batches WHERE partition = ? AND last_offset BETWEEN ? AND ? ORDER BY last_offset`
    this.#forward = database.prepare(between)
    this.#backward = database.prepare(`${between} DESC`)
    this.#atTime = database
      .prepare(
        `SELECT base_offset FROM batches WHERE partition = ? AND last_offset >= ? AND max_timestamp >= ?
           ORDER BY last_offset LIMIT 1`,
      )
      .pluck()
    this.#count = database.prepare(
      `SELECT count(*) AS batches, coalesce(sum(record_count), 0) AS records, coalesce(sum(size_bytes), 0) AS sizeBytes
         FROM batches WHERE partition = ? AND last_offset >= ? AND last_offset < ?`,
    )
    this.#at = database.prepare(
      `SELECT base_offset AS baseOffset, last_offset AS lastOffset, record_count AS recordCount FROM batches
         WHERE partition = ? AND last_offset >= ? ORDER BY last_offset LIMIT 1`,
    )
    this.#sum = database
      .prepare(
        'SELECT coalesce(sum(record_count), 0) FROM batches WHERE partition = ? AND last_offset >= ? AND last_offset < ?',
      )
      .pluck()
    // The index tells what may be a marker: few rows are looked up for their attributes.
    this.#control = database
      .prepare(
        `SELECT count(*) FROM batches INDEXED BY batches_by_offset WHERE partition = ? AND last_offset >= ? AND last_offset < ?
           AND record_count = 1 AND size_bytes <= ${largestControlBytes} AND attributes & ${controlBit} <> 0`,
      )
      .pluck()
  }

  topics(): TopicSize[] {
    return this.#topics.all() as TopicSize[]
  }

  partitions(topic: number): PartitionLog[] {
    return this.#partitions.all(topic) as PartitionLog[]
  }

  /** The logs of a topic by its name; none when there is no such topic. */
  partitionsOf(topic: string): PartitionLog[] {
    return this.#partitionsOf.all(topic) as PartitionLog[]
  }

  partition(topic: string, number: number): PartitionLog | undefined {
    return this.#partition.get(topic, number) as PartitionLog | undefined
  }

  /**
   * Whole batches with a record in [from, before), in the order of offsets, or from the last one `backward`: as many as fit `maxBytes`,
   * but at least one.
   */
  batches(
    log: PartitionLog,
    range: { readonly from: number; readonly before: number; readonly maxBytes: number; readonly backward?: boolean },
  ): ReadBatch[] {
    const statement = range.backward ? this.#backward : this.#forward
    const from = Math.max(range.from, log.logStart)
    const found: ReadBatch[] = []
    let bytes = 0
    for (const row of statement.iterate(log.id, from, this.#lastIn(log, range.before))) {
      const batch = row as ReadBatch
      bytes += batch.bytes.byteLength
      if (found.length > 0 && bytes > range.maxBytes) break
      found.push(batch)
    }
    return found
  }

  /** The first offset of the first batch with a record of `timestamp` or later. */
  offsetAtTime(log: PartitionLog, timestamp: number): number | undefined {
    return this.#atTime.get(log.id, log.logStart, timestamp) as number | undefined
  }

  /** What the batches that end in [from, before) hold. */
  count(log: PartitionLog, from: number, before: number): BatchSum {
    return this.#count.get(log.id, Math.max(from, log.logStart), before) as BatchSum
  }

  /** Records of the batches that end in [from, before), without control batches. */
  recordsEndingIn(log: PartitionLog, from: number, before: number): number {
    return (this.#sum.get(log.id, from, before) as number) - (this.#control.get(log.id, from, before) as number)
  }

  /** The extent of the first batch that ends at `offset` or behind it. */
  extentAt(log: PartitionLog, offset: number): BatchExtent | undefined {
    return this.#at.get(log.id, offset) as BatchExtent | undefined
  }

  dispose(): void {
    this.#database.close()
  }

  /** The last offset of the last batch that begins before `before`. */
  #lastIn(log: PartitionLog, before: number): number {
    const row = this.#reaching.get(log.id, before - 1) as { baseOffset: number; lastOffset: number } | undefined
    return row && row.baseOffset < before ? row.lastOffset : before - 1
  }
}
