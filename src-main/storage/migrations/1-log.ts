/**
 * Topics, partitions and their record batches: the producer's bytes come last, so that the facts of a row are
 * read without them; since format 8 a row may hold several batches. Ids of partitions are never used twice (AUTOINCREMENT): batches of a deleted topic may still be there.
 * `running_max_timestamp` never falls within a partition, so that a time is found by halving. The index of offsets covers what is
 * summed and counted.
 */
export const log = `
CREATE TABLE topics (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  partitions INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE partitions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  topic INTEGER NOT NULL REFERENCES topics (id),
  number INTEGER NOT NULL,
  log_start INTEGER NOT NULL DEFAULT 0,
  log_end INTEGER NOT NULL DEFAULT 0,
  size_bytes INTEGER NOT NULL DEFAULT 0,
  running_max_timestamp INTEGER NOT NULL DEFAULT -1,
  max_timestamp INTEGER NOT NULL DEFAULT -1,
  offset_of_max_timestamp INTEGER NOT NULL DEFAULT -1,
  UNIQUE (topic, number)
) STRICT;

CREATE TABLE batches (
  id INTEGER PRIMARY KEY,
  partition INTEGER NOT NULL,
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
CREATE INDEX batches_by_offset ON batches
  (partition, last_offset, base_offset, running_max_timestamp, max_timestamp, record_count, size_bytes);
CREATE INDEX batches_by_producer ON batches (partition, producer_id, last_offset) WHERE producer_id >= 0;

/* Transactions with records in a partition and no marker yet: they hold its last stable offset. */
CREATE TABLE open_transactions (
  partition INTEGER NOT NULL,
  producer_id INTEGER NOT NULL,
  first_offset INTEGER NOT NULL,
  PRIMARY KEY (partition, producer_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE aborted_transactions (
  partition INTEGER NOT NULL,
  last_offset INTEGER NOT NULL,
  first_offset INTEGER NOT NULL,
  producer_id INTEGER NOT NULL,
  PRIMARY KEY (partition, last_offset, producer_id)
) STRICT, WITHOUT ROWID;

/* Batches of partitions that are gone, and batches before a log start: removed in slices. */
CREATE TABLE garbage (
  partition INTEGER PRIMARY KEY,
  before INTEGER NOT NULL
) STRICT;
`
