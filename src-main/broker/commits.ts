import type { StorageFailure, Workspace } from '../storage'

/** State in memory that runs ahead of the group commit. */
export interface Uncommitted {
  /** What was written in this turn is stored. */
  committed(): void
  /** It is not: go back to what is stored. */
  rolledBack(): void
}

/** One turn that wrote something. */
interface Turn {
  /** The workspace's own promise for it. */
  readonly committed: Promise<void>
  readonly settled: Promise<void>
  /**
   * A collection that empties with each turn or request is replaced, here and elsewhere, and not cleared: V8 lets a table that was cleared refer to the
   * next one. Once one of them is old, every table since then stays, with all that its entries refer to, until the whole heap is collected.
   */
  readonly touched: Set<Uncommitted>
  readonly notifications: (() => void)[]
}

/**
 * Ties state in memory to the turn's group commit (design: Group commit). Who changes memory together with the file says so
 * with `touch`; who answers a client waits for `settled`.
 */
export class Commits {
  readonly #workspace: Pick<Workspace, 'committed'>
  readonly #failed: (failure: StorageFailure) => void
  #turn: Turn | undefined
  /** Counts the changes, so that a request can tell whether it made one. */
  writes = 0

  /** @param failed called with the failure of each turn that is not stored */
  constructor(workspace: Pick<Workspace, 'committed'>, failed: (failure: StorageFailure) => void = ignored) {
    this.#workspace = workspace
    this.#failed = failed
  }

  /** Call after writing to the workspace in this turn. */
  touch(state: Uncommitted): void {
    this.writes++
    // The workspace may have ended a turn early, and begun the next one before this was notified.
    const committed = this.#workspace.committed()
    if (this.#turn?.committed !== committed) this.#turn = this.#begin(committed)
    this.#turn.touched.add(state)
  }

  /** `undefined` when this turn wrote nothing; else settles with the group commit, rejecting with its StorageFailure. */
  get settled(): Promise<void> | undefined {
    return this.#turn?.settled
  }

  /** Calls `notify` when what this turn wrote is stored: at once when it wrote nothing, never when it fails. */
  whenStored(notify: () => void): void {
    if (this.#turn) this.#turn.notifications.push(notify)
    else notify()
  }

  #begin(committed: Promise<void>): Turn {
    const settled = committed.then(
      () => this.#end(turn, true),
      (failure) => {
        this.#end(turn, false)
        this.#failed(failure)
        throw failure
      },
    )
    const turn: Turn = { committed, settled, touched: new Set(), notifications: [] }
    // Who must know waits for it; the workspace has logged the failure.
    settled.catch(ignored)
    return turn
  }

  #end(turn: Turn, stored: boolean): void {
    if (this.#turn === turn) this.#turn = undefined
    for (const state of turn.touched) stored ? state.committed() : state.rolledBack()
    if (stored) for (const notify of turn.notifications) notify()
  }
}

const ignored = () => {}
