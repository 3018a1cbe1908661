import type { Clock, Millis } from '../base/clock'
import { type Uuid, zeroUuid } from '../base/uuid'
import type { ResponseOf } from '../protocol/api-types'
import { type ErrorName, errorName } from '../protocol/errors'
import type { HostPort } from './settings'

export interface Node extends HostPort {
  readonly id: number
  readonly rack: string | null
}

interface PartitionMetadata {
  readonly partition: number
  /** -1: there is none now. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly offline: readonly number[]
  readonly error: ErrorName
}

export interface TopicMetadata {
  readonly name: string
  /** `zeroUuid` from brokers before Kafka 2.8. */
  readonly id: Uuid
  readonly isInternal: boolean
  readonly partitions: readonly PartitionMetadata[]
  readonly error: ErrorName
}

/** metadata.max.age.ms */
const maxAgeMs = 300_000
/** Topics that are remembered; the oldest are forgotten first. */
const maxTopics = 10_000

/** What the last Metadata answers said of the cluster. */
export class MetadataCache {
  readonly #clock: Clock
  #nodes: ReadonlyMap<number, Node> = new Map()
  #topics = new Map<string, { readonly topic: TopicMetadata; readonly at: Millis }>()
  #controllerId = -1
  #clusterId: string | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Empty before the first answer. */
  get nodes(): ReadonlyMap<number, Node> {
    return this.#nodes
  }

  /** -1 when none is known. */
  get controllerId(): number {
    return this.#controllerId
  }

  get clusterId(): string | null {
    return this.#clusterId
  }

  /** A topic whose metadata is recent. */
  topic(name: string, ageMs = maxAgeMs): TopicMetadata | undefined {
    const known = this.#topics.get(name)
    return known && this.#clock.now() - known.at < ageMs ? known.topic : undefined
  }

  /** All topics with this id that are known; topic ids are asked for after a topic was looked up by name. */
  nameOf(id: Uuid): string | undefined {
    for (const { topic } of this.#topics.values()) if (topic.id === id && id !== zeroUuid) return topic.name
    return undefined
  }

  /** Takes an answer; the topics in it, those with an error included, which are not kept. */
  take(answer: ResponseOf<'Metadata'>): TopicMetadata[] {
    this.#nodes = new Map(
      answer.brokers.map(({ nodeId, host, port, rack }) => [nodeId, { id: nodeId, host, port, rack }]),
    )
    this.#controllerId = answer.controllerId
    this.#clusterId = answer.clusterId ?? this.#clusterId
    const topics = answer.topics.map(topicOf)
    const at = this.#clock.now()
    for (const topic of topics) {
      this.#topics.delete(topic.name)
      if (topic.error === 'NONE') this.#topics.set(topic.name, { topic, at })
    }
    for (const name of this.#topics.keys()) {
      if (this.#topics.size <= maxTopics) break
      this.#topics.delete(name)
    }
    return topics
  }

  /** Leaders may have moved: the topics are asked for again. The nodes stay, for the next question has to go somewhere. */
  forgetTopics(): void {
    this.#topics = new Map()
    this.#controllerId = -1
  }

  /** None of the nodes can be reached: the next question goes to the bootstrap servers (KIP-1102). */
  forgetNodes(): void {
    this.forgetTopics()
    this.#nodes = new Map()
  }
}

function topicOf(topic: ResponseOf<'Metadata'>['topics'][number]): TopicMetadata {
  return {
    name: topic.name ?? '',
    id: topic.topicId,
    isInternal: topic.isInternal,
    error: errorName(topic.errorCode),
    partitions: topic.partitions
      .map((partition) => ({
        partition: partition.partitionIndex,
        leader: partition.leaderId,
        leaderEpoch: partition.leaderEpoch,
        replicas: partition.replicaNodes,
        isr: partition.isrNodes,
        offline: partition.offlineReplicas,
        error: errorName(partition.errorCode),
      }))
      .sort((a, b) => a.partition - b.partition),
  }
}
