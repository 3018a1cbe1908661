import { keyOf, parseKey, type TopicPartitionKey } from '../../base/topic-partition'
import type { BlockedPartition, TransactionLine } from '../../contract/workspace'
import type { ClusterSource } from '../source/source'

/** Open transactions with what they hold back: read_committed consumers get nothing behind the last stable offset of a partition. */
export async function withBlocked(
  source: ClusterSource,
  lines: readonly Omit<TransactionLine, 'blocked'>[],
): Promise<TransactionLine[]> {
  const open = lines.filter(({ state }) => state === 'Ongoing')
  const keys = new Set(open.flatMap(({ partitions }) => partitions as readonly TopicPartitionKey[]))
  const blocked = await blockedIn(source, keys)
  return lines.map((line) => ({
    ...line,
    blocked:
      line.state === 'Ongoing'
        ? line.partitions.flatMap((key) => {
            const found = blocked.get(key as TopicPartitionKey)
            return found ? [found] : []
          })
        : [],
  }))
}

async function blockedIn(
  { topics, records, groups }: ClusterSource,
  keys: ReadonlySet<TopicPartitionKey>,
): Promise<ReadonlyMap<TopicPartitionKey, BlockedPartition>> {
  if (keys.size === 0) return new Map()
  const names = new Set([...keys].map((key) => parseKey(key).topic))
  const logs = [...(await topics.logs([...names])).values()]
    .flat()
    .filter(({ topic, partition, stable, end }) => stable < end && keys.has(keyOf(topic, partition)))
  const [counts, known] = await Promise.all([
    records.count(logs.map(({ topic, partition, stable: from, end: before }) => ({ topic, partition, from, before }))),
    groups.list(),
  ])
  const offsets = await groups.offsets(known.map(({ groupId }) => groupId))
  const readersOf = (topic: string, partition: number) =>
    known
      .filter(
        ({ groupId, members }) =>
          members.some(({ assigned }) => assigned[topic]?.includes(partition)) ||
          offsets.get(groupId)?.some((row) => row.topic === topic && row.partition === partition),
      )
      .map(({ groupId }) => groupId)
      .sort()
  return new Map(
    logs.map(({ topic, partition }, i) => [
      keyOf(topic, partition),
      { topic, partition, records: counts[i] ?? 0, groups: readersOf(topic, partition) },
    ]),
  )
}
