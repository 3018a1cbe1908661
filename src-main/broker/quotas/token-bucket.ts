import type { Millis } from '../../base/clock'

/**
 * What may be done at once, and how fast that comes back (org.apache.kafka.common.metrics.stats.TokenBucket): full at the beginning, and
 * it may be overdrawn once.
 */
export class TokenBucket {
  readonly #perSecond: number
  readonly #most: number
  #tokens: number
  #at: Millis

  constructor(perSecond: number, burstSeconds: number, at: Millis) {
    this.#perSecond = perSecond
    this.#most = perSecond * burstSeconds
    this.#tokens = this.#most
    this.#at = at
  }

  /** For how many ms nothing is left; 0 when something is (ControllerMutationQuotaManager.throttleTimeMs). */
  emptyFor(at: Millis): number {
    this.#tokens = Math.min(this.#most, this.#tokens + ((at - this.#at) * this.#perSecond) / 1000)
    this.#at = at
    return this.#tokens < 0 ? Math.round((-this.#tokens / this.#perSecond) * 1000) : 0
  }

  /** A new bucket would be the same. */
  isFull(at: Millis): boolean {
    this.emptyFor(at)
    return this.#tokens >= this.#most
  }

  take(amount: number, at: Millis): void {
    this.emptyFor(at)
    this.#tokens = Math.min(this.#most, this.#tokens - amount)
  }
}
