import type { TopicFacts, TopicMetadata } from '../context'

/** An internal topic as a client describes it. 0 partitions: the group decides. */
export interface TopicInfo {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly configs: readonly { readonly key: string; readonly value: string }[]
}

/** A connected part of a topology: its tasks run together. */
export interface Subtopology {
  readonly subtopologyId: string
  readonly sourceTopics: readonly string[]
  readonly sourceTopicRegex: readonly string[]
  readonly changelogs: readonly TopicInfo[]
  readonly sinks: readonly string[]
  readonly repartitions: readonly TopicInfo[]
  /** Topics whose records of one key must be in partitions of one number: indexes into the lists above. */
  readonly copartitionGroups: readonly {
    readonly sourceTopics: readonly number[]
    readonly sourceTopicRegex: readonly number[]
    readonly repartitions: readonly number[]
  }[]
}

/** The shape of an application, as its members send it when they join. Subtopologies are sorted by id. */
export interface Topology {
  readonly epoch: number
  readonly subtopologies: readonly Subtopology[]
}

/** All names of topics in a topology, sinks of other subtopologies included. */
export function topicNamesOf({ subtopologies }: Topology): string[] {
  return [
    ...new Set(
      subtopologies.flatMap(({ sourceTopics, sinks, repartitions, changelogs }) => [
        ...sourceTopics,
        ...sinks,
        ...repartitions.map(({ name }) => name),
        ...changelogs.map(({ name }) => name),
      ]),
    ),
  ]
}

/** Topics that a subtopology reads records from, those between subtopologies included. */
export function inputsOf({ sourceTopics, repartitions }: Subtopology): string[] {
  return [...new Set([...sourceTopics, ...repartitions.map(({ name }) => name)])]
}

/** Topics that the group needs, as far as they exist, sorted by name (StreamsTopology.requiredTopics). */
export function requiredTopics({ subtopologies }: Topology, metadata: TopicMetadata): TopicFacts[] {
  const names = new Set(
    subtopologies.flatMap((subtopology) => [
      ...inputsOf(subtopology),
      ...subtopology.changelogs.map(({ name }) => name),
    ]),
  )
  return [...names].sort().flatMap((name) => {
    const topic = metadata.get(name)
    return topic ? [{ topicId: topic.topicId, name, partitions: topic.partitions }] : []
  })
}

export function sameTopology(a: Topology, b: Topology): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
