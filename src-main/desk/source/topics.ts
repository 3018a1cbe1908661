import type { Listen } from '../../base/emitter'
import type { TopicPartition } from '../../base/topic-partition'
import type { ConfigLine } from '../../contract/topics'

export interface TopicFacts {
  readonly name: string
  /** Kafka's topic id; empty where the cluster has none. */
  readonly id: string
  /** Written by the broker itself. */
  readonly internal: boolean
  readonly partitions: number
}

/** One partition's log. Offsets are those that a consumer may read up to now. */
export interface LogFacts extends TopicPartition {
  readonly start: number
  /** High watermark. */
  readonly end: number
  /** Last stable offset: how far a `read_committed` consumer reads. */
  readonly stable: number
  /** Records between start and end, without control records; `null` when only the offsets are known. */
  readonly records: number | null
}

/** A log with what a cluster elsewhere takes longer to tell than offsets. */
export interface MeasuredLog extends LogFacts {
  /** `null` when the cluster does not tell. */
  readonly sizeBytes: number | null
  /** The largest timestamp; -1: none, `null` when it is not known. */
  readonly newestAt: number | null
}

/** A topic was created, deleted, or has more partitions now. */
export interface TopicChange {
  readonly kind: 'created' | 'deleted' | 'grown'
  readonly topic: TopicFacts
  /** Of one that has grown: how many partitions it had. */
  readonly before: number | null
}

/** A producer with an id (KIP-98) that wrote to a partition. */
export interface ProducerFacts {
  /** 64 bits, as decimal text. */
  readonly producerId: string
  /** Of its last record; -1: not known. */
  readonly lastAt: number
}

/** What was written to and read from a topic since the source was opened. Each figure only grows; `null`: not known. */
export interface TopicTotals {
  readonly writtenRecords: number
  readonly writtenBytes: number | null
  readonly readBytes: number | null
}

export interface Totals {
  readonly topics: ReadonlyMap<string, TopicTotals>
  readonly requests: number | null
}

/** Of one partition: records with a smaller offset are deleted. */
export interface DeletionPoint {
  readonly partition: number
  readonly offset: number
}

export interface TopicSource {
  /** Told after each change. A polled source tells it when it notices. */
  readonly changed: Listen<TopicChange>
  /** A config of a topic may have changed. */
  readonly configsChanged: Listen<void>
  /** All topics by name. */
  list(): Promise<readonly TopicFacts[]>
  find(name: string): Promise<TopicFacts | null>
  /** The logs of these topics, each in the order of its partitions; topics that are gone are left out. */
  logs(topics: readonly string[]): Promise<ReadonlyMap<string, readonly LogFacts[]>>
  /** The same with sizes and newest times: for pages that show them. */
  measuredLogs(topics: readonly string[]): Promise<ReadonlyMap<string, readonly MeasuredLog[]>>
  /** Producers that the broker remembers, by partition; `null` when it does not tell. */
  producers(topic: string): Promise<readonly (readonly ProducerFacts[])[] | null>
  /** A source that is polled less often than it is asked gives the same object again until then. */
  totals(): Promise<Totals>
  /** One config of many topics: its value by topic. Topics that do not tell are left out. */
  configOf(config: string, topics: readonly string[]): Promise<ReadonlyMap<string, string>>
  configs(topic: string): Promise<readonly ConfigLine[]>
  /** `null` removes the topic's own value. */
  alterConfig(topic: string, config: string, value: string | null): Promise<void>
  create(name: string, partitions: number, configs: Readonly<Record<string, string>>): Promise<void>
  /** `count` is the new number of partitions. */
  addPartitions(name: string, count: number): Promise<void>
  delete(names: readonly string[]): Promise<void>
  /** Deletes the records before these offsets, in all these partitions or in none. @throws Error when one is beyond the log end */
  deleteRecords(name: string, before: readonly DeletionPoint[]): Promise<void>
  /** Removes all records up to the present ends; topics and configs stay. */
  purge(names: readonly string[]): Promise<void>
}
