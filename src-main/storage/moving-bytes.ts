import { closeSync, openSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { batchFileOf } from './batch-file'
import { readAt } from './files'
import type { BytesOfRow } from './large-batches'

/** A row that other threads read. */
export interface RowOfReader extends BytesOfRow {
  readonly id: number
  readonly lastOffset: number
}

/**
 * Reads the bytes of large batches in other threads than the writing one, which may move them into their rows at any moment and write others to the same place of the
 * file. So what was read counts when the row still has its bytes there afterwards: the file is changed only after the turn that says otherwise is committed.
 */
export class MovingBytes {
  readonly #workspace: string
  #descriptor: number | undefined
  /** A connection of its own: what the query that found the row sees is older. */
  #database: Sqlite.Database | undefined
  #now: Sqlite.Statement | undefined

  constructor(workspace: string) {
    this.#workspace = workspace
  }

  /** The bytes of a row of a partition; `undefined` when it is gone meanwhile. @throws the system's error, SQLite's */
  of(partition: number, row: RowOfReader): Buffer | undefined {
    const { id, lastOffset, sizeBytes } = row
    let { bytes, position } = row
    while (position !== null) {
      const found = this.#read(position, sizeBytes)
      // Ids of rows are used again; partitions and their offsets are not.
      const now = this.#statement.get(id, partition, lastOffset) as Pick<BytesOfRow, 'bytes' | 'position'> | undefined
      if (!now) return undefined
      if (now.position === position) return found
      bytes = now.bytes
      position = now.position
    }
    return bytes
  }

  dispose(): void {
    this.#database?.close()
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  get #statement(): Sqlite.Statement {
    this.#database ??= new Sqlite(this.#workspace, { readonly: true, fileMustExist: true })
    this.#now ??= this.#database.prepare(
      `SELECT bytes, position FROM batches LEFT JOIN batch_file ON run = id WHERE id = ? AND partition = ? AND last_offset = ?`,
    )
    return this.#now
  }

  #read(position: number, sizeBytes: number): Buffer {
    this.#descriptor ??= openSync(batchFileOf(this.#workspace), 'r')
    const bytes = Buffer.allocUnsafeSlow(sizeBytes)
    readAt(this.#descriptor, bytes, position)
    return bytes
  }
}
