import type { Millis } from '../base/clock'

/** Requests that are captured at once after a quiet time: as many as a page keeps. */
const burst = 4000
/** And for long: nobody reads more, and the broker has other work. */
const perMs = 2
/** Above that, requests that should not be missed: errors, and those of connections that send little. */
const reserve = 1000
/** A connection sends little when it has no more than this in a window. */
const fewPerWindow = 20
const windowMs = 100

/**
 * Decides which requests are captured for the wire page: all of them up to a rate, and a part of a flood. A client that sends little is
 * captured whole beside a flood of another.
 */
export class CaptureBudget {
  #ofConnection = new Map<number, number>()
  #left = burst
  #filledAt: Millis = 0
  #windowAt: Millis = 0
  #skipped = 0

  /** Requests that were left out so far. */
  get skipped(): number {
    return this.#skipped
  }

  /** @param isError its answer has an error; it was left out when it came */
  takes(connectionId: number, at: Millis, isError = false): boolean {
    this.#fill(at)
    const own = this.#ofConnection.get(connectionId) ?? 0
    const isTaken = this.#left >= 1 || ((isError || own < fewPerWindow) && this.#left > -reserve)
    if (isError && isTaken) this.#skipped--
    if (!isError && !isTaken) this.#skipped++
    if (!isTaken) return false
    this.#left--
    this.#ofConnection.set(connectionId, own + 1)
    return true
  }

  #fill(at: Millis): void {
    if (at === this.#filledAt) return
    // A clock that was set back fills nothing.
    this.#left = Math.min(burst, this.#left + Math.max(0, at - this.#filledAt) * perMs)
    this.#filledAt = at
    if (Math.abs(at - this.#windowAt) < windowMs) return
    this.#windowAt = at
    this.#ofConnection = new Map()
  }
}
