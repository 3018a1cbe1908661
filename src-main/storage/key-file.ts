import Sqlite from 'better-sqlite3'
import { storageFailure } from './failures'

/** Of the file's pages so many kibibytes are kept in memory. */
const cacheKib = 32 * 1024

/** A set of keys by place in a temporary file, for those that are too many for memory. The system deletes the file, also after a crash. */
export class KeyFile {
  readonly #database: Sqlite.Database
  readonly #add: Sqlite.Statement

  constructor() {
    // SQLite's name for a temporary file of its own; nothing of it is ever read again, so it needs neither journal nor sync.
    const database = new Sqlite('')
    this.#database = database
    database.pragma('journal_mode = OFF')
    database.pragma('synchronous = OFF')
    database.pragma(`cache_size = -${cacheKib}`)
    database.exec('CREATE TABLE keys (place TEXT, key BLOB, PRIMARY KEY (place, key)) STRICT, WITHOUT ROWID; BEGIN')
    this.#add = database.prepare('INSERT OR IGNORE INTO keys VALUES (?, ?)')
  }

  /** Whether the key was not there before. @throws StorageFailure when the disk is full */
  add(place: string, key: Buffer): boolean {
    try {
      return this.#add.run(place, key).changes === 1
    } catch (error) {
      throw storageFailure(error)
    }
  }

  dispose(): void {
    this.#database.close()
  }
}
