/** Ways to read the bytes of a key or a value; `auto` looks at them. */
export const formats = [
  'auto',
  'json',
  'text',
  'integer',
  'uuid',
  'hex',
  'base64',
  'msgpack',
  'cbor',
  'avro',
  'protobuf',
  'offsets',
] as const
export type Format = (typeof formats)[number]

/** How keys or values of a topic are read. Avro and Protobuf take a schema (`.avsc`, `.proto`); Protobuf also does without one. */
export interface Decoder {
  readonly format: Format
  readonly schema: string | null
  /** The message of a Protobuf schema; `null` for its first. */
  readonly type: string | null
}

/**
 * A key or a value as decoded. `text` is cut in tables; of everything between `json` and `offsets` it is JSON. `problem` says why the
 * decoder that was asked for could not read it: then it is shown as `auto` would.
 */
export type Cell =
  | { readonly kind: 'null' }
  | {
      readonly kind: Exclude<Format, 'auto' | 'hex'> | 'binary'
      readonly text: string
      readonly sizeBytes: number
      readonly cut: boolean
      readonly problem?: string
      /** The problem: the registry does not have the schema that it names. */
      readonly isUnknownSchema?: true
      /** The schema of the registry that it names, and was read with. */
      readonly schema?: CellSchema
    }

export interface CellSchema {
  readonly id: number
  readonly subject: string
  readonly version: number
}

export type TransactionState = 'open' | 'committed' | 'aborted'

/** Offsets from `first` to `last` that hold no record to show: markers, records of aborted transactions; the rest was compacted away. */
export interface OffsetGap {
  readonly first: number
  readonly last: number
  readonly markers: number
  readonly aborted: number
}

export interface MessageRow {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** ms; -1 for none. */
  readonly timestamp: number
  readonly key: Cell
  readonly value: Cell
  readonly headers: number
  readonly sizeBytes: number
  /** Of the transaction that wrote it; `null` when none did. read_committed consumers see only what is committed. */
  readonly transaction: TransactionState | null
  /** Offsets between this row and the one that the search gave before it of this partition. */
  readonly gap?: OffsetGap
  /** Values of the columns that were asked for, in their order; `null`: the message has none. */
  readonly columns?: readonly (string | null)[]
}

/**
 * A key or a value byte for byte, as a page sends it and as a file of JSON Lines holds it: text where the bytes are UTF-8 that people
 * read, else the bytes. `null` is null; empty text is no bytes.
 */
export type Payload = string | { readonly base64: string } | null

/** All that a producer decides of a message. */
export interface ExactMessage {
  readonly key: Payload
  readonly value: Payload
  /** In order; keys may repeat. */
  readonly headers: readonly { readonly key: string; readonly value: Payload }[]
}

/** Of several messages in one request either all are written or, when one is refused, none. */
export interface ImportOutcome {
  readonly written: number
  /** Which one (its place in the request), and why in a sentence. */
  readonly refused: { readonly index: number; readonly why: string } | null
}

/** How far a search has come in each partition: one that begins `after` it gives what comes next, nothing twice and nothing left out. */
export type SearchPosition = readonly {
  readonly topic: string
  readonly partition: number
  /** The next offset to look at; backward, the one behind it. */
  readonly offset: number
  /** Offsets beyond it that were given already: where times are out of order. */
  readonly seen: readonly number[]
}[]

export interface SearchProgress {
  readonly scanned: number
  readonly matched: number
  readonly bytes: number
  readonly elapsedMs: number
  /** How much of the offsets is behind it, 0 to 1. */
  readonly share: number
  /** Records that could not be looked at, because the filter failed on them or their batch is damaged: how many, and why the first. */
  readonly failed: { readonly records: number; readonly first: string } | null
  readonly done: boolean
  /** Why it ended, or what it waits for. */
  readonly note: string | null
  /** Where to go on, when the search ended at its limit and there may be more. */
  readonly next?: SearchPosition
}

/** A row that was given with an open transaction, and what has become of that. */
export interface EndedRow {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly transaction: TransactionState
}

/** What has come to some partitions since the feed was opened. */
export interface Arrived {
  readonly records: number
  /** Records that were there are gone: deleted, expired, or the topic was deleted or created again. */
  readonly isCut: boolean
}

/** What a `read_committed` consumer does not get yet, because a transaction before it is open. */
export interface HeldBack {
  readonly records: number
  /** The open transactions, the oldest first. */
  readonly by: readonly { readonly transactionalId: string; readonly since: number }[]
}

export type SearchItem =
  | { readonly kind: 'held'; readonly held: HeldBack }
  | { readonly kind: 'ended'; readonly rows: readonly EndedRow[] }
  | { readonly kind: 'rows'; readonly rows: readonly MessageRow[] }
  | { readonly kind: 'progress'; readonly progress: SearchProgress }
  /** A condition makes no sense, such as an invalid regular expression: why. Nothing else comes. */
  | { readonly kind: 'refused'; readonly problem: string }

/** Text of a file, in pieces, as it is written. */
export type ExportItem =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'progress'; readonly progress: SearchProgress }

interface HeaderLine {
  readonly key: string
  readonly value: Cell
}

export interface MessageDetail {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly timestampType: string
  readonly key: Cell
  readonly value: Cell
  readonly keyHex: string | null
  readonly valueHex: string | null
  readonly headers: readonly HeaderLine[]
  readonly batch: {
    readonly baseOffset: number
    readonly lastOffset: number
    readonly records: number
    readonly codec: string
    /** The batch as it is stored, its header included. */
    readonly sizeBytes: number
    /** Size of the records before compression, as a multiple of their size after it; `null` for a batch without a codec. */
    readonly compressionRatio: number | null
    readonly crc: number
    readonly producerId: string
    readonly producerEpoch: number
    readonly baseSequence: number
    readonly transactional: boolean
    readonly leaderEpoch: number
  }
  /** `id` is the transactional id, as long as the broker knows the producer. */
  readonly transaction: { readonly state: TransactionState; readonly id: string | null } | null
  /** The next record, and what lies between when its offset is not the next one; `null` at the end of the log. */
  readonly next: { readonly offset: number; readonly gap: string | null } | null
  readonly consumedBy: readonly GroupReach[]
  /** Connected clients that wrote it; `null`: this cluster does not tell. */
  readonly writtenBy: WrittenBy | null
}

/** Whether a group has got a message. */
export interface GroupReach {
  readonly groupId: string
  readonly isShare: boolean
  /** The committed offset, or the start offset of a share group. */
  readonly committed: number | null
  /**
   * `ambiguous`: one of several connections with the same client id and host got it, and a Fetch does not say for which group.
   * Of share groups: `acquired` (a member holds it), `acknowledged`, `archived`, `released` (it waits to be delivered again), and
   * `finished`: it lies before the start offset, and whether it was acknowledged or archived is no longer known.
   */
  readonly state:
    | 'committed'
    | 'delivered'
    | 'ambiguous'
    | 'not reached'
    | 'acquired'
    | 'acknowledged'
    | 'archived'
    | 'released'
    | 'finished'
  /** The member that the partition is assigned to now, or that holds the message, or that ended its last delivery. */
  readonly member: { readonly memberId: string; readonly clientId: string } | null
  /** When it was delivered; `null` when that is not known. */
  readonly deliveredAt: number | null
  /** How often a share group handed it out; `null` when that is not known, and of other groups. */
  readonly deliveries: number | null
  /** Why a share group archived it; `null` when that is not known. */
  readonly archivedAs: 'rejected' | 'exhausted' | 'unreadable' | null
}

export interface WrittenBy {
  /** Clients that use the producer id of the batch; else all that have written to the topic. */
  readonly isExact: boolean
  readonly clients: readonly { readonly connectionId: number; readonly clientId: string }[]
}

/** What a search would list, over time. */
export interface Histogram {
  /** -1: no record has a time. */
  readonly fromAt: number
  readonly bucketMs: number
  /** Records per bucket. */
  readonly counts: readonly number[]
  /** Records with a time before March 1973, which are left out: mostly seconds that a producer took for milliseconds. */
  readonly early: number
  /** How much of the offsets is counted, 0 to 1. */
  readonly share: number
  /** Offsets: about as many records, for there are gaps and records out of order. */
  readonly unit: 'records' | 'offsets'
}
