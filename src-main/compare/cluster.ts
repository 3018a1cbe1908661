import type { TopicPartition } from '../base/topic-partition'

/** Notes in a sentence what a cluster does not tell. */
export type Untold = (why: string) => void

/** One side of a comparison. Each question rejects with a UserError when the cluster does not answer it at all. */
export interface ComparedCluster {
  /** Connects. Answers with the cluster's id; null: it has none. */
  reach(): Promise<string | null>
  /** By name, without those that brokers keep for themselves. */
  topics(untold: Untold): Promise<ReadonlyMap<string, TopicState>>
  groups(untold: Untold): Promise<ReadonlyMap<string, GroupState>>
  /** Null: its registry is not known. */
  subjects(): Promise<ReadonlyMap<string, SubjectState> | null>
}

export interface TopicState {
  readonly partitions: number
  /** Values by name, without secrets; null: they cannot be read. */
  readonly configs: ReadonlyMap<string, ConfigState> | null
}

interface ConfigState {
  readonly value: string | null
  /** The topic has a value of its own, and not that of its broker. */
  readonly isOwn: boolean
}

export interface GroupState {
  /** `classic`, `consumer`, `share`, `streams`; empty: not told, by brokers before Kafka 3.8. */
  readonly type: string
  /** Null: not told. */
  readonly state: string | null
  readonly members: number | null
  /** Committed offsets, or the start offsets of a share group; null: they cannot be read. */
  readonly offsets: readonly OffsetState[] | null
}

export interface OffsetState extends TopicPartition {
  readonly offset: bigint
  /** Up to the log end offset; null: not told. */
  readonly lag: bigint | null
}

export interface SubjectState {
  readonly versions: ReadonlyMap<number, VersionState>
}

export interface VersionState {
  readonly id: number
  readonly schemaType: string
  readonly schema: string
}
