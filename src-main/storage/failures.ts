import { UserError } from '../base/user-error'

/** A file that cannot be opened, or a copy that cannot be written. The message is one sentence for people. */
export class WorkspaceError extends UserError {
  override readonly name = 'WorkspaceError'
}

/** A group commit that did not reach the file: disk full, I/O error. Nothing of the turn is stored. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure'
}

/** SQLite's own name of what went wrong, e.g. `SQLITE_FULL`; undefined for errors that are not SQLite's. */
export function sqliteCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined
}

/** The disk did not give what was asked of it. Node's errors of files name the system's call. */
export function isDiskError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return sqliteCode(error)?.startsWith('SQLITE_IOERR') ?? 'syscall' in error
}

/** True when another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(?:BUSY|LOCKED)/.test(sqliteCode(error) ?? '')
}

/** What became of a turn that `error` ended. */
export function storageFailure(error: unknown): StorageFailure {
  if (error instanceof StorageFailure) return error
  const { code } = error as { readonly code?: unknown }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return new StorageFailure('the disk is full')
  return new StorageFailure(error instanceof Error ? error.message : String(error))
}
