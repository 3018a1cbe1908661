import type Sqlite from 'better-sqlite3'
import { assert } from '../base/assert'
import { type Int64, maxInt64 } from '../base/int64'
import { readBatch } from '../records/batch'
import type { Run } from './recent'
import { batchesOf, sumsOf } from './run'

/** Writes the rows that hold runs of batches. */
export class RunRows {
  readonly #insert: Sqlite.Statement
  readonly #grow: Sqlite.Statement
  readonly #bytes: Sqlite.Statement
  readonly #replace: Sqlite.Statement
  readonly #delete: Sqlite.Statement

  constructor(database: Sqlite.Database) {
    this.#insert = database.prepare(
      `INSERT INTO batches (partition, base_offset, last_offset, running_max_timestamp, max_timestamp, appended_at, producer_id,
         producer_epoch, base_sequence, attributes, record_count, size_bytes, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#grow = database.prepare(
      `UPDATE batches SET last_offset = ?, running_max_timestamp = ?, max_timestamp = ?, appended_at = ?, record_count = ?,
         size_bytes = ?, bytes = ? WHERE id = ?`,
    )
    this.#bytes = database.prepare('SELECT bytes FROM batches WHERE id = ?').pluck()
    this.#replace = database.prepare(
      `UPDATE batches SET base_offset = ?, last_offset = ?, max_timestamp = ?, record_count = ?, attributes = ?, size_bytes = ?,
         bytes = ? WHERE id = ?`,
    )
    this.#delete = database.prepare('DELETE FROM batches WHERE id = ?')
  }

  /** Stores a run that is new, or has grown. */
  store(run: Run): void {
    const { facts, runningMaxTimestamp, lastOffset, bytes, row } = run
    const { maxTimestamp, recordCount, appendedAt } = facts
    if (row === undefined) {
      run.row = this.#insert.run(
        run.log,
        run.baseOffset,
        lastOffset,
        runningMaxTimestamp,
        maxTimestamp,
        appendedAt,
        facts.producerId,
        facts.producerEpoch,
        facts.baseSequence,
        facts.attributes,
        recordCount,
        bytes.length,
        bytes,
      ).lastInsertRowid
      return
    }
    const size = bytes.length
    const grown = [lastOffset, runningMaxTimestamp, maxTimestamp, appendedAt, recordCount, size, bytes, row]
    assert(this.#grow.run(...grown).changes === 1, 'a run that grows has a row')
  }

  /** Puts other bytes in place of some batches of a row, by their base offsets; those that are `null` go, and a row without batches with them. */
  rewrite(row: number, changes: ReadonlyMap<number, Buffer | null>): void {
    const run = this.#bytes.get(row) as Buffer
    const batches = batchesOf(run, 0, Number.MAX_SAFE_INTEGER).flatMap((batch) => {
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
  }
}
