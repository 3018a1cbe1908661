import type { Appended } from './append-file'
import type { Run, RunState } from './recent'
import type { LogFacts } from './stored-runs'

/** A log: its runs without rows, and what the present turn has done to it. */
export interface LogState {
  readonly log: LogFacts
  /** The runs that have no rows yet, in order. What is committed of them lies in the append file. */
  pending: Run[]
  /** The log at the last commit; `null`: it is still the same. */
  before: LogBefore | null
  /** The turn stores the facts of the log: it gave rows to runs, or did something else than to append. */
  storesFacts: boolean
}

interface LogBefore {
  readonly facts: LogFacts
  /** The list of then, which only grows. */
  readonly pending: readonly Run[]
  readonly runs: number
  /** The newest of those runs, which may have grown since. */
  readonly newest: RunState | null
}

/**
 * Which logs have runs without rows, and what the present turn does, log by log.
 *
 * A turn often lasts for one request: it leaves nothing behind that the next one refers to. (A map that is cleared does: V8 has its old table
 * refer to the new one, so that one table in the old generation keeps the tables of all later turns until the next full collection.)
 */
export class ChangedLogs {
  readonly #all = new Map<LogFacts, LogState>()
  readonly #pending = new Set<LogState>()
  #pendingRuns = 0
  #pendingBytes = 0
  #changed: LogState[] = []

  /** Logs that changed since the last commit. */
  get changed(): readonly LogState[] {
    return this.#changed
  }

  /** Logs that have runs without rows. */
  get pending(): ReadonlySet<LogState> {
    return this.#pending
  }

  get pendingRuns(): number {
    return this.#pendingRuns
  }

  get pendingBytes(): number {
    return this.#pendingBytes
  }

  /** Call it before anything of a log changes. */
  note(log: LogFacts): LogState {
    const state = this.of(log)
    if (state.before === null) {
      const { pending } = state
      state.before = { facts: { ...log }, pending, runs: pending.length, newest: pending.at(-1)?.state ?? null }
      this.#changed.push(state)
    }
    return state
  }

  /** A run without a row is new, or has grown by `bytes`. */
  added(state: LogState, run: Run, bytes: number): void {
    const { pending } = state
    this.#pendingBytes += bytes
    if (pending.at(-1) === run) return
    if (pending.length === 0) this.#pending.add(state)
    pending.push(run)
    this.#pendingRuns++
  }

  /** All runs of a log have rows, or are deleted. */
  needNoRows(state: LogState): void {
    if (state.pending.length > 0) this.#replace(state, [])
  }

  /** What the turn added to runs that have no rows: the append file takes it. */
  appended(): Appended[] {
    const appended: Appended[] = []
    for (const { log, pending, before } of this.#changed) {
      const grown = before?.pending === pending ? before : null
      for (let i = grown ? Math.max(0, grown.runs - 1) : 0; i < pending.length; i++) {
        const { facts, bytes } = pending[i] as Run
        const from = grown?.newest && i === grown.runs - 1 ? grown.newest.sizeBytes : 0
        if (from < bytes.length)
          appended.push({ log: log.id, appendedAt: facts.appendedAt, bytes: bytes.subarray(from) })
      }
    }
    return appended
  }

  /** The turn is stored. */
  endTurn(): void {
    for (const state of this.#changed) {
      state.before = null
      state.storesFacts = false
    }
    this.#changed = []
  }

  /** The turn is undone: facts and runs are those of the last commit. */
  undo(): void {
    for (const state of this.#changed) {
      const { facts, pending, runs, newest } = state.before as LogBefore
      Object.assign(state.log, facts)
      this.#replace(state, [])
      const restored = pending.slice(0, runs)
      for (const run of restored) run.hasRow = false
      if (newest) restored.at(-1)?.undo(newest)
      this.#replace(state, restored)
    }
    this.endTurn()
  }

  /** The log is gone. */
  forget(log: LogFacts): void {
    const state = this.#all.get(log)
    if (!state) return
    this.needNoRows(state)
    this.#changed = this.#changed.filter((other) => other !== state)
    this.#all.delete(log)
  }

  of(log: LogFacts): LogState {
    const known = this.#all.get(log)
    if (known) return known
    const state: LogState = { log, pending: [], before: null, storesFacts: false }
    this.#all.set(log, state)
    return state
  }

  #replace(state: LogState, runs: Run[]): void {
    this.#pendingRuns += runs.length - state.pending.length
    this.#pendingBytes += bytesOf(runs) - bytesOf(state.pending)
    state.pending = runs
    if (runs.length > 0) this.#pending.add(state)
    else this.#pending.delete(state)
  }
}

function bytesOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
