import type { StorageFailure } from './failures'

/** What a turn is for: what clients and pages ask for, to give all batches rows, or to move the bytes of large ones into their rows. */
export type Purpose = 'requests' | 'rows' | 'bytes'

/** What all writes of one turn of the event loop share. */
export class Turn {
  readonly purpose: Purpose
  /** Resolves when it is stored. */
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: StorageFailure) => void
  /** SQLite's transaction is open. */
  hasBegun = false
  /** Why nothing of the turn can be stored any more. */
  failure: StorageFailure | undefined

  constructor(purpose: Purpose) {
    let resolve = () => {}
    let reject = (_error: StorageFailure) => {}
    this.purpose = purpose
    this.promise = new Promise<void>((yes, no) => {
      resolve = yes
      reject = no
    })
    this.resolve = resolve
    this.reject = reject
    // Who wrote decides whether it must know; a failure nobody waits for is in the log all the same.
    this.promise.catch(() => {})
  }
}
