import { keyOf, type TopicPartitionKey } from '../../base/topic-partition'
import type { BoardNode, BoardSubtopology, InternalTopic, TaskInput } from '../../contract/streams'
import type { NodeFacts, StreamsGroupFacts, SubtopologyFacts } from '../source/streams'
import { taskOf } from './tasks'

/** Of one subtopology; topologies come from clients, and may have any size. */
const shownTopics = 20
const shownNodes = 80

/** What a board needs to know about topics. */
export interface TopicPositions {
  readonly ends: ReadonlyMap<string, readonly number[]>
  readonly committed: ReadonlyMap<TopicPartitionKey, number>
}

/** A subtopology with its first `room` tasks. */
export function subtopologyOf(
  group: StreamsGroupFacts,
  subtopology: SubtopologyFacts,
  { ends, committed }: TopicPositions,
  room: number,
): BoardSubtopology {
  const { subtopologyId: id, sourceTopics, sourceTopicRegex, sinks } = subtopology
  const repartitions = namesOf(subtopology.repartitions)
  const changelogs = namesOf(subtopology.changelogs)
  const taskCount = taskCountOf(group, id)
  const inputs = [...new Set([...sourceTopics, ...repartitions])].slice(0, shownTopics)
  const inputsOf = (partition: number): TaskInput[] =>
    inputs.flatMap((topic) => {
      const end = ends.get(topic)?.[partition]
      return end === undefined ? [] : [{ topic, committed: committed.get(keyOf(topic, partition)) ?? null, end }]
    })
  const topics = [sourceTopics, sourceTopicRegex, repartitions, sinks, changelogs] as const
  const nodes = nodesOf(group, id)
  return {
    id,
    taskCount,
    tasks: Array.from({ length: Math.min(taskCount ?? 0, room) }, (_, partition) =>
      taskOf(group, id, partition, inputsOf(partition)),
    ),
    sources: sourceTopics.slice(0, shownTopics),
    patterns: sourceTopicRegex.slice(0, shownTopics),
    repartitions: repartitions.slice(0, shownTopics),
    sinks: sinks.slice(0, shownTopics),
    changelogs: changelogs.slice(0, shownTopics),
    moreTopics: topics.reduce((sum, { length }) => sum + Math.max(0, length - shownTopics), 0),
    nodes: nodes?.slice(0, shownNodes).map(nodeOf) ?? null,
    moreNodes: Math.max(0, (nodes?.length ?? 0) - shownNodes),
  }
}

export function taskCountOf({ configured }: StreamsGroupFacts, id: string): number | null {
  return configured?.subtopologies?.find(({ subtopologyId }) => subtopologyId === id)?.tasks ?? null
}

function namesOf(topics: readonly { readonly name: string }[]): string[] {
  return topics.map(({ name }) => name)
}

/** The processor graph, if it is that of the group's topology. */
function nodesOf({ description, topology }: StreamsGroupFacts, id: string): readonly NodeFacts[] | null {
  if (!description || description.epoch !== topology?.epoch) return null
  return description.value.subtopologies.find(({ subtopologyId }) => subtopologyId === id)?.nodes ?? null
}

function nodeOf({ name, nodeType, sourceTopics, sinkTopic, stores, successors }: NodeFacts): BoardNode {
  return {
    name,
    kind: nodeType === 1 ? 'source' : nodeType === 3 ? 'sink' : 'processor',
    topics: [...sourceTopics, ...(sinkTopic === null ? [] : [sinkTopic])].slice(0, shownTopics),
    stores: stores.slice(0, shownTopics),
    successors: successors.slice(0, shownNodes),
  }
}

/** Topics that the group made for itself, with what is still to be read of them. */
export function internalTopics(group: StreamsGroupFacts, { ends, committed }: TopicPositions): InternalTopic[] {
  return (group.topology?.subtopologies ?? []).flatMap(({ subtopologyId, repartitions, changelogs }) => {
    const behind = farthestBehind(group, subtopologyId)
    const topicOf = (topic: string, kind: InternalTopic['kind']): InternalTopic => {
      const found = ends.get(topic)
      return {
        topic,
        kind,
        subtopologyId,
        partitions: found?.length ?? null,
        end: found?.reduce((sum, end) => sum + end, 0) ?? 0,
        lag: kind === 'changelog' ? behind : uncommitted(topic, found ?? [], committed),
      }
    }
    return [
      ...namesOf(repartitions).map((name) => topicOf(name, 'repartition')),
      ...namesOf(changelogs).map((name) => topicOf(name, 'changelog')),
    ]
  })
}

function uncommitted(topic: string, ends: readonly number[], committed: TopicPositions['committed']): number | null {
  const lags = ends.flatMap((end, partition) => {
    const offset = committed.get(keyOf(topic, partition))
    return offset === undefined ? [] : [Math.max(0, end - offset)]
  })
  return lags.length === 0 ? null : lags.reduce((sum, lag) => sum + lag, 0)
}

function farthestBehind({ members }: StreamsGroupFacts, id: string): number | null {
  const lags = members.flatMap(({ taskOffsets, taskEndOffsets }) =>
    taskEndOffsets.flatMap(({ subtopologyId, partition, offset: end }) => {
      if (subtopologyId !== id) return []
      const own = taskOffsets.find((each) => each.subtopologyId === id && each.partition === partition)
      return own ? [Math.max(0, Number(end) - Number(own.offset))] : []
    }),
  )
  return lags.length === 0 ? null : lags.reduce((most, lag) => Math.max(most, lag), 0)
}
