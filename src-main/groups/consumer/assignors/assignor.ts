import type { TopicFacts } from '../../context'
import type { Partitions } from '../group'

/** A member as an assignor sees it. */
export interface Subscriber {
  readonly memberId: string
  readonly instanceId: string | null
  /** Topics that it subscribes to and that exist. */
  readonly topics: readonly TopicFacts[]
  /** Its previous target assignment. */
  readonly before: Partitions
}

/** Assigns partitions to members: a pure function, the same for the same input. */
export type Assignor = (members: readonly Subscriber[]) => Record<string, Partitions>
