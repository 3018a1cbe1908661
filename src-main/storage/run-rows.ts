import type Sqlite from 'better-sqlite3'
import { type Int64, maxInt64 } from '../base/int64'
import { lastOffsetsOfProducers, readBatch } from '../records/batch'
import type { Run } from './recent'
import { batchesOf, severalProducers, sumsOf } from './run'

/** What the row of an open run tells of its log. */
interface OpenFacts {
  readonly id: number
  readonly sizeBytes: number
  readonly maxTimestamp: Int64
  readonly offsetOfMaxTimestamp: number
}

const columns = `partition, base_offset, last_offset, running_max_timestamp, max_timestamp, appended_at, producer_id,
  producer_epoch, base_sequence, attributes, record_count, size_bytes, bytes`

/** Writes the rows that hold runs of batches. */
export class RunRows {
  readonly #insert: Sqlite.Statement
  readonly #keepOpen: Sqlite.Statement
  readonly #move: Sqlite.Statement
  readonly #removeOpen: Sqlite.Statement
  readonly #ofSeveral: Sqlite.Statement
  readonly #noteProducer: Sqlite.Statement
  readonly #forgetProducer: Sqlite.Statement
  readonly #run: Sqlite.Statement
  readonly #replace: Sqlite.Statement
  readonly #delete: Sqlite.Statement

  constructor(database: Sqlite.Database) {
    this.#insert = database.prepare(`INSERT INTO batches (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#keepOpen = database.prepare(
      `INSERT OR REPLACE INTO open_runs (log_size_bytes, log_max_timestamp, offset_of_max_timestamp, ${columns})
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#move = database.prepare(
      `INSERT INTO batches (${columns}) SELECT ${columns} FROM open_runs WHERE partition = ?`,
    )
    this.#removeOpen = database.prepare('DELETE FROM open_runs WHERE partition = ?')
    this.#ofSeveral = database
      .prepare(`SELECT bytes FROM batches WHERE id = ? AND producer_id = ${severalProducers}`)
      .pluck()
    this.#noteProducer = database.prepare(
      'INSERT OR REPLACE INTO run_producers (partition, producer_id, last_offset, run) VALUES (?, ?, ?, ?)',
    )
    this.#forgetProducer = database.prepare(
      'DELETE FROM run_producers WHERE partition = ? AND producer_id = ? AND last_offset = ?',
    )
    this.#run = database.prepare(
      `SELECT bytes, producer_id = ${severalProducers} AS isOfSeveral FROM batches WHERE id = ?`,
    )
    this.#replace = database.prepare(
      `UPDATE batches SET base_offset = ?, last_offset = ?, max_timestamp = ?, record_count = ?, attributes = ?, size_bytes = ?,
         bytes = ? WHERE id = ?`,
    )
    this.#delete = database.prepare('DELETE FROM batches WHERE id = ?')
  }

  /** Stores a run where it stays as it is. */
  insert(run: Run): void {
    const { lastInsertRowid } = this.#insert.run(...valuesOf(run))
    if (run.producerId === severalProducers) this.noteProducers(run.log, lastInsertRowid, run.bytes)
    run.place = 'closed'
  }

  /** Stores a run where it can grow, with the facts of its log, in place of the open run that the log may have there. */
  keepOpen(run: Run, { sizeBytes, maxTimestamp, offsetOfMaxTimestamp }: OpenFacts): void {
    this.#keepOpen.run(sizeBytes, maxTimestamp, offsetOfMaxTimestamp, ...valuesOf(run))
    run.place = 'open'
  }

  /** The open run of a log stays as it is from here on. */
  close(log: number): void {
    const { changes, lastInsertRowid } = this.#move.run(log)
    if (changes === 0) return
    this.#removeOpen.run(log)
    const bytes = this.#ofSeveral.get(lastInsertRowid) as Buffer | undefined
    if (bytes) this.noteProducers(log, lastInsertRowid, bytes)
  }

  /** The open run of a log is elsewhere by now. */
  removeOpen(log: number): void {
    this.#removeOpen.run(log)
  }

  /** Puts other bytes in place of some batches of a row, by their base offsets; those that are `null` go, and a row without batches with them. */
  rewrite(log: number, row: number, changes: ReadonlyMap<number, Buffer | null>): void {
    const run = this.#run.get(row) as { readonly bytes: Buffer; readonly isOfSeveral: number }
    if (run.isOfSeveral === 1) this.forgetProducers(log, run.bytes)
    const batches = batchesOf(run.bytes, 0, Number.MAX_SAFE_INTEGER).flatMap((batch) => {
      const changed = changes.get(batch.baseOffset)
      return changed === null ? [] : [changed ? readBatch(changed) : batch]
    })
    const [first, last] = [batches[0], batches.at(-1)]
    if (!first || !last) {
      this.#delete.run(row)
      return
    }
    const bytes = batches.length === 1 ? first.bytes : Buffer.concat(batches.map((batch) => batch.bytes))
    const { records, sizeBytes } = sumsOf(batches)
    // A batch without records has no time that anybody looks for.
    const timed = records > 0 ? batches.filter(({ recordCount }) => recordCount > 0) : batches
    const newest = timed.reduce<Int64>((max, { maxTimestamp }) => maxInt64(max, maxTimestamp), -1)
    this.#replace.run(first.baseOffset, last.lastOffset, newest, records, last.attributes, sizeBytes, bytes, row)
    if (run.isOfSeveral === 1) this.noteProducers(log, row, bytes)
  }

  /** A run of several producers, with these bytes so far, is not found by them any more. */
  forgetProducers(log: number, bytes: Buffer): void {
    for (const [producerId, lastOffset] of lastOffsetsOfProducers(bytes))
      this.#forgetProducer.run(log, producerId, lastOffset)
  }

  /** A run of several producers is found by each of them. */
  noteProducers(log: number, run: number | bigint, bytes: Buffer): void {
    for (const [producerId, lastOffset] of lastOffsetsOfProducers(bytes))
      this.#noteProducer.run(log, producerId, lastOffset, run)
  }
}

function valuesOf({ log, baseOffset, producerId, runningMaxTimestamp, facts, bytes }: Run): unknown[] {
  const { lastOffset, maxTimestamp, appendedAt, producerEpoch, baseSequence, attributes, recordCount } = facts
  return [
    log,
    baseOffset,
    lastOffset,
    runningMaxTimestamp,
    maxTimestamp,
    appendedAt,
    producerId,
    producerEpoch,
    baseSequence,
    attributes,
    recordCount,
    bytes.length,
    bytes,
  ]
}
