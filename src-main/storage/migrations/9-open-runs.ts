/**
 * The run of a log that still grows lies in a table that no index is on, with the facts of its log beside it: what grows it writes one page, where a
 * row of `batches` needed the page of the index and that of the partition too. It moves to `batches` when it is full. Where a log has an open run,
 * the facts are those of its row, else those of its partition; `logs` and `runs` give both as one.
 *
 * A run may hold batches of several producers (its producer_id is -2 then): by `run_producers` it is found for each of them once it does not grow
 * any more. Transactional batches share no run with those of another producer, so that the records of a transaction are counted by the index.
 */
export const openRuns = `
CREATE TABLE open_runs (
  partition INTEGER PRIMARY KEY,
  log_size_bytes INTEGER NOT NULL,
  log_max_timestamp INTEGER NOT NULL,
  offset_of_max_timestamp INTEGER NOT NULL,
  base_offset INTEGER NOT NULL,
  last_offset INTEGER NOT NULL,
  running_max_timestamp INTEGER NOT NULL,
  max_timestamp INTEGER NOT NULL,
  appended_at INTEGER NOT NULL,
  producer_id INTEGER NOT NULL,
  producer_epoch INTEGER NOT NULL,
  base_sequence INTEGER NOT NULL,
  attributes INTEGER NOT NULL,
  record_count INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE run_producers (
  partition INTEGER NOT NULL,
  producer_id INTEGER NOT NULL,
  /* That of the newest batch that the producer has in the run. */
  last_offset INTEGER NOT NULL,
  /* The id of the row in batches. */
  run INTEGER NOT NULL,
  PRIMARY KEY (partition, producer_id, last_offset)
) STRICT, WITHOUT ROWID;

/* Rows before this offset are as large as they can be. */
ALTER TABLE partitions ADD COLUMN merged_until INTEGER NOT NULL DEFAULT 0;

CREATE VIEW logs AS SELECT
  partitions.id, topic, number, log_start, cleaned_until, merged_until,
  coalesce(open_runs.last_offset + 1, log_end) AS log_end,
  coalesce(open_runs.log_size_bytes, partitions.size_bytes) AS size_bytes,
  coalesce(open_runs.running_max_timestamp, partitions.running_max_timestamp) AS running_max_timestamp,
  coalesce(open_runs.log_max_timestamp, partitions.max_timestamp) AS max_timestamp,
  coalesce(open_runs.offset_of_max_timestamp, partitions.offset_of_max_timestamp) AS offset_of_max_timestamp,
  open_runs.partition IS NOT NULL AS has_open_run
FROM partitions LEFT JOIN open_runs ON open_runs.partition = partitions.id;

CREATE VIEW runs AS
  SELECT partition, base_offset, last_offset, running_max_timestamp, max_timestamp, appended_at, producer_id, attributes, record_count,
    size_bytes, bytes FROM batches
  UNION ALL
  SELECT partition, base_offset, last_offset, running_max_timestamp, max_timestamp, appended_at, producer_id, attributes, record_count,
    size_bytes, bytes FROM open_runs;
`
