import type Sqlite from 'better-sqlite3'

/** One aborted transaction of a partition: from its first record to its abort marker. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
  readonly lastOffset: number
}

/** A transaction without a marker yet. */
export interface OpenTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
}

/** Which transactions are open, and which were aborted where (Kafka's TransactionIndex): a `read_committed` consumer leaves their records out. */
export class TransactionIndex {
  readonly #open: Sqlite.Statement
  readonly #close: Sqlite.Statement
  readonly #listOpen: Sqlite.Statement
  readonly #insert: Sqlite.Statement
  readonly #endingFrom: Sqlite.Statement
  readonly #forget: Sqlite.Statement
  readonly #any: Sqlite.Statement
  /** Whether a log ever had an aborted transaction, as far as it is known: most have none, and every fetch of committed records asks. */
  readonly #hadAborted = new Map<number, boolean>()
  readonly #isWriter: boolean

  /** @param isWriter nobody else writes to the database: what is not there now comes through this object only */
  constructor(database: Sqlite.Database, { isWriter }: { readonly isWriter: boolean }) {
    this.#isWriter = isWriter
    this.#open = database.prepare(
      'INSERT OR REPLACE INTO open_transactions (partition, producer_id, first_offset) VALUES (?, ?, ?)',
    )
    this.#close = database.prepare('DELETE FROM open_transactions WHERE partition = ? AND producer_id = ?')
    this.#listOpen = database
      .prepare(
        'SELECT producer_id AS producerId, first_offset AS firstOffset FROM open_transactions WHERE partition = ?',
      )
      .safeIntegers()
    this.#insert = database.prepare(
      `INSERT OR REPLACE INTO aborted_transactions (partition, last_offset, first_offset, producer_id, last_stable_offset)
         VALUES (:partition, :lastOffset, :firstOffset, :producerId, coalesce(
           (SELECT min(first_offset) FROM open_transactions WHERE partition = :partition AND producer_id != :producerId),
           :lastOffset + 1
         ))`,
    )
    this.#forget = database.prepare(
      'DELETE FROM aborted_transactions WHERE partition = ? AND last_offset = ? AND producer_id = ?',
    )
    this.#any = database
      .prepare('SELECT count(*) FROM (SELECT 1 FROM aborted_transactions WHERE partition = ? LIMIT 1)')
      .pluck()
    this.#endingFrom = database
      .prepare(
        `SELECT producer_id AS producerId, first_offset AS firstOffset, last_offset AS lastOffset,
             last_stable_offset AS lastStableOffset
           FROM aborted_transactions WHERE partition = ? AND last_offset >= ? ORDER BY last_offset`,
      )
      .safeIntegers()
  }

  open(partition: number, { producerId, firstOffset }: OpenTransaction): void {
    this.#open.run(partition, producerId, firstOffset)
  }

  close(partition: number, producerId: bigint): void {
    this.#close.run(partition, producerId)
  }

  listOpen(partition: number): OpenTransaction[] {
    return (this.#listOpen.all(partition) as { producerId: bigint; firstOffset: bigint }[]).map((row) => ({
      producerId: row.producerId,
      firstOffset: Number(row.firstOffset),
    }))
  }

  addAborted(partition: number, { producerId, firstOffset, lastOffset }: AbortedTransaction): void {
    this.#insert.run({ partition, lastOffset, firstOffset, producerId })
    this.#hadAborted.set(partition, true)
  }

  /** Removes an aborted transaction of which no batch is left. */
  forgetAborted(partition: number, { producerId, lastOffset }: AbortedTransaction): void {
    this.#forget.run(partition, lastOffset, producerId)
  }

  /**
   * Those with an offset in [from, before). Reading ends at one whose last stable offset lies behind the range: nothing that ends later
   * begins before that (TransactionIndex.collectAbortedTxns).
   */
  abortedIn(partition: number, from: number, before: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = []
    if (this.#isWriter && !this.#mayHaveAborted(partition)) return found
    for (const row of this.#endingFrom.iterate(partition, from) as IterableIterator<AbortedRow>) {
      const firstOffset = Number(row.firstOffset)
      if (firstOffset < before) {
        found.push({ producerId: row.producerId, firstOffset, lastOffset: Number(row.lastOffset) })
      }
      if (row.lastStableOffset >= before) break
    }
    return found
  }

  #mayHaveAborted(partition: number): boolean {
    const known = this.#hadAborted.get(partition)
    if (known !== undefined) return known
    const has = this.#any.get(partition) === 1
    this.#hadAborted.set(partition, has)
    return has
  }
}

interface AbortedRow {
  readonly producerId: bigint
  readonly firstOffset: bigint
  readonly lastOffset: bigint
  readonly lastStableOffset: bigint
}
