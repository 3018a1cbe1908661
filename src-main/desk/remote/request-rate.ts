import type { Clock, Millis } from '../../base/clock'

const minuteMs = 60_000
/** Spans of one second. */
const spanMs = 1000

/** How many requests a cluster was sent in the last minute. */
export class RequestRate {
  readonly #clock: Pick<Clock, 'now'>
  /** The newest last. */
  #spans: { readonly at: Millis; count: number }[] = []

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  note(): void {
    const at = Math.floor(this.#clock.now() / spanMs) * spanMs
    const last = this.#spans.at(-1)
    if (last?.at === at) last.count++
    else this.#spans = [...this.#recent(), { at, count: 1 }]
  }

  get perMinute(): number {
    return this.#recent().reduce((sum, { count }) => sum + count, 0)
  }

  #recent(): { readonly at: Millis; count: number }[] {
    const since = this.#clock.now() - minuteMs
    return this.#spans.filter(({ at }) => at > since)
  }
}
