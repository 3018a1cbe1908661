/** Subtopology id to partition numbers. */
export type TaskNumbers = Readonly<Record<string, readonly number[]>>

export interface TaskRoles {
  readonly active: TaskNumbers
  readonly standby: TaskNumbers
  readonly warmup: TaskNumbers
}

interface ReportedOffset {
  readonly subtopologyId: string
  readonly partition: number
  readonly offset: string
}

export interface StreamsMemberFacts {
  readonly memberId: string
  readonly clientHost: string
  readonly processId: string
  readonly userEndpoint: { readonly host: string; readonly port: number } | null
  readonly clientTags: readonly (readonly [key: string, value: string])[]
  readonly topologyEpoch: number
  readonly memberEpoch: number
  readonly state: 'STABLE' | 'UNREVOKED_TASKS' | 'UNRELEASED_TASKS'
  readonly assigned: TaskRoles
  readonly pendingRevocation: TaskRoles
  readonly revocationDeadline: number | null
  readonly taskOffsets: readonly ReportedOffset[]
  readonly taskEndOffsets: readonly ReportedOffset[]
}

interface Named {
  readonly name: string
}

export interface SubtopologyFacts {
  readonly subtopologyId: string
  readonly sourceTopics: readonly string[]
  readonly sourceTopicRegex: readonly string[]
  readonly changelogs: readonly Named[]
  readonly sinks: readonly string[]
  readonly repartitions: readonly Named[]
}

export interface NodeFacts {
  readonly name: string
  /** 1 source, 2 processor, 3 sink. */
  readonly nodeType: number
  readonly sourceTopics: readonly string[]
  readonly sinkTopic: string | null
  readonly stores: readonly string[]
  readonly successors: readonly string[]
}

/** A streams group as its coordinator has it (`groups/streams/group.ts`). */
export interface StreamsGroupFacts {
  readonly groupId: string
  readonly groupEpoch: number
  readonly assignmentEpoch: number
  readonly members: readonly StreamsMemberFacts[]
  readonly targets: Readonly<Record<string, TaskRoles>>
  readonly topology: { readonly epoch: number; readonly subtopologies: readonly SubtopologyFacts[] } | null
  readonly configured: {
    readonly subtopologies:
      | readonly { readonly subtopologyId: string; readonly tasks: number; readonly inputs: readonly string[] }[]
      | null
    readonly missing: readonly Named[]
    readonly problem: { readonly status: number; readonly detail: string } | null
  } | null
  /** Why internal topics could not be created; a cluster elsewhere does not tell it. */
  readonly refusedTopics: string | null
  readonly configs: { readonly tags: readonly string[] }
  readonly firstAssignmentAt: number | null
  readonly shutdownBy: string | null
  readonly description: {
    readonly epoch: number
    readonly value: {
      readonly subtopologies: readonly { readonly subtopologyId: string; readonly nodes: readonly NodeFacts[] }[]
    }
  } | null
}

/** Streams groups. Only their coordinator knows what is being revoked; a cluster elsewhere tells the rest. */
export interface StreamsSource {
  /** `null`: there is no such streams group. */
  find(groupId: string): Promise<{ readonly group: StreamsGroupFacts; readonly state: string } | null>
  /** High watermarks by partition; topics that do not exist are left out. */
  logEnds(topics: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>>
}
