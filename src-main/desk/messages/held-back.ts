import { parseKey, type TopicPartitionKey } from '../../base/topic-partition'
import type { HeldBack } from '../../contract/messages'
import type { ClusterSource } from '../source/source'
import type { LogFacts } from '../source/topics'

/** What lies between the last stable offset and the end of these logs, and whose transactions hold it there; `null` when nothing does. */
export async function heldBack(
  { records, transactions }: ClusterSource,
  logs: readonly LogFacts[],
): Promise<HeldBack | null> {
  const held = logs.filter(({ stable, end }) => stable < end)
  if (held.length === 0) return null
  const [counts, all] = await Promise.all([
    records.count(held.map(({ topic, partition, stable: from, end: before }) => ({ topic, partition, from, before }))),
    transactions.list(),
  ])
  const isHeld = (key: string) => {
    const { topic, partition } = parseKey(key as TopicPartitionKey)
    return held.some((log) => log.topic === topic && log.partition === partition)
  }
  return {
    records: counts.reduce((sum, count) => sum + count, 0),
    by: all
      .filter(({ state, partitions }) => state === 'Ongoing' && partitions.some(isHeld))
      .map(({ transactionalId, startedAt: since }) => ({ transactionalId, since }))
      .sort((a, b) => a.since - b.since),
  }
}
