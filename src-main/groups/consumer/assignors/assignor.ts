import type { TopicFacts } from '../../context'
import type { Partitions } from '../group'
import { range } from './range'
import { uniform } from './uniform'

/** A member as an assignor sees it. */
export interface Subscriber {
  readonly memberId: string
  readonly instanceId: string | null
  /** Topics that it subscribes to and that exist. */
  readonly topics: readonly TopicFacts[]
  /** What it was meant to have before. */
  readonly before: Partitions
}

/** Shares partitions between members: a pure function, the same for the same input. */
export type Assignor = (members: readonly Subscriber[]) => Record<string, Partitions>

/** The server-side assignors of Apache Kafka (`group.consumer.assignors`); the first is the default. */
export const assignors: Readonly<Record<string, Assignor>> = { uniform, range }
