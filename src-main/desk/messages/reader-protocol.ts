import type { Decoder, Histogram, MessageRow, SearchProgress } from '../../contract/messages'
import type { LogTime } from '../../contract/reset'
import type { ExportFormat } from './export-lines'

/** Which records a search looks at, as the reader thread needs it: positions are decided before. */
export interface SearchPlan {
  readonly ranges: readonly SearchRange[]
  /** From the newest to the oldest: a page of the newest messages comes first. */
  readonly backward: boolean
  /** Goes on when records are added, until it is stopped. */
  readonly live: boolean
  readonly limit: number
  /** Text to find in key, value or headers; empty finds everything. */
  readonly find: string
  /** A JavaScript expression or function body; empty lets everything pass. */
  readonly script: string
  /** Records after this time (ms) are left out; -1: none are. */
  readonly untilAt: number
  readonly fromAt: number
  /** What is found comes as lines of such a file; `null`: as rows of a table. */
  readonly format: ExportFormat | null
  /** Records of aborted transactions are left out. */
  readonly committed: boolean
}

export interface SearchRange {
  readonly topic: string
  readonly topicRow: number
  readonly partition: number
  readonly from: number
  readonly before: number
  /** Offsets in between that the page has: a search before this one gave them. */
  readonly seen: readonly number[]
  /** Open transactions: [producer id, first offset]. */
  readonly open: readonly (readonly [string, number])[]
  /** Offsets of aborted transactions: [producer id, first, last]. */
  readonly aborted: readonly (readonly [string, number, number])[]
  readonly decoders: TopicDecoders
}

export interface TopicDecoders {
  readonly key: Decoder
  readonly value: Decoder
}

/** To the thread. */
export type ReaderRequest =
  | { readonly kind: 'search'; readonly id: number; readonly plan: SearchPlan }
  /** The logs of a live search have grown: `ends` by `topic:partition`. */
  | { readonly kind: 'grown'; readonly id: number; readonly ends: Readonly<Record<string, number>> }
  /** The page has drawn some rows that it got. */
  | { readonly kind: 'taken'; readonly id: number }
  | { readonly kind: 'stop'; readonly id: number }
  | {
      readonly kind: 'histogram'
      readonly id: number
      readonly topicRows: readonly number[]
      /** `null` for all. */
      readonly partitions: readonly number[] | null
      readonly buckets: number
    }
  /** The times of `steps` + 1 records of a partition, evenly spaced from its first to its last. */
  | {
      readonly kind: 'times'
      readonly id: number
      readonly topicRow: number
      readonly partition: number
      readonly steps: number
    }

/** From the thread. */
export type ReaderReply =
  | { readonly kind: 'rows'; readonly id: number; readonly rows: readonly MessageRow[] }
  | { readonly kind: 'text'; readonly id: number; readonly text: string }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: SearchProgress }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'histogram'; readonly id: number; readonly histogram: Histogram }
  | { readonly kind: 'times'; readonly id: number; readonly times: readonly LogTime[] }
