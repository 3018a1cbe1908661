import type Sqlite from 'better-sqlite3'
import { type Int64, maxInt64 } from '../base/int64'
import { emptyBatch, lastOffsetsOfProducers, readBatch } from '../records/batch'
import { type BytesOfRow, bytesOfRow, type LargeBatches, type LostBatch } from './large-batches'
import type { Run } from './recent'
import { batchesOf, runBytes, severalProducers, sumsOf } from './run'

const columns = `partition, base_offset, last_offset, running_max_timestamp, max_timestamp, appended_at, producer_id,
  producer_epoch, base_sequence, attributes, record_count, size_bytes, bytes`

const noBytes = Buffer.alloc(0)

/** Writes the rows that hold runs of batches. */
export class RunRows {
  readonly #large: LargeBatches
  readonly #insert: Sqlite.Statement
  readonly #noteProducer: Sqlite.Statement
  readonly #forgetProducer: Sqlite.Statement
  readonly #run: Sqlite.Statement
  readonly #replace: Sqlite.Statement
  readonly #empty: Sqlite.Statement
  readonly #delete: Sqlite.Statement

  constructor(database: Sqlite.Database, large: LargeBatches) {
    this.#large = large
    this.#insert = database.prepare(`INSERT INTO batches (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#noteProducer = database.prepare(
      'INSERT OR REPLACE INTO run_producers (partition, producer_id, last_offset, run) VALUES (?, ?, ?, ?)',
    )
    this.#forgetProducer = database.prepare(
      'DELETE FROM run_producers WHERE partition = ? AND producer_id = ? AND last_offset = ?',
    )
    this.#run = database.prepare(
      `SELECT ${bytesOfRow}, producer_id = ${severalProducers} AS isOfSeveral FROM batches WHERE id = ?`,
    )
    this.#replace = database.prepare(
      `UPDATE batches SET base_offset = ?, last_offset = ?, max_timestamp = ?, record_count = ?, attributes = ?, size_bytes = ?,
         bytes = ? WHERE id = ?`,
    )
    this.#empty = database.prepare('UPDATE batches SET record_count = 0, size_bytes = ?, bytes = ? WHERE id = ?')
    this.#delete = database.prepare('DELETE FROM batches WHERE id = ?')
  }

  /** Gives a run a row, in which it stays as it is. */
  insert(run: Run): void {
    const position = run.sizeBytes > runBytes ? this.#large.write(run.bytes) : undefined
    const { lastInsertRowid } = this.#insert.run(...valuesOf(run, position === undefined ? run.bytes : noBytes))
    if (position !== undefined) this.#large.note(lastInsertRowid, position, run.bytes)
    if (run.producerId === severalProducers) this.noteProducers(run.log, lastInsertRowid, run.bytes)
    run.hasRow = true
  }

  /** Puts other bytes in place of some batches of a row, by their base offsets; those that are `null` go, and a row without batches with them. */
  rewrite(log: number, row: number, changes: ReadonlyMap<number, Buffer | null>): void {
    const run = this.#run.get(row) as BytesOfRow & { readonly isOfSeveral: number }
    const before = this.#large.bytesOf(run)
    if (run.isOfSeveral === 1) this.forgetProducers(log, before)
    const batches = batchesOf(before, 0, Number.MAX_SAFE_INTEGER).flatMap((batch) => {
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

  /** A batch without records takes the place of one whose bytes are lost. Returns its size. */
  empty(lost: LostBatch): number {
    const bytes = emptyBatch(lost)
    this.#empty.run(bytes.length, bytes, lost.row)
    return bytes.length
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

function valuesOf(
  { log, baseOffset, producerId, runningMaxTimestamp, facts, sizeBytes }: Run,
  bytes: Buffer,
): unknown[] {
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
    sizeBytes,
    bytes,
  ]
}
