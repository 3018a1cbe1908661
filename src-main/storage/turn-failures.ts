import type { Log } from '../base/log'
import type { StorageFailure } from './failures'
import type { Purpose } from './turn'

/** What follows where it cannot be stored. */
const consequences: Readonly<Record<Purpose, string>> = {
  requests: 'nothing of the last requests is stored',
  rows: 'the newest messages stay in the file -appends beside it',
  bytes: 'large batches stay in the file -batches beside it',
}

/** Tells when the workspace cannot be written, and when it can again: once, however many turns fail. */
export class TurnFailures {
  readonly #log: Log
  /** What was told to fail, and has not succeeded since. */
  readonly #failing = new Set<Purpose>()

  constructor(log: Log) {
    this.#log = log
  }

  failed(purpose: Purpose, { message }: StorageFailure): void {
    if (!this.#failing.has(purpose))
      this.#log.error(`The workspace cannot be written, so ${consequences[purpose]}: ${message}.`)
    this.#failing.add(purpose)
  }

  succeeded(purpose: Purpose): void {
    if (this.#failing.size === 0) return
    // Requests may be stored in the append file where there is no room for rows.
    const wasFailing = this.#failing.delete('requests')
    const wereOthersFailing = this.#failing.delete(purpose)
    if (wasFailing || wereOthersFailing) this.#log.info('The workspace can be written again.')
  }
}
