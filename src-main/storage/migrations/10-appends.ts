import type Sqlite from 'better-sqlite3'
import { lastOffsetsOfProducers } from '../../records/batch'
import { severalProducers } from '../run'

/**
 * Small batches lie in the append file (`append-file.ts`) until they get rows, so there is no run whose row grows: those that did become rows like all
 * others, and their partitions have the facts again. `append_file` is what is known of the append file: one row, or none as long as there was none.
 */
export function appends(database: Sqlite.Database): void {
  const columns = `partition, base_offset, last_offset, running_max_timestamp, max_timestamp, appended_at, producer_id, producer_epoch,
    base_sequence, attributes, record_count, size_bytes, bytes`
  database.exec(`
    INSERT INTO batches (${columns}) SELECT ${columns} FROM open_runs;
    UPDATE partitions SET log_end = open_runs.last_offset + 1, size_bytes = log_size_bytes, running_max_timestamp = open_runs.running_max_timestamp,
      max_timestamp = log_max_timestamp, offset_of_max_timestamp = open_runs.offset_of_max_timestamp
      FROM open_runs WHERE open_runs.partition = partitions.id;
  `)
  const note = database.prepare(
    'INSERT OR REPLACE INTO run_producers (partition, producer_id, last_offset, run) VALUES (?, ?, ?, ?)',
  )
  const moved = database.prepare(
    `SELECT batches.id, batches.partition, batches.bytes FROM open_runs
       JOIN batches ON batches.partition = open_runs.partition AND batches.last_offset = open_runs.last_offset
       WHERE open_runs.producer_id = ${severalProducers}`,
  )
  for (const { id, partition, bytes } of moved.all() as { id: number; partition: number; bytes: Buffer }[]) {
    for (const [producerId, lastOffset] of lastOffsetsOfProducers(bytes))
      note.run(partition, producerId, lastOffset, id)
  }
  database.exec(`
    DROP VIEW logs;
    DROP VIEW runs;
    DROP TABLE open_runs;
    CREATE TABLE append_file (
      id INTEGER PRIMARY KEY CHECK (id = 0),
      key BLOB NOT NULL,
      stored_end INTEGER NOT NULL
    ) STRICT;
  `)
}
