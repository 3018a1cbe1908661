/** Everything that is not a log: configs, offsets with their history, the groups' journal, and state kept as JSON by kind and key. */
export const state = `
CREATE TABLE documents (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE configs (
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (type, name, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE offsets (
  group_id TEXT NOT NULL,
  topic TEXT NOT NULL,
  partition INTEGER NOT NULL,
  committed_offset INTEGER NOT NULL,
  leader_epoch INTEGER NOT NULL,
  metadata TEXT NOT NULL,
  committed_at INTEGER NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (group_id, topic, partition)
) STRICT, WITHOUT ROWID;

CREATE TABLE offset_changes (
  id INTEGER PRIMARY KEY,
  group_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  cause TEXT NOT NULL,
  changes TEXT NOT NULL,
  undone_by INTEGER
) STRICT;
CREATE INDEX offset_changes_by_group ON offset_changes (group_id, id);

CREATE TABLE frames (
  group_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  frame TEXT NOT NULL,
  PRIMARY KEY (group_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX frames_by_time ON frames (at);
`
