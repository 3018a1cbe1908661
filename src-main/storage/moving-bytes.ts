import { closeSync, openSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { batchFileOf } from './batch-file'
import { readAt } from './files'
import { type BytesOfRow, bytesOfRow } from './large-batches'
import type { FoundRun } from './stored-runs'

/**
 * Reads large batches in other threads than the writing one, which may move their bytes into their rows at any moment and write others to the same place of the
 * file. So what was read counts when the row still has its bytes there afterwards: the file is changed only after the turn that says otherwise is committed.
 */
export class MovingBytes {
  readonly #workspace: string
  #descriptor: number | undefined
  /** A connection of its own: what the query that found the row sees is older. */
  readonly #database: Sqlite.Database
  readonly #row: Sqlite.Statement

  constructor(workspace: string) {
    this.#workspace = workspace
    this.#database = new Sqlite(workspace, { readonly: true, fileMustExist: true })
    this.#row = this.#database.prepare(
      `SELECT ${bytesOfRow} FROM batches WHERE id = ? AND partition = ? AND last_offset = ?`,
    )
  }

  /** The bytes of a row of a partition; `undefined` when it is gone meanwhile. @throws the system's error, SQLite's */
  of(partition: number, { id, lastOffset, bytes }: FoundRun): Buffer | undefined {
    if (bytes) return bytes
    // Ids of rows are used again; partitions and their offsets are not.
    const look = () => this.#row.get(id, partition, lastOffset) as BytesOfRow | undefined
    let row = look()
    while (row && row.position !== null) {
      const { position, sizeBytes } = row
      const found = this.#read(position, sizeBytes)
      row = look()
      if (row?.position !== position) continue
      if (found instanceof Error) throw found
      return found
    }
    return row?.bytes
  }

  dispose(): void {
    this.#database.close()
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  /** Its error matters where the bytes are still there: a workspace that is closed has moved them, and removed the file. */
  #read(position: number, sizeBytes: number): Buffer | Error {
    try {
      this.#descriptor ??= openSync(batchFileOf(this.#workspace), 'r')
      const bytes = Buffer.allocUnsafeSlow(sizeBytes)
      readAt(this.#descriptor, bytes, position)
      return bytes
    } catch (error) {
      return error as Error
    }
  }
}
