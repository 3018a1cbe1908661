import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Clock } from '../base/clock'
import { Disposables } from '../base/disposable'
import type { Log } from '../base/log'
import { Batches } from './batches'
import { Checkpoints } from './checkpoints'
import { ConfigRows } from './configs'
import { Documents } from './documents'
import { StorageFailure, WorkspaceError } from './failures'
import { Journal } from './journal'
import { migrations } from './migrations'
import { Offsets } from './offsets'
import { TopicRows } from './topics'
import { TransactionIndex } from './transaction-index'

export interface WorkspaceOptions {
  /** The path of a `*.ottla` file; without it the workspace lives in a temporary file that goes when it is closed. */
  readonly file?: string
  /** `full` also survives the loss of power, as Kafka does with `flush.messages=1`; the default survives the death of the process. */
  readonly durability?: 'normal' | 'full'
  readonly clock: Clock
  readonly log: Log
  /** The built `checkpoint-thread.js`. Without it the writing thread checkpoints itself. */
  readonly checkpointThread?: string
}

/** Marks the file as ours ("Ottl") in the header that `file` and we look at. */
const applicationId = 0x4f74746c

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
  readonly #endings = new Disposables()
  readonly #checkpoints: Checkpoints
  readonly #begin: Sqlite.Statement
  readonly #commit: Sqlite.Statement
  #turn: { promise: Promise<void>; resolve: () => void; reject: (error: StorageFailure) => void } | undefined
  #failing = false

  constructor(options: WorkspaceOptions) {
    this.#log = options.log
    this.#clock = options.clock
    this.isTemporary = options.file === undefined
    this.file = options.file ?? join(mkdtempSync(join(tmpdir(), 'ottla-')), 'memory.ottla')
    if (this.isTemporary) this.#endings.add(() => rmSync(dirname(this.file), { recursive: true, force: true }))
    const owner = openOwner(this.file)
    this.#endings.add(() => {
      owner.close()
      rmSync(`${this.file}-lock`, { force: true })
    })
    this.#database = openDatabase(this.file)
    const database = this.#database
    database.pragma(`synchronous = ${this.isTemporary ? 'OFF' : options.durability === 'full' ? 'FULL' : 'NORMAL'}`)
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.topics = new TopicRows(database)
    this.batches = new Batches(database)
    this.transactionIndex = new TransactionIndex(database)
    this.configs = new ConfigRows(database)
    this.documents = new Documents(database)
    this.offsets = new Offsets(database)
    this.journal = new Journal(database)
    this.#checkpoints = new Checkpoints(database, this.file, options.checkpointThread, options.log)
  }

  /** Begins the turn's transaction unless it has begun. Call before anything is written. */
  begin(): void {
    if (this.#turn) return
    this.#begin.run()
    let resolve = () => {}
    let reject = (_error: StorageFailure) => {}
    const promise = new Promise<void>((yes, no) => {
      resolve = yes
      reject = no
    })
    // Who wrote decides whether it must know; a failure nobody waits for is in the log all the same.
    promise.catch(() => {})
    this.#turn = { promise, resolve, reject }
    setImmediate(() => this.#end())
  }

  /** Resolves when what this turn wrote is stored; rejects with StorageFailure when nothing of it is. */
  committed(): Promise<void> {
    return this.#turn?.promise ?? Promise.resolve()
  }

  /** Runs `write` in the turn's transaction. A failure of SQLite rolls the whole turn back when it ends. */
  write<T>(write: () => T): T {
    this.begin()
    try {
      return write()
    } catch (error) {
      this.#failing = true
      throw storageFailure(error)
    }
  }

  /** Closes the file cleanly: what was written is committed, the WAL is folded in. */
  async dispose(): Promise<void> {
    this.#end()
    await this.#checkpoints.dispose()
    this.#database.pragma('wal_checkpoint(TRUNCATE)')
    this.#database.close()
    this.#endings.dispose()
  }

  /** Bytes on disk, the WAL included. */
  fileBytes(): number {
    return [this.file, `${this.file}-wal`].reduce((sum, path) => sum + (existsSync(path) ? statSync(path).size : 0), 0)
  }

  /** Writes a copy of the workspace that can be opened by itself, while this one goes on. */
  async saveCopy(path: string): Promise<void> {
    await this.#database.backup(path)
  }

  /** Lets a test fill the disk: at most so many pages of 16 KiB. */
  limitPages(pages: number): void {
    this.#database.pragma(`max_page_count = ${pages}`)
  }

  get now(): number {
    return this.#clock.now()
  }

  #end(): void {
    const turn = this.#turn
    if (!turn) return
    this.#turn = undefined
    try {
      if (this.#failing) throw new StorageFailure('a write of this turn failed')
      this.batches.flush()
      this.#commit.run()
      turn.resolve()
      this.#checkpoints.committed()
    } catch (error) {
      this.#failing = false
      // SQLite may have rolled back by itself (disk full): then there is nothing left to undo.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
      this.batches.rolledBack()
      const failure = storageFailure(error)
      this.#log.error(
        `The workspace could not be written, so nothing of the last requests is stored: ${failure.message}`,
      )
      turn.reject(failure)
    }
  }
}

function storageFailure(error: unknown): StorageFailure {
  if (error instanceof StorageFailure) return error
  const code = (error as { code?: unknown }).code
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) throw error
  return new StorageFailure(code === 'SQLITE_FULL' ? 'the disk is full' : (error as Error).message)
}

function openOwner(file: string): Sqlite.Database {
  const folder = dirname(file)
  if (!existsSync(folder)) throw new WorkspaceError(`The folder ${folder} does not exist, so ${file} cannot be made.`)
  try {
    return takeOwnership(file)
  } catch (error) {
    if (error instanceof WorkspaceError) throw error
    throw new WorkspaceError(`${file} cannot be opened: ${(error as Error).message}.`)
  }
}

function openDatabase(file: string): Sqlite.Database {
  let database: Sqlite.Database
  try {
    database = new Sqlite(file, { timeout: 0 })
  } catch (error) {
    throw new WorkspaceError(`${file} cannot be opened: ${(error as Error).message}.`)
  }
  try {
    prepare(database, file)
    return database
  } catch (error) {
    database.close()
    if (error instanceof WorkspaceError) throw error
    const code = (error as { code?: string }).code
    if (code === 'SQLITE_NOTADB') throw new WorkspaceError(`${file} is not a workspace of Ottla.`)
    if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') {
      throw new WorkspaceError(`${file} is in use by another Ottla; close it there or choose another file.`)
    }
    throw new WorkspaceError(`${file} cannot be opened: ${(error as Error).message}.`)
  }
}

function prepare(database: Sqlite.Database, file: string): void {
  const version = database.pragma('user_version', { simple: true }) as number
  const id = database.pragma('application_id', { simple: true }) as number
  const isEmpty = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
  if (!isEmpty && id !== applicationId) throw new WorkspaceError(`${file} is not a workspace of Ottla.`)
  if (version > migrations.length) {
    throw new WorkspaceError(
      `${file} was made by a newer Ottla (format ${version}, this one knows ${migrations.length}); update Ottla to open it.`,
    )
  }
  if (isEmpty) database.pragma('page_size = 16384')
  database.pragma('journal_mode = WAL')
  database.pragma('wal_autocheckpoint = 0')
  database.pragma('cache_size = -16384')
  database.pragma('temp_store = MEMORY')
  const migrate = database.transaction(() => {
    for (const migration of migrations.slice(version)) database.exec(migration)
    database.pragma(`user_version = ${migrations.length}`)
    database.pragma(`application_id = ${applicationId}`)
  })
  if (version < migrations.length) migrate.immediate()
}

/**
 * One writer per file: a lock on a side file, held for as long as this process lives, however it dies. Readers of the
 * workspace itself are not kept out.
 */
function takeOwnership(file: string): Sqlite.Database {
  const owner = new Sqlite(`${file}-lock`, { timeout: 0 })
  try {
    owner.pragma('journal_mode = MEMORY')
    owner.exec('BEGIN EXCLUSIVE')
    return owner
  } catch {
    owner.close()
    throw new WorkspaceError(`${file} is in use by another Ottla; close it there or choose another file.`)
  }
}
