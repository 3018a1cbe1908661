import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type Sqlite from 'better-sqlite3'
import type { Log } from '../base/log'

/** Commits between two looks at the WAL. A look is cheap, but not free. */
const commitsPerLook = 64
/** From this size on the WAL is folded into the file. */
const walBytes = 16 * 1024 * 1024

/**
 * Keeps the WAL bounded. The writing thread never folds it in itself (it costs more than half of the throughput): a
 * thread of its own does, started when the WAL first grows.
 */
export class Checkpoints {
  readonly #database: Sqlite.Database
  readonly #file: string
  readonly #script: string | undefined
  readonly #log: Log
  #commits = 0
  #worker: Worker | undefined
  #busy = false

  constructor(database: Sqlite.Database, file: string, script: string | undefined, log: Log) {
    this.#database = database
    this.#file = file
    this.#script = script
    this.#log = log
  }

  /** Called after every commit. */
  committed(): void {
    if (++this.#commits % commitsPerLook !== 0 || this.#busy) return
    const wal = statSync(`${this.#file}-wal`, { throwIfNoEntry: false })
    if (!wal || wal.size < walBytes) return
    if (this.#script === undefined) {
      this.#database.pragma('wal_checkpoint(RESTART)')
      return
    }
    this.#busy = true
    this.#start(this.#script).postMessage('checkpoint')
  }

  async dispose(): Promise<void> {
    await this.#worker?.terminate()
  }

  #start(script: string): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(script, { workerData: { file: this.#file } })
    worker.unref()
    worker.on('message', () => {
      this.#busy = false
    })
    worker.on('error', (error) => {
      // Without its thread the WAL would grow for ever: the writer takes over.
      this.#log.warn(`The checkpoint thread stopped (${error.message}); the writing thread does its work.`)
      this.#worker = undefined
      this.#busy = true
      this.#database.pragma('wal_autocheckpoint = 1000')
    })
    this.#worker = worker
    return worker
  }
}
