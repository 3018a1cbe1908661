import type Sqlite from 'better-sqlite3'

const everything = Number.MAX_SAFE_INTEGER

/** Batches that nobody can read any more: of deleted topics, and from before a log's start. Their rows go in slices. */
export class Garbage {
  readonly #note: Sqlite.Statement
  readonly #noteTopic: Sqlite.Statement
  readonly #next: Sqlite.Statement
  readonly #oldest: Sqlite.Statement
  readonly #remove: Sqlite.Statement
  readonly #removeAborted: Sqlite.Statement
  readonly #removeOpen: Sqlite.Statement
  readonly #removeProducers: Sqlite.Statement
  readonly #end: Sqlite.Statement
  #isPending: boolean

  constructor(database: Sqlite.Database) {
    this.#note = database.prepare('INSERT OR REPLACE INTO garbage (partition, before) VALUES (?, ?)')
    this.#noteTopic = database.prepare(
      'INSERT OR REPLACE INTO garbage (partition, before) SELECT id, ? FROM partitions WHERE topic = ?',
    )
    this.#next = database.prepare('SELECT partition, before FROM garbage LIMIT 1')
    this.#oldest = database.prepare(
      `SELECT last_offset AS lastOffset, size_bytes AS sizeBytes FROM batches
         WHERE partition = ? AND last_offset < ? ORDER BY last_offset LIMIT ?`,
    )
    this.#remove = database.prepare('DELETE FROM batches WHERE partition = ? AND last_offset <= ?')
    this.#removeAborted = database.prepare('DELETE FROM aborted_transactions WHERE partition = ? AND last_offset < ?')
    this.#removeOpen = database.prepare('DELETE FROM open_runs WHERE partition = ? AND last_offset < ?')
    this.#removeProducers = database.prepare('DELETE FROM run_producers WHERE partition = ? AND last_offset < ?')
    this.#end = database.prepare('DELETE FROM garbage WHERE partition = ?')
    this.#isPending = this.#next.get() !== undefined
  }

  /** True when there may be rows to remove. */
  get isPending(): boolean {
    return this.#isPending
  }

  /** Everything of a partition before `offset` may go. */
  note(partition: number, offset: number): void {
    this.#note.run(partition, offset)
    this.#isPending = true
  }

  /** Everything of all partitions of a topic may go. Call while it still has them. */
  noteTopic(topic: number): void {
    this.#noteTopic.run(everything, topic)
    this.#isPending = true
  }

  /** Removes some rows of one partition: at most `maxRows`, and as many as begin within `maxBytes`. */
  sweep(maxRows: number, maxBytes: number): void {
    const next = this.#next.get() as { partition: number; before: number } | undefined
    if (!next) {
      this.#isPending = false
      return
    }
    const { partition, before } = next
    const rows = this.#oldest.all(partition, before, maxRows) as { lastOffset: number; sizeBytes: number }[]
    let count = 0
    for (let bytes = 0; count < rows.length && bytes < maxBytes; count++) bytes += rows[count]?.sizeBytes ?? 0
    const last = rows[count - 1]
    if (last) this.#remove.run(partition, last.lastOffset)
    if (rows.length < maxRows && count === rows.length) {
      this.#removeOpen.run(partition, before)
      this.#removeProducers.run(partition, before)
      this.#removeAborted.run(partition, before)
      this.#end.run(partition)
    }
  }
}
