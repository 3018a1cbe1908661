import type { Int64 } from '../../base/int64'
import type { TopicPartition } from '../../base/topic-partition'
import type { TopicAnalysis } from '../../contract/analysis'
import type {
  Decoder,
  EndedRow,
  Histogram,
  MessageRow,
  SearchProgress,
  TransactionState,
} from '../../contract/messages'
import type { LogTime } from '../../contract/reset'
import type { Condition, Follow } from '../../contract/search'
import type { Codec } from '../../records/batch'
import type { NewRecord } from '../../records/encode'

export type ExportFormat = 'jsonl' | 'csv'

/** How keys and values of a topic are decoded. */
export interface TopicDecoders {
  readonly key: Decoder
  readonly value: Decoder
}

/** Offsets [from, before) of one partition, as a scan reads them. */
export interface ScanRange extends TopicPartition {
  readonly from: number
  readonly before: number
  /** Offsets in between that the page has already: an earlier scan gave them. */
  readonly seen: readonly number[]
  /** Only these offsets, ascending; absent: all. Of scans that read forward. */
  readonly only?: readonly number[]
  /** Of a scan of the latest values: records from this offset on were given before, and only tell which keys are newer. */
  readonly givenFrom?: number
  readonly decoders: TopicDecoders
}

/** Which records a scan gives, and how. */
export interface ScanPlan {
  readonly ranges: readonly ScanRange[]
  /** From the newest to the oldest. */
  readonly backward: boolean
  /** Goes on with what is written to these partitions, until it is stopped. */
  readonly live: boolean
  /** Of a live scan that goes on where another one stopped: rows that were given with an open transaction. */
  readonly openRows?: readonly MessageRow[]
  readonly limit: number
  /** Text to find in key, value or headers; empty finds everything. */
  readonly find: string
  /** A JavaScript expression or function body; empty lets everything pass. */
  readonly script: string
  /** All of them hold; absent: there are none. */
  readonly conditions?: readonly Condition[]
  /** An id to follow; absent finds everything. */
  readonly follow?: Follow | null
  /** Only the newest record of each key, and no tombstones; of scans that read backward. */
  readonly latest?: boolean
  /** A scan of rows that has met its limit and found more waits for `more`, in place of `done`. */
  readonly waitsForMore?: boolean
  /** A topic is analysed: sums come in place of records. */
  readonly analysis?: boolean
  /** Further columns of the rows: `value.customer.id`, `headers.trace`. */
  readonly columns?: readonly string[]
  /** Only records with a time from `fromAt` until before `untilAt` (ms); -1: no bound. */
  readonly fromAt: number
  readonly untilAt: number
  /** Records come as lines of a file of this format, or byte for byte; `null`: as rows of a table. */
  readonly format: ExportFormat | 'records' | null
  /** Only what a `read_committed` consumer sees. */
  readonly committed: boolean
  /** Records are counted over time in at most so many buckets, and not given; `null`: they are given. */
  readonly buckets: number | null
}

/** A record byte for byte. */
export interface ScannedRecord extends TopicPartition {
  readonly offset: number
  readonly timestamp: Int64
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[]
}

export type ScanReply =
  /** Of a live scan: transactions that ended after their rows were given. */
  | { readonly kind: 'ended'; readonly rows: readonly EndedRow[] }
  | { readonly kind: 'rows'; readonly rows: readonly MessageRow[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'records'; readonly records: readonly ScannedRecord[] }
  | { readonly kind: 'progress'; readonly progress: SearchProgress }
  | { readonly kind: 'histogram'; readonly histogram: Histogram }
  | { readonly kind: 'analysis'; readonly analysis: TopicAnalysis }
  | { readonly kind: 'done' }
  /** `isCondition`: one of the conditions of the plan makes no sense. */
  | { readonly kind: 'failed'; readonly message: string; readonly isCondition?: true }

export interface Scan {
  /** The page has taken one reply with rows or text. A scan that is some replies ahead waits for this. */
  taken(): void
  /** Goes on behind the limit, with as many more: of a scan that waits for it. */
  more(): void
  /** Partitions that a live scan follows from now on. */
  add(ranges: readonly ScanRange[]): void
  stop(): void
}

/** A whole batch as the producer sent it, and what became of the transaction that wrote it. */
export interface ReadBatch {
  readonly bytes: Uint8Array
  /** `null`: it was not written in a transaction. */
  readonly transaction: TransactionState | null
}

/** Offsets, both ends included. */
export interface OffsetRange {
  readonly first: number
  readonly last: number
}

/** What lies between an offset and the end of its log. */
export interface Behind {
  /** Records, without control records; where only offsets are known, the offsets. */
  readonly records: number
  /** Time of the first of them; `null` when there is none or it has no time. */
  readonly oldestAt: number | null
  /** The offset is larger than the log end. */
  readonly isBeyond: boolean
}

export interface PlacedRecord {
  readonly partition: number
  readonly record: NewRecord
}

export interface AppendOutcome {
  readonly written: number
  /** Where the first record is; `null` when none was written. */
  readonly first: { readonly partition: number; readonly offset: number } | null
  /** Which record was rejected, and why in a sentence without a period. */
  readonly refused: { readonly index: number; readonly why: string } | null
}

/** Offsets [from, before) of one partition. */
export interface CountRange extends TopicPartition {
  readonly from: number
  readonly before: number
}

/** What is counted over time, in at most so many buckets. */
export interface OverTimePlan {
  readonly places: readonly TopicPartition[]
  readonly committed: boolean
  readonly buckets: number
}

/** Counts the same partitions again and again, and remembers what cannot change. */
export interface OverTime {
  count(): Promise<Histogram>
}

export interface RecordSource {
  /** A page is open, or a search begins: what is asked first need not wait for a thread or a connection to start. */
  prepare(): void
  /** Reads until the plan is met, `stop` is called or the source fails; replies come in order. */
  scan(plan: ScanPlan, listener: (reply: ScanReply) => void): Scan
  /** The first whole batch with a record at `offset` or later; `null` at the end of the log. Control batches are given too. */
  read(place: TopicPartition, offset: number): Promise<ReadBatch | null>
  /** The first offset of each partition with a record of time `at` or later; the log end where there is none. */
  offsetsAt(places: readonly TopicPartition[], at: number): Promise<readonly number[]>
  /** Where a cluster tells offsets by time: counts that read no records. Without it they are scanned. */
  overTime?(plan: OverTimePlan): OverTime
  /** Records of each range, without control records; where only offsets are known, the offsets. In bulk. */
  count(ranges: readonly CountRange[]): Promise<readonly number[]>
  /**
   * For each place what lies behind its offset, in bulk, without what is finished there already; `null` where there is no such partition.
   */
  behind(
    places: readonly (TopicPartition & {
      readonly offset: number
      readonly finished?: readonly OffsetRange[]
      readonly lag?: number
    })[],
  ): Promise<readonly (Behind | null)[]>
  /** The times of `steps` + 1 records of a partition, evenly spaced from its first to its last. */
  times(place: TopicPartition, steps: number): Promise<readonly LogTime[]>
  /**
   * Writes records in their order within each partition. The embedded broker writes all or none; a cluster may have written some
   * before it rejects one: `written` tells.
   */
  append(topic: string, records: readonly PlacedRecord[], codec: Codec): Promise<AppendOutcome>
}
