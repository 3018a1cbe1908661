import type Sqlite from 'better-sqlite3'
import { int64 } from '../base/int64'
import type { Log } from '../base/log'
import { isIntact, readBatch } from '../records/batch'
import { BatchFile } from './batch-file'
import { storageFailure } from './failures'
import { largestRunBytes, type StoredBatch } from './run'

/** A file of this length takes no more: what is written without a pause is stored as fast as rows are, and what is left to move stays bounded. */
const mostBytes = 1024 * 1024 * 1024
/** The file is cut when so much of it is needed no more, or nothing: before that the disk is waited for. */
const cutBytes = 8 * 1024 * 1024
/** Rows that are asked for at a time when their bytes are moved. */
const rowsAtOnce = 64

/** Where the bytes of a row are: in it, or, where they are empty, at a position of the file. */
export interface BytesOfRow {
  readonly bytes: Buffer
  readonly sizeBytes: number
  readonly position: number | null
}

/** What a statement selects as the bytes of a row, but `NULL` for a large batch: those are read where they are wanted. */
export const smallBytes = `CASE WHEN size_bytes <= ${largestRunBytes} AND length(bytes) > 0 THEN bytes END AS bytes`

/** What a statement selects for `BytesOfRow`: most rows cost no look-up. */
export const bytesOfRow = `batches.bytes AS bytes, batches.size_bytes AS sizeBytes,
  CASE WHEN length(batches.bytes) = 0 THEN (SELECT position FROM batch_file WHERE run = batches.id) END AS position`

/** What follows where the file cannot be used so. */
const consequences = {
  'be written': 'large batches go to the workspace itself',
  'be read': 'the batches that it does not give are lost',
  'be cut': 'it is longer than it need be',
  'be removed': 'it is written over',
}

/** Counts since the workspace was opened. */
export interface Load {
  readonly bytes: number
  readonly turns: number
}

/** A row whose bytes are lost. */
export interface LostBatch extends Omit<StoredBatch, 'bytes'> {
  readonly row: number
  /** The id of the partition. */
  readonly log: number
  readonly sizeBytes: number
}

interface NewestRow {
  readonly run: number
  readonly position: number
  readonly sizeBytes: number
}

/**
 * Large batches, whose bytes lie beside the workspace (`batch-file.ts`) until their rows get them. Within SQLite each byte goes to the WAL and to the file, and
 * each page of it is checksummed; here one `write` takes them. They get into their rows while little is written, the newest first, so that the
 * file is cut behind those that are left. Like the WAL it is a part of the workspace until that is closed.
 */
export class LargeBatches {
  readonly #file: BatchFile
  readonly #log: Log
  readonly #note: Sqlite.Statement
  readonly #newest: Sqlite.Statement
  readonly #giveBytes: Sqlite.Statement
  readonly #end: Sqlite.Statement
  readonly #readable: Sqlite.Statement
  readonly #isUsed: boolean
  /** Where the next bytes go. */
  #next = 0
  /** As of the last commit. */
  #committedNext = 0
  #limitBytes = mostBytes
  #pauses = 0
  #isCutting = false
  #isClosed = false
  readonly #told = new Set<keyof typeof consequences>()
  #bytesUsed = 0
  #turns = 0

  /** @param synchronous as of the workspace: where each commit waits for the disk (FULL), rows take their bytes themselves, for else it would wait for two files */
  constructor(database: Sqlite.Database, workspace: string, synchronous: 'OFF' | 'NORMAL' | 'FULL', log: Log) {
    this.#file = new BatchFile(workspace, synchronous === 'OFF')
    this.#log = log
    this.#isUsed = synchronous !== 'FULL'
    this.#note = database.prepare('INSERT INTO batch_file (run, position, crc) VALUES (?, ?, ?)')
    const file = 'FROM batch_file JOIN batches ON batches.id = batch_file.run'
    // Ids of rows and positions grow together: a row takes the id behind the largest one.
    this.#newest = database.prepare(
      `SELECT run, position, size_bytes AS sizeBytes ${file} ORDER BY run DESC LIMIT ${rowsAtOnce}`,
    )
    // What else is known of its bytes goes with that (migrations/11-large-batches.ts).
    this.#giveBytes = database.prepare('UPDATE batches SET bytes = ? WHERE id = ?')
    this.#end = database.prepare(`SELECT position + size_bytes ${file} ORDER BY run DESC LIMIT 1`).pluck()
    // What nobody can read any more need not be whole.
    this.#readable = database
      .prepare(
        `SELECT run, position, crc, partition, base_offset, last_offset, batches.max_timestamp, appended_at, producer_id, producer_epoch,
           base_sequence, attributes, record_count, batches.size_bytes
           ${file} JOIN partitions ON partitions.id = partition AND last_offset >= log_start ORDER BY run`,
      )
      .raw()
      .safeIntegers()
  }

  /** How long the file is as of the last commit: bytes that are still to be moved, and some that are needed no more. */
  get committedBytes(): number {
    return this.#committedNext
  }

  /** How much is done: bytes that were written to the file and read from it so far, but for moving, and turns that were stored. */
  get load(): Load {
    return { bytes: this.#bytesUsed, turns: this.#turns }
  }

  /** Writes the bytes of a batch, in a turn. Returns their position for `note`; `undefined` says that the row takes them itself. */
  write(bytes: Buffer): number | undefined {
    const position = this.#next
    if (!this.#isUsed || this.#pauses > 0 || position + bytes.length > this.#limitBytes) return undefined
    try {
      this.#file.write(bytes, position)
    } catch (error) {
      this.#tell('be written', error)
      this.#cutTo(position)
      return undefined
    }
    this.#next += bytes.length
    this.#bytesUsed += bytes.length
    return position
  }

  /** The bytes of this row lie there. */
  note(row: number | bigint, position: number, bytes: Buffer): void {
    this.#note.run(row, position, readBatch(bytes).crc)
  }

  /** The bytes of a row, wherever they are. @throws the system's error when the file cannot be read */
  bytesOf({ bytes, sizeBytes, position }: BytesOfRow): Buffer {
    if (position === null) return bytes
    this.#bytesUsed += sizeBytes
    return this.#file.read(position, sizeBytes)
  }

  /**
   * Gives the newest rows of the file their bytes, as many as fit `maxBytes`, but at least one; in a turn. Returns where that ends which rows
   * still need, for `cut`.
   *
   * @throws the system's error, SQLite's
   */
  move(maxBytes: number): number {
    this.#moveNewest(maxBytes)
    return (this.#end.get() as number | undefined) ?? 0
  }

  /**
   * Cuts the file behind `end`, once the disk has all that was committed until now: before that a loss of power could take the bytes from
   * the row and from the file. Call it when what `move` did is committed, before anything else is written.
   */
  cut(end: number): void {
    const next = this.#next
    if (this.#isCutting || end >= next || (end > 0 && next - end < cutBytes)) return
    this.#isCutting = true
    this.#file
      .committedIsSafe()
      .then(() => {
        // Bytes that were written meanwhile lie behind: then it is cut the next time.
        if (this.#isClosed || this.#next !== next) return
        this.#next = end
        this.#committedNext = end
        this.#cutTo(end)
      })
      .catch((error: unknown) => {
        if (!this.#isClosed) this.#tell('be cut', error)
      })
      .finally(() => {
        this.#isCutting = false
      })
  }

  /** The turn is stored. */
  committed(): void {
    this.#turns++
    this.#committedNext = this.#next
  }

  /** The turn is undone: what it wrote holds no room on a disk that may be full. */
  rolledBack(): void {
    if (this.#next === this.#committedNext) return
    this.#next = this.#committedNext
    this.#cutTo(this.#next)
  }

  /** While it is paused rows take their bytes themselves. Returns what ends that. */
  pause(): () => void {
    this.#pauses++
    return () => void this.#pauses--
  }

  /**
   * Takes over the file that a dead process left. Returns the rows whose bytes are not in it: when the machine lost power, they may not have reached the disk.
   *
   * @throws WorkspaceError when there is no such file
   */
  restore(): LostBatch[] {
    const end = this.#end.get() as number | undefined
    if (end === undefined) {
      this.#removeRest()
      return []
    }
    this.#file.openAgain()
    this.#next = end
    this.#committedNext = end
    const lost: LostBatch[] = []
    for (const values of this.#readable.all() as bigint[][]) {
      const { position, crc, ...batch } = rowOf(values)
      if (!this.#isThere(position, crc, batch)) lost.push(batch)
    }
    return lost
  }

  /** A test's full disk: the file grows no longer than this. */
  limit(bytes: number): void {
    this.#limitBytes = Math.min(bytes, mostBytes)
  }

  /** All rows have their bytes: the file goes. @throws the system's error */
  remove(): void {
    this.#isClosed = true
    this.#file.remove()
  }

  close(): void {
    this.#isClosed = true
    this.#file.close()
  }

  #moveNewest(maxBytes: number): void {
    for (let left = maxBytes; left > 0; ) {
      const rows = this.#newest.all() as NewestRow[]
      for (const { run, position, sizeBytes } of rows) {
        if (left < maxBytes && sizeBytes > left) return
        this.#file.use(position, sizeBytes, (bytes) => this.#giveBytes.run(bytes, run))
        left -= sizeBytes
      }
      if (rows.length < rowsAtOnce) return
    }
  }

  #isThere(position: number, crc: number, { sizeBytes, baseOffset }: LostBatch): boolean {
    try {
      return this.#file.use(position, sizeBytes, (bytes) => isIntact(bytes, baseOffset, crc))
    } catch (error) {
      // What the disk does not give is as lost: the other batches can be read.
      this.#tell('be read', error)
      return false
    }
  }

  /** What is behind is needed no more; where it cannot be cut, it is written over. */
  #cutTo(end: number): void {
    try {
      this.#file.cut(end)
    } catch (error) {
      this.#tell('be cut', error)
    }
  }

  /** A file of which no row needs anything. */
  #removeRest(): void {
    try {
      this.#file.remove()
    } catch (error) {
      this.#tell('be removed', error)
    }
  }

  /** Each is told once. The disk may have room for rows where it has none for this file; else what needs it fails, and is told then. */
  #tell(what: keyof typeof consequences, error: unknown): void {
    const { message } = storageFailure(error)
    if (this.#told.has(what) || message === 'the disk is full') return
    this.#told.add(what)
    this.#log.warn(`${this.#file.path} cannot ${what}, so ${consequences[what]}: ${message}.`)
  }
}

/** In the order of the columns of `#readable`. */
function rowOf(values: readonly bigint[]): LostBatch & { readonly position: number; readonly crc: number } {
  const number = (column: number) => Number(values[column])
  return {
    row: number(0),
    position: number(1),
    crc: number(2),
    log: number(3),
    baseOffset: number(4),
    lastOffset: number(5),
    maxTimestamp: int64(values[6] as bigint),
    appendedAt: number(7),
    producerId: values[8] as bigint,
    producerEpoch: number(9),
    baseSequence: number(10),
    attributes: number(11),
    recordCount: number(12),
    sizeBytes: number(13),
  }
}
