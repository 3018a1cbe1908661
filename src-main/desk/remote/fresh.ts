import type { Clock } from '../../base/clock'

/** An answer that took long is good for so many times as long: a large cluster is asked less often. */
const patience = 10
/** But no longer than this: what took long may have been a broker that was away. */
const longestMs = 10_000

/** An answer of the cluster that is good for a while: however many ask, the cluster is asked once. */
export class Fresh<T> {
  readonly #clock: Clock
  readonly #maxAgeMs: number
  readonly #ask: () => Promise<T>
  #known: { until: number; isAnswered: boolean; readonly answer: Promise<T> } | undefined

  constructor(clock: Clock, maxAgeMs: number, ask: () => Promise<T>) {
    this.#clock = clock
    this.#maxAgeMs = maxAgeMs
    this.#ask = ask
  }

  /** There is an answer that is still good: whoever asks does not wait. */
  get isHere(): boolean {
    return this.#known?.isAnswered === true && this.#clock.now() < this.#known.until
  }

  get(): Promise<T> {
    const now = this.#clock.now()
    if (this.#known && now < this.#known.until) return this.#known.answer
    const known = { until: now + this.#maxAgeMs, isAnswered: false, answer: this.#ask() }
    this.#known = known
    known.answer.then(
      () => {
        const tookMs = this.#clock.now() - now
        known.isAnswered = true
        known.until = now + tookMs + Math.max(this.#maxAgeMs, Math.min(longestMs, patience * tookMs))
      },
      () => {
        // Whoever waits for it learns why; a failure is not kept.
        if (this.#known === known) this.#known = undefined
      },
    )
    return known.answer
  }

  /** The next question goes to the cluster: something was changed. */
  forget(): void {
    this.#known = undefined
  }
}
