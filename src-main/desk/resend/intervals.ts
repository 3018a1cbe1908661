/** More runs of offsets than this are not remembered: the oldest are forgotten. */
const mostRuns = 5000

/** Offsets of one partition as runs: what a resend has sent. They are noted in ascending order. */
export class Intervals {
  /** First offset and the one behind the last, run after run. */
  readonly #bounds: number[]

  constructor(bounds: readonly number[] = []) {
    this.#bounds = [...bounds]
  }

  get bounds(): readonly number[] {
    return this.#bounds
  }

  note(offset: number): void {
    const bounds = this.#bounds
    if (bounds.at(-1) === offset) bounds[bounds.length - 1] = offset + 1
    else bounds.push(offset, offset + 1)
    if (bounds.length > 2 * mostRuns) bounds.splice(0, 2)
  }

  has(offset: number): boolean {
    let [low, high] = [0, this.#bounds.length / 2]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#bounds[2 * middle + 1] as number) <= offset) low = middle + 1
      else high = middle
    }
    const first = this.#bounds[2 * low]
    return first !== undefined && first <= offset
  }
}
