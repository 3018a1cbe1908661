import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { assert } from '../base/assert'
import type { Clock } from '../base/clock'
import { type Disposable, Disposables } from '../base/disposable'
import { Emitter } from '../base/emitter'
import type { Log } from '../base/log'
import { Appends } from './appends'
import { Batches } from './batches'
import { byteMover, quietMs } from './byte-mover'
import { Checkpoints } from './checkpoints'
import { ConfigRows } from './configs'
import { Documents } from './documents'
import { StorageFailure, sqliteCode, storageFailure, WorkspaceError } from './failures'
import { Garbage } from './garbage'
import { Journal } from './journal'
import { LargeBatches } from './large-batches'
import { Offsets } from './offsets'
import { openOwned } from './open'
import type { StoredBatch } from './run'
import { freePages, pageBytes, pages, rebuild, shrinksInSteps, step, stepPages } from './shrink'
import { Slices } from './slices'
import type { LogFacts } from './stored-runs'
import { TopicRows } from './topics'
import { TransactionIndex } from './transaction-index'
import { type Purpose, Turn } from './turn'
import { TurnFailures } from './turn-failures'

export interface WorkspaceOptions {
  /** The path of a `*.ottla` file; without it the workspace lives in a temporary file that goes when it is closed. */
  readonly file?: string
  readonly clock: Clock
  readonly log: Log
  /** The built `checkpoint-thread.js`. Without it the writing thread checkpoints itself. */
  readonly checkpointThread?: string
  /** Whether each commit waits for the disk, from the settings in the file; without it a commit survives the death of the process only. */
  readonly survivesPowerLoss?: (stored: (name: string) => string | undefined) => boolean
}

/** Rows that nobody can read any more go in slices of this size, so that no produce waits long. */
const sweepRows = 256
const sweepBytes = 4 * 1024 * 1024
const sweepPauseMs = 20
/** Batches have no rows for no longer than this, so that little is left to do when the process dies. */
const settleMs = 5000
/** The pause between two steps of `shrink`. */
const shrinkPauseMs = 20
const cutAttempts = 250
/** Bytes of large batches that are moved in a turn when all are. */
const manyBytes = 8 * 1024 * 1024
/** The pause after a slice that could not be removed, such as on a full disk. */
const sweepRetryMs = 5000

/**
 * One SQLite file and its single writer. Everything written in one turn of the event loop is one transaction, the
 * group commit; who answers a client waits for `committed`.
 */
export class Workspace {
  readonly file: string
  readonly isTemporary: boolean
  readonly batches: Batches
  readonly topics: TopicRows
  readonly transactionIndex: TransactionIndex
  readonly configs: ConfigRows
  readonly documents: Documents
  readonly offsets: Offsets
  readonly journal: Journal
  readonly #database: Sqlite.Database
  readonly #log: Log
  readonly #clock: Clock
  readonly #ownership: Disposable
  readonly #checkpoints: Checkpoints
  readonly #appends: Appends
  readonly #large: LargeBatches
  readonly #garbage: Garbage
  readonly #sweeping: Slices
  readonly #settling: Slices
  readonly #moving: Slices
  readonly #rolledBack: Emitter<StorageFailure>
  readonly #beginStatement: Sqlite.Statement
  readonly #commit: Sqlite.Statement
  #turn: Turn | undefined
  #shrinking: Promise<void> | undefined
  #settled: Promise<void> | undefined
  readonly #failures: TurnFailures
  /** False when the transaction of a turn that failed is still open. */
  #isUndone = true
  #isDisposed = false
  #disposed: Promise<void> | undefined

  /** @throws WorkspaceError when the file is missing its folder, in use, newer, not a workspace, or unreadable */
  constructor(options: WorkspaceOptions) {
    this.#log = options.log
    this.#failures = new TurnFailures(options.log)
    this.#clock = options.clock
    this.isTemporary = options.file === undefined
    this.file = options.file ?? join(mkdtempSync(join(tmpdir(), 'ottla-')), 'memory.ottla')
    const { ownership, database } = openOwned(this.file, this.isTemporary)
    this.#ownership = ownership
    this.#database = database
    this.configs = new ConfigRows(database)
    const synchronous = this.isTemporary
      ? 'OFF'
      : options.survivesPowerLoss?.((name) => this.configs.ofWorkspace(name))
        ? 'FULL'
        : 'NORMAL'
    database.pragma(`synchronous = ${synchronous}`)
    this.#beginStatement = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#garbage = new Garbage(database)
    this.topics = new TopicRows(database, this.#garbage)
    this.#large = new LargeBatches(database, this.file, synchronous, options.log)
    this.batches = new Batches(database, this.#garbage, this.#large, (write) => this.write(write))
    this.#appends = new Appends(database, this.file, synchronous === 'FULL')
    this.transactionIndex = new TransactionIndex(database, { isWriter: true })
    this.documents = new Documents(database)
    this.offsets = new Offsets(database)
    this.journal = new Journal(database)
    this.#checkpoints = new Checkpoints(
      database,
      { file: this.file, synchronous },
      options.checkpointThread,
      options.log,
      options.clock,
    )
    const { clock } = options
    this.#sweeping = new Slices(clock, { isPending: () => this.#garbage.isPending, run: () => this.#sweep() })
    this.#settling = new Slices(clock, {
      isPending: () => this.batches.hasPending,
      run: () => {
        this.#settle()
        return settleMs
      },
    })
    this.#moving = new Slices(
      clock,
      byteMover(this.#large, clock, (maxBytes) => this.#moveBytes(maxBytes)),
    )
    this.#rolledBack = new Emitter((error) => this.#log.error(`A listener failed after a roll-back: ${String(error)}`))
    this.#restore()
    this.#sweeping.later(sweepPauseMs)
  }

  /**
   * Runs `write` in the turn's transaction. When it throws, nothing of the turn is stored, and further writes of the turn fail too.
   *
   * @throws StorageFailure when the file cannot be written; what `write` itself throws
   */
  write<T>(write: () => T): T {
    return this.#inTurn((turn) => {
      this.#begin(turn)
      return write()
    })
  }

  /**
   * Adds a batch at the end of a log, in the turn's transaction. Its bytes must not change afterwards.
   *
   * @throws StorageFailure when the file cannot be written
   */
  append(log: LogFacts, batch: StoredBatch): void {
    // Small batches go to the append file: SQLite has no part in a turn that does nothing else.
    this.#inTurn(() => this.batches.append(log, batch))
  }

  /** Resolves when what this turn wrote is stored; rejects with StorageFailure when nothing of it is. */
  committed(): Promise<void> {
    return this.#turn?.promise ?? Promise.resolve()
  }

  /**
   * Resolves when everything that is committed has rows: only then other connections see it. Rejects with StorageFailure when the file cannot be
   * written; they see what had rows before.
   */
  settled(): Promise<void> {
    if (!this.#turn && !this.batches.hasPending) return Promise.resolve()
    this.#settled ??= new Promise<void>((resolve, reject) => {
      // Between two tasks: a turn is never ended in the middle of one.
      setImmediate(() => {
        this.#settled = undefined
        const failure = this.#isDisposed ? undefined : this.#settle()
        if (failure) reject(failure)
        else resolve()
      })
    })
    return this.#settled
  }

  /** Hears of every turn that was rolled back, before `committed` rejects: holders of state in memory go back to what is stored. */
  onRollback(listener: (failure: StorageFailure) => void): () => void {
    return this.#rolledBack.listen(listener)
  }

  /** Closes the file cleanly: what was written is committed, all bytes are in it, the WAL is folded in. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#close()
    return this.#disposed
  }

  async #close(): Promise<void> {
    let areBytesMoved = false
    try {
      this.#endTurn()
      this.#stopSlices()
      if (!this.isTemporary) {
        this.#large.pause()
        // On a full disk they stay where they are.
        areBytesMoved = this.#large.committedBytes === 0 || (await this.#moveAllBytes()) === undefined
        this.#settle()
      }
      this.#isDisposed = true
      await this.#checkpoints.dispose()
      this.#database.pragma('wal_checkpoint(TRUNCATE)')
    } catch (error) {
      // What is committed is safe in the WAL, and is folded in when the file is opened again.
      this.#log.warn(`The workspace was closed with its WAL beside it: ${(error as Error).message}.`)
    } finally {
      this.#isDisposed = true
      const ends = new Disposables()
      if (this.isTemporary) ends.add(() => rmSync(dirname(this.file), { recursive: true, force: true }))
      ends.add(this.#ownership)
      ends.add(() => this.#checkpoints.closeFile())
      ends.add(() => void this.#database.close())
      // What could not get rows is restored from the append file.
      ends.add(() => (this.batches.hasPending ? this.#appends.close() : this.#remove('-appends', this.#appends)))
      ends.add(() => (areBytesMoved ? this.#remove('-batches', this.#large) : this.#large.close()))
      ends.dispose()
    }
  }

  /**
   * Bytes of the file when the WAL is folded in and large batches have their bytes. The WAL itself is not counted: it stays as long as it has become (64 MiB and more), whatever it
   * holds, until nothing is written for some seconds.
   */
  fileBytes(): number {
    return pages(this.#database) * pageBytes(this.#database) + this.#large.committedBytes
  }

  /** Bytes of the file that hold nothing: what was deleted leaves them, and what is written next takes them. */
  freeBytes(): number {
    return freePages(this.#database) * pageBytes(this.#database)
  }

  /** `shrink` takes small steps; else it writes the whole file at once, and clients wait for that long. */
  get shrinksInSteps(): boolean {
    return shrinksInSteps(this.#database)
  }

  /**
   * Gives the free space inside the file back to the disk. It can be killed at any moment.
   *
   * @throws WorkspaceError, StorageFailure when the disk has no room for it
   */
  shrink(): Promise<void> {
    this.#shrinking ??= this.#shrink().finally(() => {
      this.#shrinking = undefined
    })
    return this.#shrinking
  }

  /**
   * Writes a copy of the workspace that can be opened by itself, while this one goes on.
   *
   * @throws WorkspaceError when it cannot be written, or would not be whole
   */
  async saveCopy(path: string): Promise<void> {
    const resume = this.#large.pause()
    try {
      await this.settled().catch(({ message }: StorageFailure) => {
        throw new WorkspaceError(
          `The copy ${path} would lack the newest messages, because the workspace cannot be written: ${message}.`,
        )
      })
      const failure = await this.#moveAllBytes()
      if (failure) {
        throw new WorkspaceError(
          `The copy ${path} would lack large batches, because the workspace cannot be written: ${failure.message}.`,
        )
      }
      await this.#checkpoints.copy(path)
    } finally {
      resume()
    }
  }

  /** The file grows no larger than this: what does not fit fails as on a full disk. */
  limitFile(bytes: number): void {
    this.#database.pragma(`max_page_count = ${Math.max(1, Math.floor(bytes / pageBytes(this.#database)))}`)
    const left = Math.max(0, bytes - pages(this.#database) * pageBytes(this.#database))
    this.#appends.limit(left)
    this.#large.limit(left)
  }

  async #shrink(): Promise<void> {
    await this.committed()
    if (this.shrinksInSteps) {
      // What is deleted meanwhile is left for the next time: else this might never end.
      for (let left = freePages(this.#database); left > 0 && !this.#isDisposed; left -= stepPages) {
        this.write(() => step(this.#database))
        await this.committed()
        await this.#pause()
      }
    } else {
      this.#endTurn()
      rebuild(this.#database, this.file)
    }
    // A read that lasts longer keeps the file as long as it is; a later checkpoint cuts it then.
    for (let attempt = 0; attempt < cutAttempts && !this.#isDisposed; attempt++) {
      this.#endTurn()
      if (this.#checkpoints.truncate()) return
      await this.#pause()
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#clock.at(this.#clock.now() + shrinkPauseMs, resolve))
  }

  #inTurn<T>(write: (turn: Turn) => T): T {
    assert(!this.#isDisposed, 'the workspace is closed')
    const turn = (this.#turn ??= this.#beginTurn('requests'))
    if (turn.failure) throw turn.failure
    try {
      return write(turn)
    } catch (error) {
      turn.failure = storageFailure(error)
      throw sqliteCode(error) === undefined ? error : turn.failure
    }
  }

  #begin(turn: Turn): void {
    if (turn.hasBegun) return
    this.#beginStatement.run()
    turn.hasBegun = true
  }

  #beginTurn(purpose: Purpose): Turn {
    setImmediate(() => this.#endTurn())
    return new Turn(purpose)
  }

  #endTurn(): StorageFailure | undefined {
    const turn = this.#turn
    if (!turn) return undefined
    this.#turn = undefined
    const failure = turn.failure ?? this.#store(turn)
    if (failure) this.#rollBack(turn, failure)
    else {
      this.#failures.succeeded(turn.purpose)
      turn.resolve()
      if (turn.hasBegun) this.#checkpoints.committed()
      this.#sweeping.later(sweepPauseMs)
    }
    this.#settling.later(settleMs)
    this.#moving.later(quietMs)
    return failure
  }

  #store(turn: Turn): StorageFailure | undefined {
    try {
      const { batches } = this
      const settles = turn.purpose === 'rows' || this.#appends.isLong
      if (settles || batches.needsRows || !this.#isUndone) this.#begin(turn)
      if (turn.hasBegun) batches.storeRows(settles)
      const appended = batches.appended()
      if (appended.length > 0 && !this.#appends.isBegun) this.#begin(turn)
      this.#appends.write(appended, turn.hasBegun)
      if (turn.hasBegun) this.#commit.run()
      batches.committed()
      this.#appends.committed(batches.hasPending)
      this.#large.committed()
      return undefined
    } catch (error) {
      return storageFailure(error)
    }
  }

  /** A turn that does nothing else. Call it where nothing is in the middle of a turn. */
  #inOwnTurn(purpose: Purpose, write: () => void): StorageFailure | undefined {
    this.#endTurn()
    this.#turn = this.#beginTurn(purpose)
    try {
      this.write(write)
    } catch {
      // It is the failure of the turn, which is told when that ends.
    }
    return this.#endTurn()
  }

  /** What has no rows gets some. */
  #settle(): StorageFailure | undefined {
    this.#endTurn()
    return this.batches.hasPending ? this.#inOwnTurn('rows', () => {}) : undefined
  }

  /** What cannot be swept, such as a damaged page, fails nothing that clients write; it stays to be swept. */
  #sweep(): number {
    return this.#inOwnTurn('requests', () => this.#garbage.sweep(sweepRows, sweepBytes)) ? sweepRetryMs : sweepPauseMs
  }

  /** Gives rows their bytes. Returns how many bytes are left at most, or why it failed. */
  #moveBytes(maxBytes: number): number | StorageFailure {
    let left = 0
    const failure = this.#inOwnTurn('bytes', () => {
      left = this.#large.move(maxBytes)
    })
    if (!failure) this.#large.cut(left)
    return failure ?? left
  }

  /** Returns why it failed. */
  async #moveAllBytes(): Promise<StorageFailure | undefined> {
    for (let left = this.#large.committedBytes; left > 0; ) {
      // Between two tasks: a turn is never ended in the middle of one.
      await new Promise(setImmediate)
      if (this.#isDisposed) break
      const moved = this.#moveBytes(manyBytes)
      if (moved instanceof StorageFailure) return moved
      left = moved
    }
    return this.#isDisposed ? new StorageFailure('it is closed') : undefined
  }

  #stopSlices(): void {
    for (const slices of [this.#sweeping, this.#settling, this.#moving]) slices.dispose()
  }

  /** Takes over what a process that died has left beside the file. */
  #restore(): void {
    try {
      this.#restoreLarge()
      this.#restoreAppends()
    } catch (error) {
      this.#endTurn()
      this.#stopSlices()
      this.#checkpoints.stop()
      this.#appends.close()
      this.#large.close()
      this.#database.close()
      this.#ownership.dispose()
      throw error
    }
    // On a full disk they stay where they are, and the next ones come behind them.
    if (!this.#settle()) this.#remove('-appends', this.#appends)
  }

  #restoreLarge(): void {
    const lost = this.#large.restore()
    if (lost.length > 0) {
      const failure = this.#inOwnTurn('requests', () => this.batches.lose(lost))
      if (failure) throw new WorkspaceError(`${this.file} cannot be opened: ${failure.message}.`)
      const records = lost.reduce((sum, { recordCount }) => sum + recordCount, 0)
      this.#log.error(
        `${records} messages are lost: their ${lost.length} large batches had not reached the disk, or ${this.file}-batches was changed.`,
      )
    }
    this.#moving.later(quietMs)
  }

  #restoreAppends(): void {
    try {
      for (const appended of this.#appends.restore()) this.batches.restore(appended)
    } catch (error) {
      throw new WorkspaceError(
        `${this.file} cannot be opened, because ${this.file}-appends cannot be read: ${(error as Error).message}.`,
      )
    }
    this.batches.committed()
  }

  #remove(part: string, file: { remove(): void }): void {
    try {
      file.remove()
    } catch (error) {
      // What is in it is in the workspace, too: it is written over when there is more, or left out when it is read again.
      this.#log.warn(`${this.file}${part}, which is needed no more, cannot be removed: ${(error as Error).message}.`)
    }
  }

  #rollBack(turn: Turn, failure: StorageFailure): void {
    try {
      // SQLite may have rolled back by itself (disk full): then there is nothing left to undo.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
      this.#isUndone = true
    } catch (error) {
      this.#isUndone = false
      // The next turn cannot begin before it is undone: it fails as well, and this is tried again.
      this.#log.error(`What could not be stored cannot be undone either: ${(error as Error).message}.`)
    }
    this.batches.rolledBack()
    this.#appends.rolledBack()
    this.#large.rolledBack()
    this.#failures.failed(turn.purpose, failure)
    this.#rolledBack.emit(failure)
    turn.reject(failure)
  }
}
