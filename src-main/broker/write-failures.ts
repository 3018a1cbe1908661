import type { Clock, Millis } from '../base/clock'
import { Emitter, type Listen } from '../base/emitter'
import { StorageFailure, type Workspace } from '../storage'

/** The workspace cannot be written. */
export interface WriteFailure {
  /** When the first write failed. */
  readonly since: Millis
  /** Reason of the newest one: `the disk is full`. */
  readonly why: string
}

/** So long after the last failure the broker tries a write of its own. */
export const tryAfterMs = 5000

const trialKind = 'trial'

/**
 * Tells whether the workspace can be written. It cannot from the first write that fails until one of the broker's own succeeds, some time after
 * the last failure: the writes of clients differ in size, so that one may be stored between others that are not, and a client may be
 * waiting, or stopped, when there is room again.
 */
export class WriteFailures {
  readonly changed: Listen<void>
  readonly #changes: Emitter<void>
  readonly #workspace: Pick<Workspace, 'documents' | 'write' | 'committed'>
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  #current: WriteFailure | null = null
  #failedAt: Millis = 0
  #cancel: (() => void) | undefined
  #isDisposed = false

  constructor(
    workspace: Pick<Workspace, 'documents' | 'write' | 'committed'>,
    clock: Clock,
    onError: (error: unknown) => void,
  ) {
    this.#workspace = workspace
    this.#clock = clock
    this.#onError = onError
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
  }

  /** `null` while it can be written. */
  get current(): WriteFailure | null {
    return this.#current
  }

  /** What a client, a page or the broker wrote is not stored. */
  failed({ message }: StorageFailure): void {
    const now = this.#clock.now()
    this.#failedAt = now
    if (this.#isDisposed) return
    this.#cancel ??= this.#clock.at(now + tryAfterMs, () => this.#look())
    if (this.#current?.why === message) return
    this.#current = { since: this.#current?.since ?? now, why: message }
    this.#changes.emit()
  }

  dispose(): void {
    this.#isDisposed = true
    this.#cancel?.()
  }

  #look(): void {
    this.#cancel = undefined
    const now = this.#clock.now()
    // A clock that was set back leaves the last failure in the future.
    const quietMs = now - this.#failedAt
    if (quietMs >= 0 && quietMs < tryAfterMs) {
      this.#cancel = this.#clock.at(this.#failedAt + tryAfterMs, () => this.#look())
      return
    }
    this.#write().then(
      () => this.#succeeded(),
      (error: unknown) => {
        if (error instanceof StorageFailure) this.failed(error)
        else this.#onError(error)
      },
    )
  }

  /** Writes to the file and leaves nothing in it. @throws StorageFailure */
  async #write(): Promise<void> {
    const { documents } = this.#workspace
    this.#workspace.write(() => {
      documents.set(trialKind, trialKind, '""')
      documents.set(trialKind, trialKind, null)
    })
    await this.#workspace.committed()
  }

  #succeeded(): void {
    // A client's write may have failed meanwhile: then the next look is under way.
    if (this.#cancel !== undefined || this.#current === null) return
    this.#current = null
    this.#changes.emit()
  }
}
