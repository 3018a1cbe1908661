import type Sqlite from 'better-sqlite3'

/** State that is read whole and written whole, as JSON by kind and key: groups, transactions, users, ACLs, settings. */
export class Documents {
  readonly #list: Sqlite.Statement
  readonly #get: Sqlite.Statement
  readonly #set: Sqlite.Statement
  readonly #remove: Sqlite.Statement

  constructor(database: Sqlite.Database) {
    this.#list = database.prepare('SELECT key, value FROM documents WHERE kind = ?')
    this.#get = database.prepare('SELECT value FROM documents WHERE kind = ? AND key = ?').pluck()
    this.#set = database.prepare('INSERT OR REPLACE INTO documents (kind, key, value) VALUES (?, ?, ?)')
    this.#remove = database.prepare('DELETE FROM documents WHERE kind = ? AND key = ?')
  }

  list(kind: string): { readonly key: string; readonly value: string }[] {
    return this.#list.all(kind) as { key: string; value: string }[]
  }

  get(kind: string, key: string): string | undefined {
    return this.#get.get(kind, key) as string | undefined
  }

  /** `null` removes it. */
  set(kind: string, key: string, value: string | null): void {
    if (value === null) this.#remove.run(kind, key)
    else this.#set.run(kind, key, value)
  }
}
