import { keyOf, type TopicPartitionKey } from '../../base/topic-partition'
import type { ClassicSettings } from '../../groups/classic/events'
import type { ConsumerSettings } from '../../groups/consumer/events'
import type { GroupContext, MigrationPolicy, TopicMetadata } from '../../groups/context'
import type { ShareSettings } from '../../groups/share/events'
import type { StreamsSettings } from '../../groups/streams/events'
import type { Configs } from '../config/configs'
import type { Features } from '../features'
import type { Topics } from '../log/topics'
import { inCoordinatorOrder } from './answer-order'
import { offsetsTopic, partitionOf } from './offsets-topic'

/** Broker and group configs, and the topics, as groups see them. */
export class GroupSettings {
  readonly #configs: Configs
  readonly #topics: Topics
  #metadata: TopicMetadata | undefined

  constructor(configs: Configs, topics: Topics) {
    this.#configs = configs
    this.#topics = topics
  }

  classic(): ClassicSettings {
    const configs = this.#configs
    return {
      initialDelayMs: configs.brokerNumber('group.initial.rebalance.delay.ms'),
      minSessionTimeoutMs: configs.brokerNumber('group.min.session.timeout.ms'),
      maxSessionTimeoutMs: configs.brokerNumber('group.max.session.timeout.ms'),
      maxSize: configs.brokerNumber('group.max.size'),
    }
  }

  consumer(groupId: string): ConsumerSettings {
    const configs = this.#configs
    return {
      sessionTimeoutMs: configs.groupNumber(groupId, 'consumer.session.timeout.ms'),
      heartbeatIntervalMs: configs.groupNumber(groupId, 'consumer.heartbeat.interval.ms'),
      maxSize: configs.brokerNumber('group.consumer.max.size'),
    }
  }

  share(groupId: string): ShareSettings {
    const configs = this.#configs
    return {
      sessionTimeoutMs: configs.groupNumber(groupId, 'share.session.timeout.ms'),
      heartbeatIntervalMs: configs.groupNumber(groupId, 'share.heartbeat.interval.ms'),
      maxSize: configs.brokerNumber('group.share.max.size'),
    }
  }

  /** KafkaApis.isStreamsGroupProtocolEnabled */
  isStreamsEnabled(features: Features): boolean {
    const protocols = this.#configs.broker('group.coordinator.rebalance.protocols').split(',')
    return features.level('streams.version') >= 1 && protocols.some((name) => name.trim() === 'streams')
  }

  streams(groupId: string): StreamsSettings {
    const configs = this.#configs
    return {
      sessionTimeoutMs: configs.groupNumber(groupId, 'streams.session.timeout.ms'),
      heartbeatIntervalMs: configs.groupNumber(groupId, 'streams.heartbeat.interval.ms'),
      maxSize: configs.brokerNumber('group.streams.max.size'),
      initialDelayMs: configs.groupNumber(groupId, 'streams.initial.rebalance.delay.ms'),
      assignmentIntervalMs: configs.groupNumber(groupId, 'streams.assignment.interval.ms'),
      configs: {
        standbys: configs.groupNumber(groupId, 'streams.num.standby.replicas'),
        tags: configs
          .group(groupId, 'streams.rack.aware.assignment.tags')
          .split(',')
          .map((tag) => tag.trim())
          .filter((tag) => tag !== ''),
      },
    }
  }

  context(): GroupContext {
    const configs = this.#configs
    return {
      topics: this.#topicMetadata(),
      migration: configs.broker('group.consumer.migration.policy') as MigrationPolicy,
      classicMaxSize: configs.brokerNumber('group.max.size'),
      consumerMaxSize: configs.brokerNumber('group.consumer.max.size'),
    }
  }

  /** The partition of `__consumer_offsets` that a group belongs to: `__consumer_offsets:12` (GroupCoordinator.partitionFor). */
  offsetsPartition(groupId: string): TopicPartitionKey {
    const partitions = this.#configs.brokerNumber('offsets.topic.num.partitions')
    return keyOf(offsetsTopic, partitionOf(groupId, partitions))
  }

  /** Answers about several groups in the order of Kafka's coordinator; denied groups are first or last. */
  ordered<T extends { readonly groupId: string; readonly errorCode: number }>(
    answers: readonly T[],
    denied: 'first' | 'last' = 'first',
  ): T[] {
    return inCoordinatorOrder(answers, this.#configs.brokerNumber('offsets.topic.num.partitions'), denied)
  }

  offsetsRetentionMs(): number {
    return this.#configs.brokerNumber('offsets.retention.minutes') * 60_000
  }

  topicsChanged(): void {
    this.#metadata = undefined
  }

  #topicMetadata(): TopicMetadata {
    this.#metadata ??= new Map(
      this.#topics
        .all()
        .map(({ id: topicId, name, partitionCount: partitions, internal }) => [
          name,
          { topicId, name, partitions, internal },
        ]),
    )
    return this.#metadata
  }
}
