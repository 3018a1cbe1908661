import type { TopicMetadata } from '../context'
import { inputsOf, type Subtopology, type TopicInfo, type Topology } from './topology'

const missingSourceTopics = 1
const incorrectlyPartitionedTopics = 2
const missingInternalTopics = 3

/** An internal topic with the number of partitions that was decided. */
export type InternalTopic = TopicInfo

/** A subtopology whose topics are known. */
export interface ConfiguredSubtopology {
  readonly subtopologyId: string
  /** One for each partition of the input topic that has most. */
  readonly tasks: number
  readonly isStateful: boolean
  readonly inputs: readonly string[]
  readonly repartitions: readonly InternalTopic[]
  readonly changelogs: readonly InternalTopic[]
}

/** A topology held against the topics that exist. It is ready when there is no problem. */
export interface Configured {
  /** `null` when the topics cannot be decided. */
  readonly subtopologies: readonly ConfiguredSubtopology[] | null
  readonly missing: readonly InternalTopic[]
  readonly problem: { readonly status: number; readonly detail: string } | null
}

/** A topology that no topics can make right: the heartbeat fails with STREAMS_INVALID_TOPOLOGY. */
export class InvalidTopology extends Error {}

class Misfit extends Error {
  readonly status: number

  constructor(status: number, detail: string) {
    super(detail)
    this.status = status
  }
}

/**
 * [G5]-[G10] Decides the partitions of internal topics, and says what is missing or does not fit (InternalTopicManager.configureTopics).
 *
 * @throws InvalidTopology
 */
export function configure(topology: Topology, metadata: TopicMetadata): Configured {
  try {
    sourcesExist(topology, metadata)
    const decided = new Map<string, number>()
    const countOf = (topic: string) => metadata.get(topic)?.partitions ?? decided.get(topic)
    for (const [name, partitions] of repartitionCounts(topology, countOf)) decided.set(name, partitions)
    for (const subtopology of topology.subtopologies) {
      for (const group of copartitioned(subtopology)) {
        for (const [name, partitions] of enforced(topology, group, countOf)) decided.set(name, partitions)
      }
    }
    for (const { subtopologyId, changelogs, ...subtopology } of topology.subtopologies) {
      const most = mostPartitions(inputsOf({ subtopologyId, changelogs, ...subtopology }), countOf)
      if (most === undefined) {
        throw new InvalidTopology(`No source topics found for subtopology ${subtopologyId}`)
      }
      for (const { name } of changelogs) decided.set(name, most)
    }
    const subtopologies = topology.subtopologies.map((each) => configured(each, decided, countOf))
    const missing = missingOf(subtopologies, metadata)
    const names = missing.map(({ name }) => name)
    return {
      subtopologies,
      missing,
      problem:
        missing.length === 0
          ? null
          : { status: missingInternalTopics, detail: `Internal topics are missing: ${summary(names)}` },
    }
  } catch (error) {
    if (!(error instanceof Misfit)) throw error
    return { subtopologies: null, missing: [], problem: { status: error.status, detail: error.message } }
  }
}

/** [G5] */
function sourcesExist({ subtopologies }: Topology, metadata: TopicMetadata): void {
  const sources = new Set(subtopologies.flatMap(({ sourceTopics }) => sourceTopics))
  const missing = [...sources].filter((name) => !metadata.has(name)).sort()
  if (missing.length > 0) throw new Misfit(missingSourceTopics, `Source topics ${summary(missing)} are missing.`)
}

type CountOf = (topic: string) => number | undefined

/** [G6] Repartition topics have what they ask for, else as many partitions as the input that has most where they are written. */
function repartitionCounts({ subtopologies }: Topology, countOf: CountOf): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { repartitions } of subtopologies) {
    for (const { name, partitions } of repartitions) if (partitions !== 0) counts.set(name, partitions)
  }
  for (;;) {
    let progress = false
    let isOpen = false
    for (const { sinks, sourceTopics, repartitions } of subtopologies) {
      for (const sink of sinks) {
        if (counts.has(sink)) continue
        const most = Math.max(
          ...repartitions.map(({ name }) => counts.get(name) ?? 0),
          ...sourceTopics.map((name) => countOf(name) ?? 0),
        )
        if (most > 0) counts.set(sink, most)
        if (most > 0) progress = true
        else isOpen = true
      }
    }
    if (!isOpen) break
    if (!progress) {
      throw new InvalidTopology(
        'Failed to compute number of partitions for all repartition topics. There may be loops in the topology that cannot be resolved.',
      )
    }
  }
  if (subtopologies.some(({ repartitions }) => repartitions.some(({ name }) => !counts.has(name)))) {
    throw new InvalidTopology(
      'Failed to compute number of partitions for all repartition topics, because a repartition source topic is never used as a sink topic.',
    )
  }
  return counts
}

function copartitioned({ sourceTopics, repartitions, copartitionGroups }: Subtopology): string[][] {
  return copartitionGroups.map((group) => [
    ...new Set([
      ...group.sourceTopics.flatMap((i) => sourceTopics[i] ?? []),
      ...group.repartitions.flatMap((i) => repartitions[i]?.name ?? []),
    ]),
  ])
}

/** [G7] Topics of one copartition group have one number of partitions (CopartitionedTopicsEnforcer). */
function enforced(topology: Topology, group: readonly string[], countOf: CountOf): [string, number][] {
  const all = topology.subtopologies.flatMap(({ repartitions }) => repartitions)
  const own = group.filter((topic) => all.some(({ name }) => name === topic))
  const fixed = own.filter((topic) => all.some(({ name, partitions }) => name === topic && partitions !== 0))
  const external = group.filter((topic) => !own.includes(topic))
  const leading = external.length > 0 ? external : fixed
  const counts = (leading.length > 0 ? leading : own).map((topic) => countOf(topic) ?? 0)
  const number = Math.max(0, ...counts)
  if (leading.length > 0 && counts.some((count) => count !== number)) {
    const shown = external.length > 0 ? external : own
    const text = [...shown].sort().map((topic) => `${topic}=${countOf(topic)}`)
    throw new Misfit(
      incorrectlyPartitionedTopics,
      `Following topics do not have the same number of partitions: [{${text.join(', ')}}]`,
    )
  }
  for (const topic of fixed) {
    if (countOf(topic) === number) continue
    throw new Misfit(
      incorrectlyPartitionedTopics,
      `Number of partitions [${countOf(topic)}] of repartition topic [${topic}] doesn't match number of partitions [${number}] of the source topic.`,
    )
  }
  return own.map((topic) => [topic, number])
}

function mostPartitions(topics: readonly string[], countOf: CountOf): number | undefined {
  return topics.length === 0 ? undefined : Math.max(...topics.map((topic) => countOf(topic) ?? 0))
}

/** [G8] Changelogs have one partition for each task. */
function configured(
  subtopology: Subtopology,
  decided: ReadonlyMap<string, number>,
  countOf: CountOf,
): ConfiguredSubtopology {
  const { subtopologyId, changelogs, repartitions } = subtopology
  const inputs = inputsOf(subtopology)
  const sized = (topic: TopicInfo) => ({ ...topic, partitions: topic.partitions || (decided.get(topic.name) ?? 0) })
  return {
    subtopologyId,
    tasks: mostPartitions(inputs, countOf) ?? 0,
    isStateful: changelogs.length > 0,
    inputs,
    repartitions: repartitions.map(sized),
    changelogs: changelogs.map(sized),
  }
}

/** [G9] Internal topics that exist must have what was decided; the others are [G10] missing. */
function missingOf(subtopologies: readonly ConfiguredSubtopology[], metadata: TopicMetadata): InternalTopic[] {
  const wanted = new Map(
    subtopologies.flatMap(({ repartitions, changelogs }) =>
      [...repartitions, ...changelogs].map((topic) => [topic.name, topic]),
    ),
  )
  for (const { name, partitions } of wanted.values()) {
    const found = metadata.get(name)?.partitions
    if (found === undefined || found === partitions) continue
    throw new Misfit(
      incorrectlyPartitionedTopics,
      `Existing topic ${name} has different number of partitions: expected ${partitions}, found ${found}`,
    )
  }
  return [...wanted.values()].filter(({ name }) => !metadata.has(name))
}

/** Three names at most. */
function summary(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} additional topics` : ''
  return `${names.slice(0, 3).join(', ')}${more}`
}
