import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { createLog } from '../../../src-main/base/log'
import { Checkpoints, fold, type WalLengths } from '../../../src-main/storage/checkpoints'
import { openDatabase } from '../../../src-main/storage/open'
import { bundle } from './bundle'
import { afterwards, folder } from './samples'

/** A sixty-fourth of the real lengths: the same decisions, for less of the disk. */
const lengths: WalLengths = { checkpoint: 8, long: 64, rest: 16, longest: 128, idle: 4 }
/** The WAL is looked at after every eighth commit, and a commit of `Wal` is two or three pages. */
const pagesBetweenLooks = 24

/** The clock is looked at in such steps; so that nothing was written for one of them, there have to be two. */
const idleMs = 5000

let checkpointThread: string
let idleProcess: string
beforeAll(async () => {
  checkpointThread = await bundle('src-main/storage/checkpoint-thread.ts')
  idleProcess = await bundle('test/unit/storage/idle-process.ts')
})

/** A database that is written as a workspace is, with the length of its WAL in pages. */
class Wal {
  readonly file = join(folder(), 'wal.ottla')
  readonly clock = new ManualClock()
  readonly warnings: string[] = []
  /** The longest that the WAL has been. */
  longest = 0
  readonly #database = openDatabase(this.file)
  readonly #checkpoints: Checkpoints
  readonly #insert: Sqlite.Statement
  readonly #look: Sqlite.Statement

  /** What the thread is told. */
  readonly #told = vi.spyOn(Worker.prototype, 'postMessage')
  #answers = 0

  constructor(script?: string) {
    this.#told.mockClear()
    const log = createLog(
      'storage',
      'info',
      ({ text }) => this.warnings.push(text),
      () => 0,
    )
    this.#database.exec('CREATE TABLE pages (bytes BLOB) STRICT')
    this.#database.pragma('wal_checkpoint(TRUNCATE)')
    this.#insert = this.#database.prepare('INSERT INTO pages VALUES (zeroblob(15000))')
    this.#look = this.#database.prepare('PRAGMA wal_checkpoint(NOOP)')
    this.#checkpoints = new Checkpoints(
      this.#database,
      { file: this.file, synchronous: 'NORMAL' },
      script,
      log,
      this.clock,
      lengths,
    )
    afterwards(() => this.dispose())
  }

  close(): void {
    this.#database.close()
  }

  committed(): void {
    this.#checkpoints.committed()
  }

  async dispose(): Promise<void> {
    await this.#checkpoints.dispose()
    this.#database.close()
    this.#checkpoints.closeFile()
  }

  /** Pages in the WAL, and those of them that are not in the file yet. */
  get pages(): { readonly length: number; readonly rest: number } {
    const { log, checkpointed } = this.#look.get() as { log: number; checkpointed: number }
    return { length: log, rest: log - checkpointed }
  }

  /** Resolves when the thread has answered all that it was told, however long it takes, and the answer has had its effect. */
  async answered(): Promise<void> {
    while (this.#answers < this.#told.mock.calls.length) {
      await once(this.#worker, 'message')
      this.#answers++
    }
  }

  /** Resolves when the thread has ended, with an error or without. */
  async threadEnded(): Promise<void> {
    await new Promise((resolve) => this.#worker.once('exit', resolve))
  }

  get #worker(): Worker {
    const [worker] = this.#told.mock.contexts
    if (!(worker instanceof Worker)) throw new Error('the thread was not told to fold anything in')
    return worker
  }

  get fileBytes(): number {
    return statSync(`${this.file}-wal`).size
  }

  commit(times = 1): void {
    for (let i = 0; i < times; i++) {
      this.#insert.run()
      this.#checkpoints.committed()
      this.longest = Math.max(this.longest, this.pages.length)
    }
  }

  /** Commits until `reached`, and says after how many. */
  commitUntil(reached: () => boolean): number {
    for (let commits = 1; commits <= 500; commits++) {
      this.commit()
      if (reached()) return commits
    }
    throw new Error(`not reached in 500 commits: ${JSON.stringify(this.pages)}`)
  }

  /** A transaction of the writer that has begun; what is returned ends it. */
  begin(): () => void {
    this.#database.exec('BEGIN IMMEDIATE')
    return () => void this.#database.exec('COMMIT')
  }

  /** A reader that has begun, and needs what the WAL holds until it ends. */
  reader(): { end(): void } {
    const reader = new Sqlite(this.file, { readonly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM pages').get()
    return { end: () => reader.close() }
  }
}

describe('the WAL, checkpointed by the writer', () => {
  it('is in the file as soon as it is long enough, and restarts when it is', () => {
    const wal = new Wal()
    wal.commitUntil(() => wal.pages.rest === 0)
    expect(wal.longest).toBeGreaterThanOrEqual(lengths.checkpoint)
    expect(wal.longest).toBeLessThan(lengths.checkpoint + pagesBetweenLooks)
    wal.commit(1000)
    expect(wal.longest).toBeLessThan(lengths.longest)
    expect(wal.warnings).toEqual([])
  })

  it('grows while a reader needs it, and restarts after that one has ended', () => {
    const wal = new Wal()
    const reader = wal.reader()
    wal.commit(400)
    expect(wal.pages.length).toBeGreaterThan(2 * lengths.longest)
    expect(wal.pages.rest).toBe(wal.pages.length)
    reader.end()
    const before = wal.pages.length
    wal.commitUntil(() => wal.pages.length < before)
    expect(wal.pages.length).toBeLessThan(pagesBetweenLooks)
    expect(wal.warnings).toEqual([])
  })
})

describe('the WAL, checkpointed by a thread', () => {
  it('is in the file before the writer has to do it', async () => {
    const wal = new Wal(checkpointThread)
    wal.commit(8)
    expect(wal.pages.rest).toBeGreaterThanOrEqual(lengths.checkpoint)
    await wal.answered()
    expect(wal.pages.rest).toBe(0)
    expect(wal.pages.length).toBe(wal.longest)
    expect(wal.warnings).toEqual([])
  })

  it('restarts when all of it is in the file, and never gets long', async () => {
    const wal = new Wal(checkpointThread)
    for (let round = 0; round < 20; round++) {
      wal.commit(8)
      await wal.answered()
    }
    expect(wal.longest).toBeLessThan(lengths.checkpoint + 2 * pagesBetweenLooks)
    expect(wal.warnings).toEqual([])
  })

  it('stays bounded while it is written to as the thread works', async () => {
    const wal = new Wal(checkpointThread)
    for (let round = 0; round < 20; round++) {
      // The answer has its effect when these commits are done, never before. How many of them the thread has folded in may differ.
      wal.commit(12)
      await wal.answered()
    }
    // It gets longer only for a thread that does not answer.
    expect(wal.longest).toBeLessThan(2 * lengths.longest)
    expect(wal.warnings).toEqual([])
  })

  it('is the concern of the writer when the thread cannot be started, which is said once', async () => {
    const wal = new Wal(join(folder(), 'missing.js'))
    wal.commit(8)
    await wal.threadEnded()
    expect(wal.warnings).toHaveLength(1)
    wal.commitUntil(() => wal.pages.rest === 0)
    wal.longest = 0
    wal.commit(300)
    expect(wal.longest).toBeLessThan(lengths.longest)
    expect(wal.warnings).toEqual([expect.stringMatching(/^The WAL cannot be folded .*missing\.js/)])
  })
})

/** A thread in place of the checkpoint thread that does `told` with each message. */
function thread(told: string): string {
  const script = join(folder(), 'thread.js')
  writeFileSync(
    script,
    `const { parentPort } = require('node:worker_threads')\nparentPort.on('message', (message) => { ${told} })`,
  )
  return script
}

describe('the WAL, when the thread does not answer', () => {
  it('is the concern of the writer when the thread has ended without an error', async () => {
    const wal = new Wal(thread('process.exit(3)'))
    wal.commit(8)
    await wal.threadEnded()
    expect(wal.warnings).toHaveLength(1)
    wal.commitUntil(() => wal.pages.rest === 0)
    wal.longest = 0
    wal.commit(300)
    expect(wal.longest).toBeLessThan(lengths.longest)
    expect(wal.warnings).toEqual(['The WAL cannot be folded into the workspace: its thread ended with code 3.'])
    await wal.dispose()
  })

  it('is folded in by the writer once it is twice as long as it should be', async () => {
    const wal = new Wal(thread(`if (message === 'end') parentPort.close()`))
    wal.commit(1000)
    expect(wal.longest).toBeGreaterThanOrEqual(2 * lengths.longest)
    expect(wal.longest).toBeLessThan(2 * lengths.longest + 2 * pagesBetweenLooks)
    expect(wal.warnings).toEqual([])
    await wal.dispose()
  })

  it('is left as it is by a thread that does not end, which is ended', async () => {
    const wal = new Wal(thread(''))
    wal.commit(8)
    const end = wal.dispose()
    wal.clock.advance(29_999)
    expect(wal.clock.waiting).toBe(1)
    wal.clock.advance(1)
    await end
  })

  it('that cannot be looked at is told once, and fails no commit', () => {
    const wal = new Wal()
    wal.commit(2)
    wal.close()
    for (let i = 0; i < 600; i++) wal.committed()
    expect(wal.warnings).toEqual(['The WAL cannot be folded into the workspace: The database connection is not open.'])
  })

  it('may be in the hands of another connection, which is no failure', () => {
    expect(fold({ get: () => [1, -1, -1] })).toEqual({ isBusy: true })
    expect(fold({ get: () => [0, 12, 10] })).toEqual({ left: 2 })
  })
})

describe('the WAL of an idle workspace', () => {
  it('is folded in and cut when nothing was written for some seconds', () => {
    const wal = new Wal()
    wal.commit(4)
    wal.clock.advance(idleMs - 1)
    wal.commit()
    wal.clock.advance(idleMs - 1)
    expect(wal.fileBytes).toBeGreaterThan(0)
    wal.clock.advance(idleMs)
    expect(wal.fileBytes).toBe(0)
    expect(wal.clock.waiting).toBe(0)
    wal.commit(4)
    wal.clock.advance(2 * idleMs)
    expect(wal.fileBytes).toBe(0)
    expect(wal.warnings).toEqual([])
  })

  it('is left alone when it is short', () => {
    const wal = new Wal()
    wal.commit()
    wal.clock.advance(idleMs)
    expect(wal.pages.rest).toBe(wal.pages.length)
    expect(wal.fileBytes).toBeGreaterThan(0)
    expect(wal.clock.waiting).toBe(0)
  })

  it('is folded in by the thread, so that the writer only has to cut it', async () => {
    const wal = new Wal(checkpointThread)
    wal.commit(4)
    wal.clock.advance(2 * idleMs)
    await wal.answered()
    expect(wal.pages.rest).toBe(0)
    expect(wal.fileBytes).toBeGreaterThan(0)
    wal.clock.advance(idleMs)
    expect(wal.fileBytes).toBe(0)
    expect(wal.warnings).toEqual([])
  })

  it('stays while a reader needs it or a transaction is open, and is cut after that', () => {
    const wal = new Wal()
    const reader = wal.reader()
    wal.commit(10)
    wal.clock.advance(10 * idleMs)
    expect(wal.fileBytes).toBeGreaterThan(0)
    reader.end()
    const end = wal.begin()
    wal.clock.advance(idleMs)
    expect(wal.fileBytes).toBeGreaterThan(0)
    end()
    wal.clock.advance(idleMs)
    expect(wal.fileBytes).toBe(0)
    expect(wal.warnings).toEqual([])
  })

  it('loses nothing when the process is killed while it is cut again and again', async () => {
    const file = join(folder(), 'killed.ottla')
    let acknowledged = 0
    for (let round = 1; round <= 3; round++) {
      const child = spawn(process.execPath, [idleProcess, file, checkpointThread], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const exit = once(child, 'exit')
      let lines = 0
      for await (const line of createInterface(child.stdout)) {
        acknowledged = Number(line)
        if (++lines === 20 + round) child.kill('SIGKILL')
      }
      await exit
      expect(child.signalCode).toBe('SIGKILL')
      const database = new Sqlite(file)
      expect(database.prepare('SELECT count(*) FROM pages').pluck().get()).toBeGreaterThanOrEqual(acknowledged)
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      database.close()
    }
    expect(acknowledged).toBeGreaterThanOrEqual(3 * 20)
  })
})
