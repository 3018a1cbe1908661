import type Sqlite from 'better-sqlite3'

export interface ConfigRow {
  readonly type: string
  readonly name: string
  readonly key: string
  readonly value: string
}

/** Configs that were set, by the kind and name of what they belong to. */
export class ConfigRows {
  readonly #list: Sqlite.Statement
  readonly #set: Sqlite.Statement
  readonly #remove: Sqlite.Statement

  constructor(database: Sqlite.Database) {
    this.#list = database.prepare('SELECT type, name, key, value FROM configs')
    this.#set = database.prepare('INSERT OR REPLACE INTO configs (type, name, key, value) VALUES (?, ?, ?, ?)')
    this.#remove = database.prepare('DELETE FROM configs WHERE type = ? AND name = ? AND key = ?')
  }

  list(): ConfigRow[] {
    return this.#list.all() as ConfigRow[]
  }

  /** The text of a setting of the workspace itself; its owner knows what it means. */
  ofWorkspace(key: string): string | undefined {
    return this.list().find((row) => row.type === 'workspace' && row.key === key)?.value
  }

  /** `null` removes it. */
  set(type: string, name: string, key: string, value: string | null): void {
    if (value === null) this.#remove.run(type, name, key)
    else this.#set.run(type, name, key, value)
  }
}
