import type { Millis } from '../../base/clock'

/**
 * How much of something came lately, in samples (org.apache.kafka.common.metrics.stats.Rate): what a client did before it was slow to
 * begin with counts less and less, and a burst is forgiven when it was quiet before.
 */
export class Rate {
  readonly #sampleMs: number
  readonly #samples: { readonly from: Millis; sum: number }[] = []
  readonly #kept: number

  constructor(samples: number, sampleMs: number) {
    this.#kept = samples
    this.#sampleMs = sampleMs
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
