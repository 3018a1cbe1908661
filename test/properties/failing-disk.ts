import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { vi } from 'vitest'
import { copyFiles } from '../support/workspace-files'

/** What fails of a turn: the append file takes `part` bytes of its record and fails, or COMMIT does, or each new row; and then ROLLBACK, too. */
export interface Fault {
  readonly of: 'nothing' | 'record' | 'commit' | 'row' | 'read' | 'cut'
  readonly part: number
  readonly rollsBack: boolean
}

const none: Fault = { of: 'nothing', part: 0, rollsBack: true }

export const fault: fc.Arbitrary<Fault> = fc.record({
  of: fc.constantFrom(
    'nothing' as const,
    'nothing' as const,
    'record' as const,
    'commit' as const,
    'row' as const,
    'read' as const,
    'cut' as const,
  ),
  part: fc.nat(400),
  rollsBack: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
})

/** A disk that fails where it is told to, and a process that dies at a chosen step: what it would leave is copied then. */
export class FailingDisk {
  /** No new row has room. */
  isFull = false
  /** The file of the process that died. */
  died: string | undefined
  readonly #folder: string
  #fault = none
  #deaths = 0
  /** Steps until the process dies; none when negative. */
  #stepsLeft = -1
  #file = ''

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The next turn of the workspace `file` fails so, and dies after `steps` steps of what is written. */
  prepare(file: string, fault: Fault, steps: number): void {
    this.#file = file
    this.#fault = fault
    this.#stepsLeft = steps
    this.died = undefined
  }

  /** The turn has ended. Returns whether it could be undone, where it failed. */
  end(): boolean {
    const { rollsBack } = this.#fault
    this.#fault = none
    this.#stepsLeft = -1
    return rollsBack
  }

  /** Copies what a process leaves that dies now. */
  kill(file: string): string {
    const copy = join(this.#folder, `${++this.#deaths}.ottla`)
    copyFiles(file, copy)
    return copy
  }

  /** A record is written. Returns how much of it arrives before the disk fails; `undefined`: it does not fail. */
  writes(): number | undefined {
    this.step()
    if (this.#fault.of !== 'record') return undefined
    const { part } = this.#fault
    this.#fault = { ...this.#fault, of: 'nothing' }
    return part
  }

  /** The batch file is read, or cut: fails where that is the fault. */
  fails(of: 'read' | 'cut'): boolean {
    if (of === 'cut') this.step()
    return this.#fault.of === of
  }

  step(): void {
    if (this.#stepsLeft-- === 0) this.died = this.kill(this.#file)
  }

  /** SQLite meets it, too, until the mocks are restored. */
  install(): void {
    const disk = this
    const { prepare, exec } = Sqlite.prototype
    vi.spyOn(Sqlite.prototype, 'prepare').mockImplementation(function (this: Sqlite.Database, sql: string) {
      const statement = prepare.call(this, sql)
      if (sql === 'COMMIT') return { ...statement, run: () => disk.#commit(statement) }
      if (!/^(INSERT INTO batches|UPDATE batches SET bytes)/.test(sql)) return statement
      return { ...statement, run: (...values: unknown[]) => disk.#insert(statement, values) }
    } as typeof prepare)
    vi.spyOn(Sqlite.prototype, 'exec').mockImplementation(function (this: Sqlite.Database, sql: string) {
      if (sql === 'ROLLBACK' && !disk.#fault.rollsBack) throw new Error('disk I/O error')
      return exec.call(this, sql)
    })
  }

  #commit(statement: Sqlite.Statement): Sqlite.RunResult {
    this.step()
    if (this.#fault.of === 'commit') throw full()
    const result = statement.run()
    this.step()
    return result
  }

  #insert(statement: Sqlite.Statement, values: unknown[]): Sqlite.RunResult {
    if (this.#fault.of === 'row' || this.isFull) throw full()
    return statement.run(...values)
  }
}

function full(): Error {
  return new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL')
}
