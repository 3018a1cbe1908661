import type Sqlite from 'better-sqlite3'
import { areWholeBatches } from '../records/batch'
import { runBytes, severalProducers } from './run'
import type { RunRows } from './run-rows'

/** Larger rows stay as they are. */
const smallBytes = runBytes / 2
/** The newest small rows of a log are merged when they are so many: others may still join them. */
const fewestAtEnd = 8
/** Of a batch's attributes (DefaultRecordBatch.TRANSACTIONAL_FLAG_MASK, CONTROL_FLAG_MASK). */
const transactionalBit = 0x10
const controlBit = 0x20

/** What is asked of a row first; `producerId` and `attributes` are `null` where it is not small. */
interface FoundRow {
  readonly id: bigint
  readonly lastOffset: bigint
  readonly sizeBytes: bigint
  readonly producerId: bigint | null
  readonly attributes: bigint | null
}

interface SmallRow {
  readonly id: number
  readonly lastOffset: number
  readonly sizeBytes: number
  readonly producerId: bigint
  /**
   * Its newest batch is. Then the row is of one producer; else none of its batches is: a producer writes nothing else in a transaction
   * (producer-state.ts [P5]), and the marker that ends it has a row of its own.
   */
  readonly isTransactional: boolean
}

/** What rows that are merged are together. */
interface Together {
  readonly baseOffset: bigint
  readonly maxTimestamp: bigint
  readonly records: bigint
}

/**
 * Small rows that lie side by side become one: those of formats before 8, which hold one batch each, and those of turns that wrote to many logs.
 * Transactional rows are merged with those of their producer only, and markers stay alone, as in a run that grows.
 */
export class RowMerger {
  readonly #runs: RunRows
  readonly #rows: Sqlite.Statement
  readonly #together: Sqlite.Statement
  readonly #bytes: Sqlite.Statement
  readonly #remove: Sqlite.Statement
  readonly #replace: Sqlite.Statement

  constructor(database: Sqlite.Database, runs: RunRows) {
    this.#runs = runs
    const isSmall = `size_bytes <= ${smallBytes} AND record_count > 0`
    this.#rows = database
      .prepare(
        `SELECT id, last_offset AS lastOffset, size_bytes AS sizeBytes, CASE WHEN ${isSmall} THEN producer_id END AS producerId,
           CASE WHEN ${isSmall} THEN attributes END AS attributes
         FROM batches WHERE partition = ? AND last_offset >= ? ORDER BY last_offset LIMIT ?`,
      )
      .safeIntegers()
    const between = 'FROM batches WHERE partition = ? AND last_offset >= ? AND last_offset <= ?'
    this.#together = database
      .prepare(
        `SELECT min(base_offset) AS baseOffset, max(max_timestamp) AS maxTimestamp, sum(record_count) AS records ${between}`,
      )
      .safeIntegers()
    this.#bytes = database.prepare(`SELECT bytes ${between} ORDER BY last_offset`).pluck()
    this.#remove = database.prepare('DELETE FROM batches WHERE partition = ? AND last_offset >= ? AND last_offset < ?')
    this.#replace = database.prepare(
      'UPDATE batches SET base_offset = ?, max_timestamp = ?, producer_id = ?, record_count = ?, size_bytes = ?, bytes = ? WHERE id = ?',
    )
  }

  /**
   * Looks at up to `limitRows` (2 or more) rows from the one that holds `from` on. What ends before `until` needs no further look; `isAll` says that there
   * are no further rows.
   */
  merge(log: number, from: number, limitRows: number): { readonly until: number; readonly isAll: boolean } {
    const rows = this.#rows.all(log, from, limitRows) as FoundRow[]
    const isAll = rows.length < limitRows
    let until = from
    let group: SmallRow[] = []
    let bytes = 0
    for (const found of rows) {
      const row = smallRowOf(found)
      if (!row || bytes + row.sizeBytes > runBytes || !joins(group, row)) {
        this.#mergeRows(log, group)
        const last = group.at(-1)
        if (last) until = last.lastOffset + 1
        group = []
        bytes = 0
      }
      if (row) {
        group.push(row)
        bytes += row.sizeBytes
      } else until = Number(found.lastOffset) + 1
    }
    // Where all rows fit one run, they are fewer the next time.
    if (isAll ? group.length >= fewestAtEnd : until === from) this.#mergeRows(log, group)
    return { until, isAll }
  }

  #mergeRows(log: number, group: readonly SmallRow[]): void {
    const [first, last] = [group[0], group.at(-1)]
    if (!first || !last || first === last) return
    const runs = this.#bytes.all(log, first.lastOffset, last.lastOffset) as Buffer[]
    // Batches behind damaged ones can be read as long as they are in another row.
    if (!runs.every(areWholeBatches)) return
    const { baseOffset, maxTimestamp, records } = this.#together.get(log, first.lastOffset, last.lastOffset) as Together
    const bytes = Buffer.concat(runs)
    const producerId = group.every((row) => row.producerId === first.producerId) ? first.producerId : severalProducers
    for (const [i, row] of group.entries()) {
      if (row.producerId === severalProducers) this.#runs.forgetProducers(log, runs[i] as Buffer)
    }
    this.#remove.run(log, first.lastOffset, last.lastOffset)
    this.#replace.run(baseOffset, maxTimestamp, producerId, records, bytes.length, bytes, last.id)
    if (producerId === severalProducers) this.#runs.noteProducers(log, last.id, bytes)
  }
}

function smallRowOf({ id, lastOffset, sizeBytes, producerId, attributes }: FoundRow): SmallRow | undefined {
  if (producerId === null || attributes === null || (Number(attributes) & controlBit) !== 0) return undefined
  return {
    id: Number(id),
    lastOffset: Number(lastOffset),
    sizeBytes: Number(sizeBytes),
    producerId,
    isTransactional: (Number(attributes) & transactionalBit) !== 0,
  }
}

/** Whether a row may be merged with those before it. */
function joins(group: readonly SmallRow[], row: SmallRow): boolean {
  const first = group[0]
  if (!first) return true
  const isOfOne = first.isTransactional || row.isTransactional
  return !isOfOne || (first.isTransactional === row.isTransactional && first.producerId === row.producerId)
}
