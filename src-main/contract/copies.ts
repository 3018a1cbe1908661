import { type Checked, list, oneOf, orNull, record, text, whole } from './check'

/** A slice of topics that is copied to a broker on this machine. */
export const copyOrder = record({
  topics: list(text(249), 100),
  /** The name of the copy of one topic; `null`: its own. */
  as: orNull(text(249)),
  part: oneOf('all', 'last', 'since'),
  /** Messages of each topic, or a time in ms; `null` for all. */
  value: orNull(whole()),
  /** Text to find in key, value or headers; empty: all messages. */
  filter: text(1000),
  /** Paths of JSON fields that are masked: `$.customer.email`. */
  masks: list(text(500), 100),
  groups: list(text(1000), 1000),
  /** Addresses of the schema registries to read and to write; `null`: no schemas. */
  registries: orNull(record({ from: text(2000), to: text(2000) })),
  bytesPerSecond: orNull(whole(1)),
  /** `localhost:9092` */
  to: text(300),
})
export type CopyInput = Checked<typeof copyOrder>

/** What a copy would write. */
export interface CopyPreview {
  readonly topics: readonly {
    readonly topic: string
    readonly target: string
    readonly partitions: number
    /** Messages are added behind those of a topic that is there. */
    readonly isThere: boolean
    /** At most as many messages. */
    readonly offsets: number
    /** Estimated; `null`: the cluster does not tell. */
    readonly bytes: number | null
  }[]
  readonly schemas: number
  readonly warnings: readonly string[]
}

export interface CopyLine {
  readonly id: string
  readonly topics: readonly string[]
  readonly to: string
  readonly startedAt: number
  readonly state: 'running' | 'stopped' | 'failed' | 'done'
  readonly offsets: number
  readonly offsetsDone: number
  readonly messages: number
  readonly bytes: number
  /** Messages that the filter left out, and those that could not be masked. */
  readonly filtered: number
  readonly unmasked: number
  readonly schemas: number
  readonly groups: readonly string[]
  /** What was left out or changed, in sentences. */
  readonly warnings: readonly string[]
  readonly problem: string | null
}

export interface CopiesView {
  /** The broker that is written to unless another is named. */
  readonly target: string
  /** The newest first. */
  readonly copies: readonly CopyLine[]
}
