import type { Cell } from './messages'

/** Sizes of keys or values in bytes; null ones are not among them. */
export interface Sizes {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  /** At most this many bytes have half of them, and 99 of 100; rounded up to a power of two. */
  readonly p50: number
  readonly p99: number
}

export interface TopicAnalysis {
  readonly records: number
  readonly bytes: number
  readonly nullKeys: number
  readonly tombstones: number
  readonly withHeaders: number
  /** Distinct keys; when there are more than `keyLimit` only the first ones that were met are told apart. */
  readonly keys: number
  readonly keyLimit: number
  /** The keys with the most records. */
  readonly top: readonly { readonly key: Cell; readonly records: number }[]
  readonly keySizes: Sizes
  readonly valueSizes: Sizes
  readonly partitions: readonly { readonly partition: number; readonly records: number; readonly bytes: number }[]
  /** ms; -1: no record has a time. */
  readonly firstAt: number
  readonly lastAt: number
  /** How much is read, 0 to 1. */
  readonly share: number
  readonly elapsedMs: number
  readonly done: boolean
}
