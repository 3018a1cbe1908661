import { accessSync, constants, existsSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Disposable } from '../base/disposable'
import { isBusy, WorkspaceError } from './failures'

/**
 * One writer per workspace: a lock on a file beside it, `FILE-lock`, held for as long as this process lives, however it
 * dies. Readers of the workspace itself are not kept out. The lock file's user_version is the owner's process id.
 *
 * @throws WorkspaceError when the folder is missing, the file cannot be made, or another process owns it
 */
export function takeOwnership(file: string): Disposable {
  const folder = dirname(file)
  if (!existsSync(folder)) throw new WorkspaceError(`The folder ${folder} does not exist, so ${file} cannot be opened.`)
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new WorkspaceError(`${file} cannot be opened: it is a folder, and a workspace is a file.`)
  }
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw new WorkspaceError(
      `The folder ${folder} is read-only, so ${file} cannot be opened: its lock and its WAL lie beside it.`,
    )
  }
  const path = `${file}-lock`
  let lock: Sqlite.Database | undefined
  try {
    lock = new Sqlite(path, { timeout: 0 })
    lock.pragma('journal_mode = MEMORY')
    if (lock.pragma('user_version', { simple: true }) !== process.pid) lock.pragma(`user_version = ${process.pid}`)
    lock.exec('BEGIN IMMEDIATE')
  } catch (error) {
    lock?.close()
    if (isBusy(error)) throw inUse(file, ownerOf(path))
    throw new WorkspaceError(`${file} cannot be opened: ${(error as Error).message}.`)
  }
  // Its last owner may have removed the file between our opening and our locking it: then we hold nothing.
  if (ownerOf(path) !== process.pid) {
    lock.close()
    throw inUse(file, ownerOf(path))
  }
  const held = lock
  return {
    dispose() {
      held.close()
      rmSync(path, { force: true })
    },
  }
}

export function inUse(file: string, owner?: number): WorkspaceError {
  const who = owner ? `another Ottla (process ${owner})` : 'another program'
  return new WorkspaceError(`${file} is in use by ${who}; close it there or choose another file.`)
}

/** The process that last took the lock; undefined when that cannot be told. */
function ownerOf(path: string): number | undefined {
  if (!existsSync(path)) return undefined
  let lock: Sqlite.Database | undefined
  try {
    lock = new Sqlite(path, { readonly: true, timeout: 0 })
    return lock.pragma('user_version', { simple: true }) as number
  } catch {
    // Between two owners, or unreadable: the sentence then names nobody.
    return undefined
  } finally {
    lock?.close()
  }
}
