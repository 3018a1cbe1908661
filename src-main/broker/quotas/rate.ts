import type { Millis } from '../../base/clock'

/**
 * A rate over a sliding window of samples (org.apache.kafka.common.metrics.stats.Rate): a burst is allowed after a quiet time, and old
 * samples leave the window one by one.
 */
export class Rate {
  readonly #sampleMs: number
  readonly #samples: { readonly from: Millis; sum: number }[] = []
  readonly #kept: number

  constructor(samples: number, sampleMs: number) {
    this.#kept = samples
    this.#sampleMs = sampleMs
  }

  /** Nothing was recorded within the window: a new rate would be the same. */
  isIdle(at: Millis): boolean {
    const last = this.#samples.at(-1)
    return !last || last.from <= at - this.#kept * this.#sampleMs
  }

  /** Returns for how many ms whoever did `amount` must pause so that its rate comes down to `perSecond`; 0 when it need not. */
  record(amount: number, perSecond: number, at: Millis): number {
    const last = this.#samples.at(-1)
    if (last && at < last.from + this.#sampleMs) last.sum += amount
    else this.#samples.push({ from: at, sum: amount })
    const oldest = at - this.#kept * this.#sampleMs
    while (this.#samples[0] && this.#samples[0].from <= oldest) this.#samples.shift()
    const sum = this.#samples.reduce((total, sample) => total + sample.sum, 0)
    // A window that is not full yet counts as if it almost were: a first request is no rate.
    const windowMs = Math.max(at - (this.#samples[0]?.from ?? at), (this.#kept - 1) * this.#sampleMs)
    const rate = (sum * 1000) / windowMs
    return rate > perSecond ? Math.round(((rate - perSecond) / perSecond) * windowMs) : 0
  }
}
