import type { Run } from './recent'
import type { LogFacts } from './stored-runs'

/** A log, and what the present turn has done to it. */
export interface LogChange {
  readonly log: LogFacts
  /** The facts of the log at the last commit; `null`: they are still the same. */
  before: LogFacts | null
  /** Runs of this turn that have no row yet, or have grown since, in their order. */
  unwritten: Run[]
  /** The facts are in the row of the open run as they are now. */
  isToldByRun: boolean
  /** The open run, when this turn began another one: it moves to its place from memory. */
  outgrown: Run | null
}

/**
 * What the present turn does, log by log.
 *
 * A turn often lasts for one request: it leaves nothing behind that the next one refers to. (A map that is cleared does: V8 has its old table
 * refer to the new one, so that one table in the old generation keeps the tables of all later turns until the next full collection.)
 */
export class ChangedLogs {
  readonly #all = new Map<LogFacts, LogChange>()
  #changed: LogChange[] = []
  #unwritten: LogChange[] = []

  /** Logs whose facts changed since the last commit. */
  get changed(): readonly LogChange[] {
    return this.#changed
  }

  /** Logs with unwritten runs. */
  get unwritten(): readonly LogChange[] {
    return this.#unwritten
  }

  /** Call it before the facts of a log change, and after what may store them as they are. */
  note(log: LogFacts): LogChange {
    const change = this.#of(log)
    change.isToldByRun = false
    if (change.before === null) {
      change.before = { ...log }
      this.#changed.push(change)
    }
    return change
  }

  /** A run is new, or has grown. */
  toWrite(change: LogChange, run: Run): void {
    const { unwritten } = change
    if (unwritten.length === 0) {
      change.unwritten = [run]
      this.#unwritten.push(change)
    } else if (unwritten.at(-1) !== run) unwritten.push(run)
  }

  /** Returns the unwritten runs of a log, which are not unwritten any more. */
  takeRuns(change: LogChange): readonly Run[] {
    const { unwritten } = change
    if (unwritten.length === 0) return unwritten
    this.#unwritten = this.#unwritten.filter((other) => other !== change)
    change.unwritten = []
    return unwritten
  }

  /** Returns the logs with unwritten runs; who takes them writes these, and empties their lists. */
  takeUnwritten(): readonly LogChange[] {
    const unwritten = this.#unwritten
    if (unwritten.length > 0) this.#unwritten = []
    return unwritten
  }

  /** The turn ends: its changes are stored, or undone. */
  endTurn(): void {
    for (const change of this.#changed) {
      change.before = null
      change.isToldByRun = false
      change.outgrown = null
      if (change.unwritten.length > 0) change.unwritten = []
    }
    this.#changed = []
    if (this.#unwritten.length > 0) this.#unwritten = []
  }

  /** The log is gone. */
  forget(log: LogFacts): void {
    const change = this.#all.get(log)
    if (!change) return
    this.takeRuns(change)
    this.#changed = this.#changed.filter((other) => other !== change)
    this.#all.delete(log)
  }

  #of(log: LogFacts): LogChange {
    const known = this.#all.get(log)
    if (known) return known
    const change: LogChange = { log, before: null, unwritten: [], isToldByRun: false, outgrown: null }
    this.#all.set(log, change)
    return change
  }
}
