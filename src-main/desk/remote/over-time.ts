import { keyOf, type TopicPartition, type TopicPartitionKey } from '../../base/topic-partition'
import type { KafkaClient } from '../../client/client'
import { listOffsets } from '../../client/offsets'
import type { Histogram } from '../../contract/messages'
import { bucketWidth, earliestUsual } from '../messages/time-counts'
import type { OverTime, OverTimePlan } from '../source/records'
import type { LogFacts, TopicSource } from '../source/topics'
import { newestTimes } from './logs'

/** Each edge of a bucket costs every broker one request. */
const mostBuckets = 60
/** Partitions of one count: more of them would cost a cluster too much for a picture. */
const mostPartitions = 1000

/**
 * Counts over time of a cluster elsewhere. ListOffsets by time tells the first offset of a time or later; the difference between two edges
 * is about the number of records between them, for offsets have gaps and a record may be out of order. Edges that lie behind the newest
 * record are asked for once.
 */
export function remoteOverTime(client: KafkaClient, topics: TopicSource, plan: OverTimePlan): OverTime {
  const known = new Map<number, Edge>()
  return {
    async count(): Promise<Histogram> {
      const names = [...new Set(plan.places.map(({ topic }) => topic))].sort()
      const wanted = new Set(plan.places.map(({ topic, partition }) => keyOf(topic, partition)))
      const logs = [...(await topics.logs(names)).values()]
        .flat()
        .filter((log) => wanted.has(keyOf(log.topic, log.partition)) && log.end > log.start)
      if (logs.length > mostPartitions) {
        throw new Error(`Messages over time are counted for ${mostPartitions} partitions at most.`)
      }
      return await counted(client, plan, logs, known)
    },
  }
}

/** By partition, the first offset of a time or later. */
type Edge = ReadonlyMap<TopicPartitionKey, number>

async function counted(
  client: KafkaClient,
  { committed, buckets }: OverTimePlan,
  logs: readonly LogFacts[],
  known: Map<number, Edge>,
): Promise<Histogram> {
  const edge = async (at: number): Promise<Edge> =>
    known.get(at) ?? offsetsOf(await firstFrom(client, logs, at, committed))
  const firsts = await firstFrom(client, logs, earliestUsual, committed)
  const times = [...firsts.values()].map(({ at }) => at)
  const first = Math.min(...times)
  const begin = offsetsOf(firsts)
  const empty = { bucketMs: 1, counts: [], share: 1, unit: 'offsets' } as const
  if (times.length === 0)
    return { fromAt: -1, early: logs.reduce((sum, { start, end }) => sum + end - start, 0), ...empty }
  const told = await newestTimes(client, logs)
  const newest = Math.max(first, ...(told.size > 0 ? told.values() : [client.clock.now()]))
  const bucketMs = bucketWidth(first, newest, Math.min(buckets, mostBuckets))
  const from = Math.floor(first / bucketMs)
  const inner = Array.from({ length: Math.floor(newest / bucketMs) - from }, (_, i) => (from + i + 1) * bucketMs)
  const edges = await Promise.all(inner.map(edge))
  for (const at of known.keys()) if (!inner.includes(at)) known.delete(at)
  // What was written meanwhile lies in the last bucket; its own edge is asked for again.
  for (const [i, at] of inner.entries()) if (at < newest - bucketMs) known.set(at, edges[i] as Edge)
  const placesOf = (at: Edge | undefined, otherwise: (log: LogFacts) => number) =>
    logs.map((log) =>
      Math.min(log.end, Math.max(log.start, at?.get(keyOf(log.topic, log.partition)) ?? otherwise(log))),
    )
  const end = (log: LogFacts) => (committed ? log.stable : log.end)
  const all = [placesOf(begin, end), ...edges.map((at) => placesOf(at, end)), placesOf(undefined, end)]
  const counts = all.slice(1).map((after, i) => difference(all[i] ?? [], after))
  const early = difference(
    logs.map(({ start }) => start),
    all[0] ?? [],
  )
  return { ...empty, fromAt: from * bucketMs, bucketMs, counts, early }
}

function difference(before: readonly number[], after: readonly number[]): number {
  return after.reduce((sum, offset, i) => sum + Math.max(0, offset - (before[i] ?? offset)), 0)
}

/** The first record of this time or later in each partition that has one. */
async function firstFrom(client: KafkaClient, places: readonly TopicPartition[], at: number, committed: boolean) {
  const answers = await listOffsets(
    client,
    places.map(({ topic, partition }) => ({ topic, partition, timestamp: BigInt(at) })),
    committed ? 'read_committed' : 'read_uncommitted',
  )
  return new Map(
    [...answers].flatMap(([key, answer]) =>
      answer instanceof Error || answer.offset === null
        ? []
        : [[key, { offset: Number(answer.offset), at: Number(answer.timestamp) }] as const],
    ),
  )
}

function offsetsOf(found: ReadonlyMap<TopicPartitionKey, { readonly offset: number }>): Edge {
  return new Map([...found].map(([key, { offset }]) => [key, offset]))
}
