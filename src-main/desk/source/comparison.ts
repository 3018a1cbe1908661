import type { ComparisonItem } from '../../contract/comparison'

/** Compares what these pages show and clusters elsewhere. */
export interface ComparisonSource {
  /**
   * Gives what it finds until both sides are compared, or `signal` ends it. Nothing is written to either side.
   *
   * @param a the id of a stored connection; null: what these pages show
   */
  compare(a: string | null, b: string | null, give: (item: ComparisonItem) => void, signal: AbortSignal): Promise<void>
}
