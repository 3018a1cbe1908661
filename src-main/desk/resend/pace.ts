import type { Clock } from '../../base/clock'

/** Without a limit this many are sent at once. */
const portion = 500
/** A limit is kept in portions of this long. */
const portionMs = 100

/** At most so many per second: a token bucket that holds a tenth of a second, so that a pause is not made up for. */
export class Pace {
  readonly #clock: Pick<Clock, 'now'>
  readonly #perSecond: number | null
  readonly #capacity: number
  #tokens: number
  #at: number

  /** @param perSecond `null`: no limit */
  constructor(clock: Pick<Clock, 'now'>, perSecond: number | null) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#capacity = perSecond === null ? portion : Math.max(1, Math.floor((perSecond * portionMs) / 1000))
    this.#tokens = this.#capacity
    this.#at = clock.now()
  }

  /** How many may be sent now; they are taken. */
  take(most: number): number {
    if (this.#perSecond === null) return Math.min(portion, most)
    this.#refill(this.#perSecond)
    const taken = Math.min(most, Math.floor(this.#tokens))
    this.#tokens -= taken
    return taken
  }

  /** The instant at which a whole portion may be sent. */
  get nextAt(): number {
    if (this.#perSecond === null) return this.#clock.now()
    return this.#at + Math.ceil(((this.#capacity - this.#tokens) / this.#perSecond) * 1000)
  }

  #refill(perSecond: number): void {
    const now = this.#clock.now()
    // Rounded, so that a thousand small steps add up to what one large step gives.
    const tokens = Math.round((this.#tokens + ((now - this.#at) * perSecond) / 1000) * 1e6) / 1e6
    this.#tokens = Math.min(this.#capacity, tokens)
    this.#at = now
  }
}
