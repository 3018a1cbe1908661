import type { Uuid } from '../base/uuid'

/** A topic as assignors see it. */
export interface TopicFacts {
  readonly topicId: Uuid
  readonly name: string
  readonly partitions: number
}

/** All topics, by name. */
export type TopicMetadata = ReadonlyMap<string, TopicFacts & { readonly internal: boolean }>

/** `group.consumer.migration.policy` */
export type MigrationPolicy = 'bidirectional' | 'upgrade' | 'downgrade' | 'disabled'

/** State outside a group that its steps depend on. */
export interface GroupContext {
  readonly topics: TopicMetadata
  readonly migration: MigrationPolicy
  /** `group.max.size` */
  readonly classicMaxSize: number
  /** `group.consumer.max.size` */
  readonly consumerMaxSize: number
}
