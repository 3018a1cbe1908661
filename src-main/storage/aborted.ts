import type Sqlite from 'better-sqlite3'

/** One aborted transaction of a partition: from its first record to its abort marker. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
  readonly lastOffset: number
}

/** Which transactions were aborted where (Kafka's TransactionIndex): a `read_committed` consumer leaves their records out. */
export class Aborted {
  readonly #insert: Sqlite.Statement
  readonly #overlapping: Sqlite.Statement

  constructor(database: Sqlite.Database) {
    this.#insert = database.prepare(
      'INSERT OR REPLACE INTO aborted_transactions (partition, last_offset, first_offset, producer_id) VALUES (?, ?, ?, ?)',
    )
    this.#overlapping = database
      .prepare(
        `SELECT producer_id AS producerId, first_offset AS firstOffset, last_offset AS lastOffset FROM aborted_transactions
           WHERE partition = ? AND last_offset >= ? AND first_offset < ?`,
      )
      .safeIntegers()
  }

  add(partition: number, { producerId, firstOffset, lastOffset }: AbortedTransaction): void {
    this.#insert.run(partition, lastOffset, firstOffset, producerId)
  }

  /** Those with a record in [from, before). */
  overlapping(partition: number, from: number, before: number): AbortedTransaction[] {
    return (
      this.#overlapping.all(partition, from, before) as {
        producerId: bigint
        firstOffset: bigint
        lastOffset: bigint
      }[]
    ).map((row) => ({
      producerId: row.producerId,
      firstOffset: Number(row.firstOffset),
      lastOffset: Number(row.lastOffset),
    }))
  }
}
