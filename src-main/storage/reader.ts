import Sqlite from 'better-sqlite3'
import type { Uuid } from '../base/uuid'
import type { Batch } from '../records/batch'
import { smallBytes } from './large-batches'
import { MovingBytes } from './moving-bytes'
import { batchesOf, type Sums, sumsOf } from './run'
import type { FoundRun } from './stored-runs'
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

/** Which offsets a batch spans, and how many records it holds. */
export interface BatchExtent {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly recordCount: number
}

/** Offsets in [from, before), read in their order or backward. */
interface Range {
  readonly from: number
  readonly before: number
  readonly maxBytes: number
  readonly backward?: boolean
}

interface RowFacts {
  readonly lastOffset: number
  readonly baseOffset: number
  readonly records: number
  readonly sizeBytes: number
  /** Left out of a row that is one large batch. */
  readonly bytes: Buffer | null
}

/** A marker is 78 bytes; other control records may come. */
const largestControlBytes = 256
/** Of a batch's attributes (DefaultRecordBatch.CONTROL_FLAG_MASK). */
const controlBit = 0x20

const facts = `SELECT base_offset AS baseOffset, last_offset AS lastOffset, record_count AS records,
  size_bytes AS sizeBytes, ${smallBytes} FROM batches WHERE partition = ?`

/**
 * A read-only connection for threads other than the writing one: sees what is committed and has rows (`Workspace.settled`), never delays the writer. Every call ends its own read,
 * so that the WAL can be folded in between: ask for bounded pieces.
 */
export class WorkspaceReader {
  readonly transactions: Pick<TransactionIndex, 'listOpen' | 'abortedIn'>
  readonly #database: Sqlite.Database
  readonly #moving: MovingBytes
  readonly #topics: Sqlite.Statement
  readonly #partitions: Sqlite.Statement
  readonly #partition: Sqlite.Statement
  readonly #forward: Sqlite.Statement
  readonly #backward: Sqlite.Statement
  readonly #count: Sqlite.Statement
  readonly #at: Sqlite.Statement
  readonly #control: Sqlite.Statement
  /** What several queries find is of one moment: between two of them the writer may merge rows. */
  readonly #atOnce: <T>(read: () => T) => T

  /** @param file a workspace that its writer has open */
  constructor(file: string) {
    const database = new Sqlite(file, { readonly: true, fileMustExist: true })
    this.#database = database
    this.#moving = new MovingBytes(file)
    this.#atOnce = (read) => database.transaction(read)()
    this.#topics = database.prepare(
      `SELECT topics.id, uuid, name, topics.partitions, coalesce(sum(size_bytes), 0) AS sizeBytes
         FROM topics LEFT JOIN partitions ON partitions.topic = topics.id
         GROUP BY topics.id ORDER BY name`,
    )
    this.transactions = new TransactionIndex(database, { isWriter: false })
    const logs = `SELECT id, number, log_start AS logStart, log_end AS logEnd, size_bytes AS sizeBytes, max_timestamp AS maxTimestamp
      FROM partitions`
    this.#partitions = database.prepare(`${logs} WHERE topic = ? ORDER BY number`)
    this.#partition = database.prepare(
      `${logs} WHERE topic = (SELECT topics.id FROM topics WHERE topics.name = ?) AND number = ?`,
    )
    const runs = `SELECT id, last_offset AS lastOffset, size_bytes AS sizeBytes, ${smallBytes} FROM batches WHERE partition = ? AND last_offset >= ?`
    this.#forward = database.prepare(`${runs} ORDER BY last_offset`)
    this.#backward = database.prepare(`${runs} AND base_offset < ? ORDER BY last_offset DESC`)
    this.#count = database.prepare(
      `SELECT coalesce(sum(record_count), 0) AS records, coalesce(sum(size_bytes), 0) AS sizeBytes FROM batches
         WHERE partition = $log AND last_offset >= $from AND last_offset < $before`,
    )
    this.#at = database.prepare(`${facts} AND last_offset >= ? ORDER BY last_offset LIMIT 1`)
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

  partition(topic: string, number: number): PartitionLog | undefined {
    return this.#partition.get(topic, number) as PartitionLog | undefined
  }

  /**
   * Whole batches with a record in [from, before), in the order of offsets, or from the last one `backward`: as many as fit `maxBytes`,
   * but at least one.
   */
  batches(log: PartitionLog, range: Range): Batch[] {
    for (;;) {
      const found = this.#batches(log, range)
      if (found) return found
    }
  }

  /** What the batches that end in [from, before) hold. */
  count(log: PartitionLog, from: number, before: number): Sums {
    return this.#atOnce(() => this.#sums(log, Math.max(from, log.logStart), before))
  }

  /** Records of the batches that end in [from, before), without control batches. */
  recordsEndingIn(log: PartitionLog, from: number, before: number): number {
    return this.#atOnce(
      () => this.#sums(log, from, before).records - (this.#control.get(log.id, from, before) as number),
    )
  }

  /** The extent of the first batch that ends at `offset` or behind it. */
  extentAt(log: PartitionLog, offset: number): BatchExtent | undefined {
    const row = this.#at.get(log.id, offset) as RowFacts | undefined
    if (!row?.bytes) return row && { baseOffset: row.baseOffset, lastOffset: row.lastOffset, recordCount: row.records }
    return batchesOf(row.bytes, offset, Number.MAX_SAFE_INTEGER)[0]
  }

  dispose(): void {
    this.#moving.dispose()
    this.#database.close()
  }

  /** `undefined` when a row went, or became a part of another, between being found and being read. */
  #batches(log: PartitionLog, range: Range): Batch[] | undefined {
    const { before, backward = false } = range
    const from = Math.max(range.from, log.logStart)
    const rows = backward ? this.#backward.iterate(log.id, from, before) : this.#forward.iterate(log.id, from)
    const found: Batch[] = []
    let left = range.maxBytes
    for (const row of rows as IterableIterator<FoundRun>) {
      if (row.bytes === null && found.length > 0 && row.sizeBytes > left) return found
      const bytes = this.#moving.of(log.id, row)
      if (!bytes) return undefined
      const batches = batchesOf(bytes, from, Number.MAX_SAFE_INTEGER)
      if (backward) batches.reverse()
      for (const batch of batches) {
        if (batch.baseOffset >= before) {
          if (backward) continue
          return found
        }
        left -= batch.sizeBytes
        if (found.length > 0 && left < 0) return found
        found.push(batch)
      }
    }
    return found
  }

  #sums(log: PartitionLog, from: number, before: number): Sums {
    const whole = this.#count.get({ log: log.id, from, before }) as Sums
    const [cut, rest] = [this.#inRow(log, from), this.#inRow(log, before)]
    return {
      records: whole.records + rest.records - cut.records,
      sizeBytes: whole.sizeBytes + rest.sizeBytes - cut.sizeBytes,
    }
  }

  /** What the batches that end before `offset` hold in the row that reaches it. */
  #inRow(log: PartitionLog, offset: number): Sums {
    const row = this.#at.get(log.id, offset) as RowFacts | undefined
    return sumsOf(row?.bytes && row.baseOffset < offset ? batchesOf(row.bytes, 0, offset) : [])
  }
}
