import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'

/** So long a scan waits for its next page. */
const mostWaitMs = 5 * 60_000

/** A scan that has met its limit and can go on. */
export interface WaitingScan {
  /** Ends it, and tells whoever opened it. */
  close(): void
}

interface Waiting<S> {
  readonly key: string
  readonly scan: S
  readonly ends: readonly (() => void)[]
}

/**
 * A scan that waits for its next page, so that this does not read the log again. It holds keys (in memory and in a file) and what was read
 * ahead, so there is one at a time: another that begins to wait closes it, and so does the time.
 */
export class WaitingScans<S extends WaitingScan> implements Disposable {
  readonly #clock: Clock
  #waiting: Waiting<S> | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * @param key what the next page asks for
   * @param gone calls when the scan is of no use anymore, and returns what ends that
   */
  keep(key: string, scan: S, gone: (close: () => void) => () => void): void {
    this.#close()
    const close = () => {
      if (this.forget(scan)) scan.close()
    }
    this.#waiting = { key, scan, ends: [this.#clock.at(this.#clock.now() + mostWaitMs, close), gone(close)] }
  }

  /** The scan that goes on with this page; it waits no longer. */
  take(key: string): S | undefined {
    const waiting = this.#waiting
    if (waiting?.key !== key) return undefined
    this.forget(waiting.scan)
    return waiting.scan
  }

  /** Whether it was waiting. */
  forget(scan: S): boolean {
    const waiting = this.#waiting
    if (waiting?.scan !== scan) return false
    this.#waiting = undefined
    for (const end of waiting.ends) end()
    return true
  }

  dispose(): void {
    this.#close()
  }

  #close(): void {
    const waiting = this.#waiting
    if (waiting && this.forget(waiting.scan)) waiting.scan.close()
  }
}
