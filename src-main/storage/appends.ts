import { randomBytes } from 'node:crypto'
import type Sqlite from 'better-sqlite3'
import { type Appended, AppendFile, type AppendFileState } from './append-file'

/** From this length of the file on, all its batches get rows, and it begins at its start again. */
const longBytes = 4 * 1024 * 1024

/** The append file, and what SQLite knows of it: turn by turn. */
export class Appends {
  readonly #file: AppendFile
  readonly #state: Sqlite.Statement
  readonly #begin: Sqlite.Statement
  readonly #saveEnd: Sqlite.Statement
  /** The present turn has begun the file. */
  #isNew = false
  /** Where the record of the present turn ends. */
  #end = 0

  /** @param waitsForDisk as of `AppendFile` */
  constructor(database: Sqlite.Database, workspace: string, waitsForDisk: boolean) {
    this.#file = new AppendFile(workspace, waitsForDisk)
    this.#state = database.prepare('SELECT key, stored_end AS storedEnd FROM append_file')
    this.#begin = database.prepare('INSERT OR REPLACE INTO append_file (id, key, stored_end) VALUES (0, ?, 0)')
    this.#saveEnd = database.prepare('UPDATE append_file SET stored_end = ?')
  }

  /** It is time to give all batches rows. */
  get isLong(): boolean {
    return this.#file.length > longBytes
  }

  /** The first record of a file needs SQLite, which stores its key. */
  get isBegun(): boolean {
    return this.#file.isBegun
  }

  /**
   * Writes what the turn adds without rows. It holds once `committed` is called.
   *
   * @param isLinked SQLite commits the turn after it, else the turn is nothing else
   * @throws the system's error when the disk is full or fails
   */
  write(appended: readonly Appended[], isLinked: boolean): void {
    if (appended.length === 0) return
    if (!this.#file.isBegun) {
      const key = randomBytes(8)
      this.#begin.run(key)
      this.#file.begin(key)
      this.#isNew = true
    }
    this.#end = this.#file.write(appended, isLinked)
    if (isLinked) this.#saveEnd.run(this.#end)
  }

  /** The turn is stored. @param hasPending there are batches without rows */
  committed(hasPending: boolean): void {
    this.#isNew = false
    this.#file.keep(this.#end)
    if (!hasPending) this.#file.restart()
  }

  /** The turn is undone. */
  rolledBack(): void {
    if (this.#isNew) this.#file.abandon()
    this.#isNew = false
    this.#end = this.#file.end
  }

  /** What a process that died has left: it stays in the file until `remove`. */
  restore(): Appended[] {
    const state = this.#state.get() as AppendFileState | undefined
    const found = state ? this.#file.restore(state) : []
    this.#end = this.#file.end
    return found
  }

  /** A test's full disk: the file grows no longer than this. */
  limit(bytes: number): void {
    this.#file.limit(bytes)
  }

  /** All of its batches have rows: the file goes. */
  remove(): void {
    this.#file.remove()
    this.#end = this.#file.end
  }

  close(): void {
    this.#file.close()
  }
}
