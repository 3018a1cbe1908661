import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type Sqlite from 'better-sqlite3'
import type { Clock } from '../base/clock'
import type { Log } from '../base/log'
import { copyWorkspace } from './copy'
import { WorkspaceError } from './failures'
import { lockTimeoutMs } from './lock-timeout'

/** What a checkpoint thread is started for: to fold the WAL of `file` in, or with `copyTo` to write one copy and end. */
export interface StorageTask {
  readonly file: string
  readonly synchronous: 'OFF' | 'NORMAL' | 'FULL'
  /** The file, opened beside SQLite: what was folded in is brought to the disk. */
  readonly descriptor?: number
  readonly copyTo?: string
}

export type ToCheckpointThread = 'fold' | 'end'

/** What a fold has left, in pages, because a reader still needs it; that another connection was at it; or why it failed. */
export type FromCheckpointThread = { readonly left: number } | { readonly isBusy: true } | { readonly problem: string }

/** Lengths of the WAL, in pages, at which something is done about it. */
export interface WalLengths {
  /** With this much that is not checkpointed yet, the thread is told. */
  readonly checkpoint: number
  /** From this length on the WAL should restart, which it does by itself once all of it is checkpointed and nobody reads it. */
  readonly long: number
  /**
   * A rest of this size the writer checkpoints itself, to get to that point, and of a quarter of what the WAL is longer than `long`. Clients wait
   * for it: a larger rest is left to the thread, which leaves less each time.
   */
  readonly rest: number
  /**
   * From this length on the writer checkpoints any rest: whoever writes faster than the disk takes it, waits here. From twice this length on it does so
   * while the thread is at work, too: it may never answer.
   */
  readonly longest: number
  /** A WAL of this length is cut to nothing when nothing is written for a while. */
  readonly idle: number
}

const pageBytes = 16_384
const pagesPerMebibyte = (1024 * 1024) / pageBytes
const walLengths: WalLengths = {
  checkpoint: 16 * pagesPerMebibyte,
  long: 64 * pagesPerMebibyte,
  rest: pagesPerMebibyte,
  longest: 128 * pagesPerMebibyte,
  idle: pagesPerMebibyte,
}
/** Commits between two looks at the WAL. */
const commitsPerLook = 8
/** Looks that are skipped after a fold that failed, or did not help because a reader that began long ago still needs the WAL. */
const patienceLooks = 32
/** When nothing was written for so long, the WAL is folded in, then cut; what fails is tried again after as long. */
const idleMs = 5000
/** A thread that does not end in this time is ended. What it was at is done when the file is closed, or opened the next time. */
const endMs = 30_000

/**
 * Bounds the WAL. The writing thread hardly ever folds it in itself (that would cost more than half of the throughput): a thread of
 * its own does, started when the WAL first grows. Only the rest that is written while that thread works, and only when the WAL
 * is long, is left to the writer.
 */
export class Checkpoints {
  readonly #database: Sqlite.Database
  readonly #task: StorageTask
  #script: string | undefined
  readonly #log: Log
  readonly #lengths: WalLengths
  readonly #look: Sqlite.Statement
  readonly #fold: Sqlite.Statement
  readonly #clock: Clock
  #commits = 0
  /** `#commits` when the clock was set; more of them since then say that the workspace is not idle. */
  #commitsBefore = 0
  #cancelIdle: (() => void) | undefined
  #looksToSkip = 0
  /** The thread has folded in, and what was written meanwhile is not looked at yet. */
  #hasFolded = false
  #worker: Worker | undefined
  #descriptor: number | undefined
  #isFolding = false
  #hasFailed = false

  /** @param script the built `checkpoint-thread.js`; without it the writing thread does everything */
  constructor(
    database: Sqlite.Database,
    task: StorageTask,
    script: string | undefined,
    log: Log,
    clock: Clock,
    lengths = walLengths,
  ) {
    this.#clock = clock
    this.#database = database
    this.#task = task
    this.#script = script
    this.#log = log
    this.#lengths = lengths
    this.#look = checkpoint(database, 'NOOP')
    this.#fold = checkpoint(database, 'PASSIVE')
  }

  /** Called after every commit. A WAL that cannot be folded in is tried again later; nothing of it is lost. */
  committed(): void {
    this.#commits++
    if (!this.#cancelIdle) this.#lookWhenIdle()
    if (!(this.#hasFolded || this.#commits % commitsPerLook === 0)) return
    this.#hasFolded = false
    if (this.#looksToSkip > 0) {
      this.#looksToSkip--
      return
    }
    const wal = this.#walPages()
    if (!wal) return
    const { length, rest } = wal
    const { checkpoint, long, longest, rest: restAtLong } = this.#lengths
    if (this.#isFolding) {
      if (length >= 2 * longest) this.#foldHere()
      return
    }
    const isLong = length >= long
    if (length >= longest || (isLong && rest < restAtLong + (length - long) / 4)) this.#foldHere()
    else if (isLong || rest >= checkpoint) this.#foldBeside()
  }

  /** Writes a copy of the workspace, on a thread where there is one. */
  async copy(to: string): Promise<void> {
    if (this.#script === undefined) return copyWorkspace(this.#task.file, to)
    const worker = new Worker(this.#script, { workerData: { ...this.#task, copyTo: to } })
    const [code] = await once(worker, 'exit').catch((error: Error) => {
      throw new WorkspaceError(error.message)
    })
    if (code !== 0) throw new WorkspaceError(`The copy ${to} cannot be written: its thread ended with code ${code}.`)
  }

  /**
   * Folds all of the WAL in and cuts both files to what they hold. Call it outside a transaction. Returns false while the checkpoint thread
   * is at work, or a reader needs the WAL.
   */
  truncate(): boolean {
    // Without the wait for the lock, during which nothing else could be done.
    this.#database.pragma('busy_timeout = 0')
    try {
      const [outcome] = this.#database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
      return outcome?.busy === 0
    } finally {
      this.#database.pragma(`busy_timeout = ${lockTimeoutMs}`)
    }
  }

  /** Looks at the WAL no more. */
  stop(): void {
    this.#cancelIdle?.()
  }

  async dispose(): Promise<void> {
    this.stop()
    const worker = this.#worker
    if (!worker) return
    this.#worker = undefined
    // From here on the process waits for it, so that the file is closed.
    worker.ref()
    const exit = once(worker, 'exit')
    worker.postMessage('end' satisfies ToCheckpointThread)
    const cancel = this.#clock.at(this.#clock.now() + endMs, () => void worker.terminate())
    await exit.finally(cancel)
  }

  /** Call it when the database is closed: the system drops all locks of a process on a file when any descriptor of it is closed. */
  closeFile(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #lookWhenIdle(): void {
    this.#commitsBefore = this.#commits
    this.#cancelIdle = this.#clock.at(this.#clock.now() + idleMs, () => {
      this.#cancelIdle = undefined
      const isIdle = this.#commits === this.#commitsBefore && !this.#isFolding && !this.#database.inTransaction
      if (!isIdle || !this.#settle()) this.#lookWhenIdle()
    })
  }

  /** A failure is one to fold: those whose commit it came after are answered all the same. */
  #walPages(): WalPages | undefined {
    try {
      return pages(this.#look)
    } catch (error) {
      this.#folded({ problem: (error as Error).message })
      return undefined
    }
  }

  /** Brings an idle workspace closer to one file with no WAL. Returns true when nothing is left to do until the next commit. */
  #settle(): boolean {
    try {
      const { length, rest } = pages(this.#look)
      if (length < this.#lengths.idle) return true
      // Once all of it is in the file, cutting it takes no wait for the disk.
      if (rest === 0 || this.#script === undefined) return this.truncate()
      this.#foldBeside()
    } catch (error) {
      this.#folded({ problem: (error as Error).message })
    }
    return false
  }

  #foldHere(): void {
    this.#folded(fold(this.#fold))
  }

  #foldBeside(): void {
    if (this.#script === undefined) {
      this.#foldHere()
      return
    }
    this.#isFolding = true
    this.#start(this.#script).postMessage('fold' satisfies ToCheckpointThread)
  }

  #folded(outcome: FromCheckpointThread): void {
    if ('isBusy' in outcome) return
    if ('problem' in outcome && !this.#hasFailed) {
      this.#log.warn(`The WAL cannot be folded into the workspace: ${outcome.problem}.`)
    }
    this.#hasFailed = 'problem' in outcome
    const isStuck = 'problem' in outcome || outcome.left >= this.#lengths.checkpoint
    if (isStuck) this.#looksToSkip = patienceLooks
    // The sooner the WAL is looked at, the less is left to the writer.
    else this.#hasFolded = true
  }

  #openFile(): number | undefined {
    try {
      return openSync(this.#task.file, 'r+')
    } catch (error) {
      this.#log.warn(
        `The writer waits for the disk when the WAL begins at its start again: ${(error as Error).message}.`,
      )
      return undefined
    }
  }

  #start(script: string): Worker {
    if (this.#worker) return this.#worker
    this.#descriptor ??= this.#openFile()
    const task: StorageTask = { ...this.#task, ...(this.#descriptor !== undefined && { descriptor: this.#descriptor }) }
    // A small heap: it moves pages that SQLite holds.
    const worker = new Worker(script, { workerData: task, resourceLimits: { maxYoungGenerationSizeMb: 1 } })
    worker.unref()
    worker.on('message', (outcome: FromCheckpointThread) => {
      this.#isFolding = false
      this.#folded(outcome)
    })
    worker.on('error', (error) => this.#ended(worker, error.message))
    worker.on('exit', (code) => this.#ended(worker, `its thread ended with code ${code}`))
    this.#worker = worker
    return worker
  }

  /** The thread could not be started, or died, whether it said why or not: the writer does its work from here on. */
  #ended(worker: Worker, problem: string): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#script = undefined
    this.#isFolding = false
    this.#folded({ problem })
  }
}

/** Prepares a checkpoint, or with `NOOP` a look at the WAL. Its row comes as a list: for one with names code would be generated at each run. */
export function checkpoint(database: Sqlite.Database, mode: 'NOOP' | 'PASSIVE'): Sqlite.Statement {
  return database.prepare(`PRAGMA wal_checkpoint(${mode})`).raw()
}

/** Runs a prepared checkpoint. */
export function fold(statement: Pick<Sqlite.Statement, 'get'>): FromCheckpointThread {
  try {
    const { isBusy, rest } = pages(statement)
    return isBusy ? { isBusy } : { left: rest }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}

interface WalPages {
  readonly length: number
  /** Those of them that are not folded in. */
  readonly rest: number
  /** Another connection is folding them in: how many they are is not known. */
  readonly isBusy: boolean
}

function pages(statement: Pick<Sqlite.Statement, 'get'>): WalPages {
  const [busy, length, folded] = statement.get() as [busy: number, length: number, folded: number]
  return { length, rest: length - folded, isBusy: busy === 1 }
}
