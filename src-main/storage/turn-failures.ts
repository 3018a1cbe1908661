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
  /** Told, and not over yet. */
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
    const wasFailing = this.#failing.delete(purpose)
    // Where rows can be given, requests can be stored.
    const wereRequestsFailing = purpose === 'rows' && this.#failing.delete('requests')
    if (wasFailing || wereRequestsFailing) this.#log.info('The workspace can be written again.')
  }
}
