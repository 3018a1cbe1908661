/**
 * The bytes of a large batch may lie in the file beside the workspace for a while (`large-batches.ts`): `bytes` is empty then, and `batch_file` has
 * their position and their checksum. A row that gets bytes, or goes, has nothing there any more.
 */
export const largeBatches = `
CREATE TABLE batch_file (
  run INTEGER PRIMARY KEY,
  position INTEGER NOT NULL,
  crc INTEGER NOT NULL
) STRICT;
CREATE TRIGGER run_has_bytes AFTER UPDATE OF bytes ON batches BEGIN
  DELETE FROM batch_file WHERE run = new.id;
END;
CREATE TRIGGER run_is_gone AFTER DELETE ON batches BEGIN
  DELETE FROM batch_file WHERE run = old.id;
END;
`
