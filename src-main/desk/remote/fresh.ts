import type { Clock } from '../../base/clock'

/** An answer of the cluster that is good for a while: however many ask, the cluster is asked once. */
export class Fresh<T> {
  readonly #clock: Clock
  readonly #maxAgeMs: number
  readonly #ask: () => Promise<T>
  #known: { readonly at: number; readonly answer: Promise<T> } | undefined

  constructor(clock: Clock, maxAgeMs: number, ask: () => Promise<T>) {
    this.#clock = clock
    this.#maxAgeMs = maxAgeMs
    this.#ask = ask
  }

  get(): Promise<T> {
    const now = this.#clock.now()
    if (this.#known && now - this.#known.at < this.#maxAgeMs) return this.#known.answer
    const known = { at: now, answer: this.#ask() }
    this.#known = known
    // Whoever waits for it learns why; a failure is not kept.
    known.answer.catch(() => {
      if (this.#known === known) this.#known = undefined
    })
    return known.answer
  }

  /** The next question goes to the cluster: something was changed. */
  forget(): void {
    this.#known = undefined
  }
}
