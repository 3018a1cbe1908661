import { keyOf } from '../../base/topic-partition'
import type { Arrived } from '../../contract/messages'
import type { ClusterSource } from '../source/source'
import type { LogFacts, TopicFacts } from '../source/topics'

interface Seen {
  readonly topics: ReadonlyMap<string, TopicFacts>
  readonly logs: ReadonlyMap<string, LogFacts>
}

/** Tells what has come to some topics since it was asked the first time. */
export function arrivals(
  source: ClusterSource,
  names: readonly string[],
  partitions: readonly number[] | null,
): () => Promise<Arrived> {
  let first: Promise<Seen> | undefined
  return async () => {
    first ??= look(source, names, partitions)
    const [before, now] = [await first, await look(source, names, partitions)]
    const isSame = (topic: string) => before.topics.get(topic)?.id === now.topics.get(topic)?.id
    const grown = [...now.logs].flatMap(([key, { topic, partition, start, end }]) => {
      const known = isSame(topic) ? before.logs.get(key) : undefined
      const from = Math.max(known?.end ?? start, start)
      return from < end ? [{ topic, partition, from, before: end }] : []
    })
    const counts = await source.records.count(grown)
    const isCut = [...before.logs].some(([key, { topic, start }]) => {
      const log = now.logs.get(key)
      return !isSame(topic) || !log || log.start > start
    })
    return { records: counts.reduce((sum, count) => sum + count, 0), isCut }
  }
}

async function look(
  { topics }: ClusterSource,
  names: readonly string[],
  partitions: readonly number[] | null,
): Promise<Seen> {
  const [all, logs] = await Promise.all([topics.list(), topics.logs(names)])
  const chosen = [...logs.values()].flat().filter(({ partition }) => partitions?.includes(partition) ?? true)
  return {
    topics: new Map(all.map((topic) => [topic.name, topic])),
    logs: new Map(chosen.map((log) => [keyOf(log.topic, log.partition), log])),
  }
}
