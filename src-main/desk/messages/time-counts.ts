const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** Widths of a bucket in ms: each is a multiple of the one before, so that counts can be merged, and its edges are round times. */
const roundWidths: readonly number[] = [
  ...[1, 5, 10, 50, 100, 500].map((ms) => ms),
  ...[1, 5, 10, 30].map((seconds) => seconds * second),
  ...[1, 5, 10, 30].map((minutes) => minutes * minute),
  ...[1, 3, 6, 12, 24].map((hours) => hours * hour),
]

/** March 1973 in ms. Earlier times are mostly seconds that were taken for milliseconds. */
export const earliestUsual = 100_000_000_000

/** The least width with which the times from `first` to `last` lie in at most `buckets` buckets. */
export function bucketWidth(first: number, last: number, buckets: number): number {
  let widthMs = 1
  while (Math.floor(last / widthMs) - Math.floor(first / widthMs) + 1 > buckets) widthMs = widerThan(widthMs)
  return widthMs
}

function widerThan(widthMs: number): number {
  return roundWidths.find((one) => one > widthMs) ?? widthMs * 2
}

/** Exact counts over time in at most `buckets` buckets. They become wider as the times lie further apart. */
export class TimeCounts {
  readonly #buckets: number
  #widthMs = 1
  /** Number of the first bucket: its time divided by the width. */
  #first = 0
  #counts: number[] = []

  constructor(buckets: number) {
    this.#buckets = buckets
  }

  get isEmpty(): boolean {
    return this.#counts.length === 0
  }

  get fromAt(): number {
    return this.#first * this.#widthMs
  }

  get bucketMs(): number {
    return this.#widthMs
  }

  get counts(): readonly number[] {
    return this.#counts
  }

  add(at: number): void {
    if (this.isEmpty) this.#first = Math.floor(at / this.#widthMs)
    for (;;) {
      const bucket = Math.floor(at / this.#widthMs)
      const first = Math.min(this.#first, bucket)
      const end = Math.max(this.#first + this.#counts.length, bucket + 1)
      if (end - first <= this.#buckets) {
        if (first < this.#first) {
          this.#counts = [...new Array<number>(this.#first - first).fill(0), ...this.#counts]
          this.#first = first
        }
        while (this.#counts.length < end - first) this.#counts.push(0)
        this.#counts[bucket - first] = (this.#counts[bucket - first] ?? 0) + 1
        return
      }
      this.#widen(widerThan(this.#widthMs))
    }
  }

  #widen(widthMs: number): void {
    const factor = widthMs / this.#widthMs
    const first = Math.floor(this.#first / factor)
    const merged: number[] = []
    for (const [i, count] of this.#counts.entries()) {
      const bucket = Math.floor((this.#first + i) / factor) - first
      merged[bucket] = (merged[bucket] ?? 0) + count
    }
    this.#widthMs = widthMs
    this.#first = first
    this.#counts = merged
  }
}
