import type { Cause } from './causes'

/** A task is run (`active`), or its state is copied: to take over at once (`standby`), or to move the task here (`warmup`). */
export type TaskRole = 'active' | 'standby' | 'warmup'

/** A task at one member: it has the task, must revoke it, or gets it as soon as others have released it. */
export interface TaskPlace {
  readonly memberId: string
  readonly role: TaskRole
  readonly phase: 'held' | 'revoking' | 'waiting'
  /** While it waits: the members that must release the task first. */
  readonly waitsFor: readonly string[]
  /** While it revokes: when the member is removed unless it has revoked the task; `null`: it has not been asked yet. */
  readonly deadline: number | null
  /** How far its state is, as the member reported last: sums over the changelogs of the task. */
  readonly offset: number | null
  readonly endOffset: number | null
}

/** A partition that a task reads. */
export interface TaskInput {
  readonly topic: string
  readonly committed: number | null
  readonly end: number
}

export interface BoardTask {
  readonly partition: number
  readonly places: readonly TaskPlace[]
  readonly inputs: readonly TaskInput[]
}

/** A node of the processor graph (KIP-1331). */
export interface BoardNode {
  readonly name: string
  readonly kind: 'source' | 'processor' | 'sink'
  readonly topics: readonly string[]
  readonly stores: readonly string[]
  readonly successors: readonly string[]
}

/** A connected part of a topology. Long lists of topics and nodes are cut. */
export interface BoardSubtopology {
  readonly id: string
  /** Also those that were left out; `null`: not known, because its topics do not fit. */
  readonly taskCount: number | null
  readonly tasks: readonly BoardTask[]
  readonly sources: readonly string[]
  /** Regular expressions of source topics. */
  readonly patterns: readonly string[]
  /** Topics between subtopologies that it reads, and those that it writes. */
  readonly repartitions: readonly string[]
  readonly sinks: readonly string[]
  readonly changelogs: readonly string[]
  /** `null`: no member has sent the processor graph. */
  readonly nodes: readonly BoardNode[] | null
  readonly moreNodes: number
  readonly moreTopics: number
}

/** A thread of an instance. */
export interface BoardMember {
  readonly memberId: string
  readonly state: 'stable' | 'revoking' | 'waiting'
  readonly epoch: number
}

/** A process of the application. */
export interface BoardInstance {
  readonly processId: string
  readonly host: string
  /** `application.server` */
  readonly endpoint: string | null
  readonly members: readonly BoardMember[]
}

export interface InternalTopic {
  readonly topic: string
  readonly kind: 'repartition' | 'changelog'
  readonly subtopologyId: string
  /** `null`: the topic does not exist. */
  readonly partitions: number | null
  /** Offsets of all partitions together. */
  readonly end: number
  /**
   * Of a repartition topic: records that are not committed. Of a changelog: what the copy that is farthest behind still has to read, of
   * all changelogs of the subtopology together. `null`: nothing was committed or reported.
   */
  readonly lag: number | null
}

/** What the group waits for or lacks. */
export type BoardNote =
  | { readonly kind: 'empty' | 'stable' | 'assignmentDue' }
  | { readonly kind: 'missingSources' | 'patterns'; readonly names: readonly string[] }
  /** `reason`: why the broker could not create them; `null`: it has not tried yet, or is not known to. */
  | { readonly kind: 'missingInternal'; readonly names: readonly string[]; readonly reason: string | null }
  | { readonly kind: 'wrongPartitions'; readonly detail: string }
  | { readonly kind: 'shutdown'; readonly by: string }
  | { readonly kind: 'initialDelay'; readonly until: number }
  | { readonly kind: 'revoking'; readonly memberId: string; readonly tasks: number; readonly deadline: number | null }
  | {
      readonly kind: 'waiting'
      readonly memberId: string
      readonly tasks: number
      readonly waitsFor: readonly string[]
    }
  | { readonly kind: 'staleTopology'; readonly members: number }
  | { readonly kind: 'missingTags'; readonly tags: readonly string[]; readonly members: number }
  | { readonly kind: 'idle'; readonly members: number; readonly tasks: number }

/** A streams group as a board: tasks by subtopology and member. */
export interface StreamsBoard {
  /** The broker's clock: deadlines are by it. */
  readonly at: number
  readonly state: string
  readonly epoch: number
  readonly assignmentEpoch: number
  readonly notes: readonly BoardNote[]
  readonly moreNotes: number
  readonly subtopologies: readonly BoardSubtopology[]
  readonly moreSubtopologies: number
  readonly moreTasks: number
  readonly instances: readonly BoardInstance[]
  readonly moreMembers: number
  readonly topics: readonly InternalTopic[]
  readonly moreTopics: number
  /** Why the last rebalance started; `null`: the journal has none. */
  readonly rebalance: { readonly at: number; readonly causes: readonly Cause[] } | null
}
