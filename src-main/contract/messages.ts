/** A key or a value as decoded. `text` is cut in tables; `problem` says why a decoder that was asked for could not read it. */
export type Cell =
  | { readonly kind: 'null' }
  | {
      readonly kind: 'json' | 'text' | 'binary' | 'number' | 'uuid' | 'avro' | 'protobuf' | 'msgpack' | 'cbor' | 'kafka'
      readonly text: string
      readonly sizeBytes: number
      readonly cut: boolean
      readonly problem?: string
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
  /** Written by a transaction that was aborted: read_committed consumers never see it. */
  readonly aborted: boolean
}

export interface SearchProgress {
  readonly scanned: number
  readonly matched: number
  readonly bytes: number
  readonly elapsedMs: number
  readonly done: boolean
  /** Why it ended, or what it waits for. */
  readonly note: string | null
}

export type SearchItem =
  | { readonly kind: 'rows'; readonly rows: readonly MessageRow[] }
  | { readonly kind: 'progress'; readonly progress: SearchProgress }

export interface HeaderLine {
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
    readonly sizeBytes: number
    readonly unpackedBytes: number
    readonly crc: number
    readonly producerId: string
    readonly producerEpoch: number
    readonly baseSequence: number
    readonly transactional: boolean
    readonly leaderEpoch: number
  }
  readonly consumedBy: readonly {
    readonly groupId: string
    readonly committed: number | null
    readonly state: 'committed' | 'delivered' | 'not reached'
  }[]
}

export interface Histogram {
  readonly fromAt: number
  readonly bucketMs: number
  /** Records per bucket. */
  readonly counts: readonly number[]
}
