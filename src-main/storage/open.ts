import { accessSync, constants, existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type Disposable, Disposables } from '../base/disposable'
import { isBusy, sqliteCode, WorkspaceError } from './failures'
import { lockTimeoutMs } from './lock-timeout'
import { migrate, newestFormat } from './migrations'
import { inUse, takeOwnership } from './ownership'
import { allowSteps } from './shrink'

/** Marks the file as ours ("Ottl"), in the header that file(1) and we look at. */
const applicationId = 0x4f74746c

/**
 * Opens a workspace as its one writer. The folder of a temporary one goes with it when it cannot be opened.
 *
 * @throws WorkspaceError as `takeOwnership` and `openDatabase`
 */
export function openOwned(file: string, isTemporary: boolean): { ownership: Disposable; database: Sqlite.Database } {
  const ends = new Disposables()
  if (isTemporary) ends.add(() => rmSync(dirname(file), { recursive: true, force: true }))
  try {
    const ownership = ends.add(takeOwnership(file))
    return { ownership, database: openDatabase(file) }
  } catch (error) {
    ends.dispose()
    throw error
  }
}

/**
 * Opens the writing connection of a workspace, which is made or migrated first where that is needed.
 *
 * @throws WorkspaceError when it is not a workspace, is newer than this Ottla, or cannot be read or written
 */
export function openDatabase(file: string): Sqlite.Database {
  refuseReadOnly(file)
  let database: Sqlite.Database | undefined
  try {
    database = new Sqlite(file, { timeout: lockTimeoutMs })
    prepare(database, file)
    return database
  } catch (error) {
    database?.close()
    throw openError(file, error)
  }
}

function openError(file: string, error: unknown): WorkspaceError {
  if (error instanceof WorkspaceError) return error
  if (sqliteCode(error) === 'SQLITE_NOTADB') return new WorkspaceError(`${file} is not a workspace of Ottla.`)
  if (isBusy(error)) return inUse(file)
  return new WorkspaceError(`${file} cannot be opened: ${(error as Error).message}.`)
}

function prepare(database: Sqlite.Database, file: string): void {
  const version = database.pragma('user_version', { simple: true }) as number
  const isEmpty = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
  if (!isEmpty && database.pragma('application_id', { simple: true }) !== applicationId) {
    throw new WorkspaceError(`${file} is not a workspace of Ottla.`)
  }
  if (version > newestFormat) {
    throw new WorkspaceError(
      `${file} was made by a newer Ottla (format ${version}, this one knows ${newestFormat}); update Ottla to open it.`,
    )
  }
  if (isEmpty) {
    database.pragma('page_size = 16384')
    allowSteps(database)
  }
  database.pragma('journal_mode = WAL')
  database.pragma('wal_autocheckpoint = 0')
  database.pragma('cache_size = -16384')
  database.pragma('temp_store = MEMORY')
  if (version < newestFormat) bringUpToDate(database, version)
}

function bringUpToDate(database: Sqlite.Database, version: number): void {
  database
    .transaction(() => {
      migrate(database, version)
      database.pragma(`user_version = ${newestFormat}`)
      database.pragma(`application_id = ${applicationId}`)
    })
    .immediate()
}

/**
 * SQLite opens a file that it may not write all the same, and fails with each commit.
 *
 * @throws WorkspaceError
 */
function refuseReadOnly(file: string): void {
  if (!existsSync(file)) return
  try {
    accessSync(file, constants.W_OK)
  } catch {
    throw new WorkspaceError(`${file} is read-only; open a copy of it that can be written.`)
  }
}
