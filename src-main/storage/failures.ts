/** A file that cannot be opened as a workspace. The message is one sentence for people. */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError'
}

/** A group commit that did not reach the file: disk full, I/O error. Nothing of the turn is stored. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure'
}
