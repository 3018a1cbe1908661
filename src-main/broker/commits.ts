import type { Workspace } from '../storage'

/** State in memory that runs ahead of the group commit. */
export interface Uncommitted {
  /** What was written in this turn is stored. */
  committed(): void
  /** It is not: go back to what is stored. */
  rolledBack(): void
}

/**
 * Ties state in memory to the turn's group commit (design: Group commit). Who changes memory together with the file says so
 * with `touch`; who answers a client waits for `settled`.
 */
export class Commits {
  readonly #workspace: Workspace
  /**
   * A collection that empties with each turn or request is replaced, here and elsewhere, and not cleared: V8 lets a table that was cleared refer to the
   * next one. Once one of them is old, every table since then stays, with all that its entries refer to, until the whole heap is collected.
   */
  #touched = new Set<Uncommitted>()
  #settled: Promise<void> | undefined
  #tellings: (() => void)[] = []
  /** Counts the changes, so that a request can tell whether it made one. */
  writes = 0

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  /** Call after writing to the workspace in this turn. */
  touch(state: Uncommitted): void {
    this.#touched.add(state)
    this.writes++
    if (this.#settled) return
    this.#settled = this.#workspace.committed().then(
      () => this.#ended(true),
      (failure) => {
        this.#ended(false)
        throw failure
      },
    )
    // Who must know waits for it; the workspace has logged the failure.
    this.#settled.catch(ignored)
  }

  /** `undefined` when this turn wrote nothing; else settles with the group commit, rejecting with its StorageFailure. */
  get settled(): Promise<void> | undefined {
    return this.#settled
  }

  /** Notifies those who look on, of what this turn did: once it is stored, at once when the turn wrote nothing, never when it fails. */
  tell(telling: () => void): void {
    if (this.#settled) this.#tellings.push(telling)
    else telling()
  }

  #ended(stored: boolean): void {
    const touched = this.#touched
    const tellings = this.#tellings
    this.#touched = new Set()
    this.#tellings = []
    this.#settled = undefined
    for (const state of touched) stored ? state.committed() : state.rolledBack()
    if (stored) for (const telling of tellings) telling()
  }
}

const ignored = () => {}
