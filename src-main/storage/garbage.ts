import type Sqlite from 'better-sqlite3'
import { lastOffsetsOfProducers } from '../records/batch'
import { largestRunBytes, severalProducers } from './run'

const everything = Number.MAX_SAFE_INTEGER
/** A run of several producers is as much work as so many other rows: it is removed from the index of each of them. */
const workOfShared = 4
/** A sweep ends with the run that brings its producers to so many. */
const mostProducers = 1000

interface OldRow {
  readonly lastOffset: number
  readonly sizeBytes: number
  /** Of a run of several producers; else `null`. */
  readonly bytes: Buffer | null
}

/** Batches that nobody can read any more: of deleted topics, and from before a log's start. Their rows go in slices. */
export class Garbage {
  readonly #note: Sqlite.Statement
  readonly #noteTopic: Sqlite.Statement
  readonly #next: Sqlite.Statement
  readonly #oldest: Sqlite.Statement
  readonly #remove: Sqlite.Statement
  readonly #removeAborted: Sqlite.Statement
  readonly #removeProducer: Sqlite.Statement
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
      `SELECT last_offset AS lastOffset, size_bytes AS sizeBytes,
         CASE WHEN size_bytes <= ${largestRunBytes} AND producer_id = ${severalProducers} THEN bytes END AS bytes
         FROM batches WHERE partition = ? AND last_offset < ? ORDER BY last_offset LIMIT ?`,
    )
    this.#remove = database.prepare('DELETE FROM batches WHERE partition = ? AND last_offset <= ?')
    this.#removeAborted = database.prepare('DELETE FROM aborted_transactions WHERE partition = ? AND last_offset < ?')
    this.#removeProducer = database.prepare(
      'DELETE FROM run_producers WHERE partition = ? AND producer_id = ? AND last_offset <= ?',
    )
    this.#removeProducers = database.prepare('DELETE FROM run_producers WHERE partition = ?')
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

  /**
   * Removes some rows of one partition: at most `maxRows`, and as many as begin within `maxBytes`. What the index of producers and that of aborted
   * transactions have of them goes with them, so that no sweep does more than a bounded amount of work.
   */
  sweep(maxRows: number, maxBytes: number): void {
    const next = this.#next.get() as { partition: number; before: number } | undefined
    if (!next) {
      this.#isPending = false
      return
    }
    const { partition, before } = next
    const producers = new Set<bigint>()
    let last: number | undefined
    let isAll = true
    let work = 0
    let bytes = 0
    for (const row of this.#oldest.iterate(partition, before, maxRows) as IterableIterator<OldRow>) {
      last = row.lastOffset
      if (row.bytes) for (const producerId of lastOffsetsOfProducers(row.bytes).keys()) producers.add(producerId)
      work += row.bytes ? workOfShared : 1
      bytes += row.sizeBytes
      if (work >= maxRows || bytes >= maxBytes || producers.size >= mostProducers) {
        isAll = false
        break
      }
    }
    if (last !== undefined) {
      this.#remove.run(partition, last)
      this.#removeAborted.run(partition, last + 1)
      for (const producerId of producers) this.#removeProducer.run(partition, producerId, last)
    }
    if (isAll) this.#finish(partition, before)
  }

  #finish(partition: number, before: number): void {
    this.#removeAborted.run(partition, before)
    // Rows whose bytes are damaged may have left some.
    if (before === everything) this.#removeProducers.run(partition)
    this.#end.run(partition)
  }
}
