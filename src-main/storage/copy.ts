import { renameSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { batchFileOf } from './batch-file'
import { WorkspaceError } from './failures'
import { takeOwnership } from './ownership'

/**
 * Writes what is committed in the workspace `file` to `to`, packed, as a workspace of its own. Reads by a connection of its own, so the writer goes on; takes
 * as long as reading the file does. `to` is replaced as a whole, or stays as it was.
 *
 * @throws WorkspaceError when `to` is open, or cannot be written
 */
export function copyWorkspace(file: string, to: string): void {
  if (resolve(file) === resolve(to)) throw new WorkspaceError(`${to} is the workspace itself; choose another file.`)
  const owned = takeOwnership(to)
  const part = `${to}-part`
  try {
    rmSync(part, { force: true })
    const source = new Sqlite(file, { readonly: true })
    try {
      source.prepare('VACUUM INTO ?').run(part)
    } finally {
      source.close()
    }
    finish(part)
    // What a dead process left of the replaced file would be taken for a part of the new one.
    for (const rest of ['-wal', '-shm']) rmSync(`${to}${rest}`, { force: true })
    renameSync(part, to)
    for (const rest of [`${to}-appends`, batchFileOf(to)]) rmSync(rest, { force: true })
  } catch (error) {
    rmSync(part, { force: true })
    throw new WorkspaceError(`The copy ${to} cannot be written: ${(error as Error).message}.`)
  } finally {
    owned.dispose()
  }
}

/**
 * The records of the append file beside the workspace are none of the copy, should it come to lie there.
 *
 * @throws Error when bytes of large batches are not in it
 */
function finish(copy: string): void {
  const database = new Sqlite(copy)
  try {
    const missing = database.prepare('SELECT count(*) FROM batch_file').pluck().get()
    if (missing !== 0) throw new Error(`it lacks ${missing} large batches`)
    database.exec('DELETE FROM append_file')
  } finally {
    database.close()
  }
}
