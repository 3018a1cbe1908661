import { keyOf, parseKey, type TopicPartitionKey } from '../../base/topic-partition'
import type { AbortPlan, BlockedGroup, BlockedPartition, TransactionLine } from '../../contract/workspace'
import { readersOf } from '../groups/groups'
import { readersFor } from '../groups/reach'
import type { PartitionReader } from '../source/clients'
import type { CommittedOffset, GroupFacts } from '../source/groups'
import type { ClusterSource } from '../source/source'
import type { TransactionFacts } from '../source/transactions'

type Line = Omit<TransactionLine, 'blocked'>

/** Open transactions with what they hold back: read_committed consumers get nothing behind the last stable offset of a partition. */
export async function withBlocked(source: ClusterSource, lines: readonly Line[]): Promise<TransactionLine[]> {
  const open = lines.filter(({ state }) => state === 'Ongoing')
  const openIn = openByPartition(open)
  const blocked = await blockedIn(source, new Set(openIn.keys()))
  return lines.map((line) => ({
    ...line,
    blocked:
      line.state === 'Ongoing'
        ? line.partitions.flatMap((key): BlockedPartition[] => {
            const found = blocked.get(key as TopicPartitionKey)
            const others = othersOf(openIn, key, line.transactionalId)
            return found ? [{ ...found, others }] : []
          })
        : [],
  }))
}

/** What an abort of the open transaction of an id would do; `null` when none is open. */
export async function abortPlan(source: ClusterSource, transactionalId: string): Promise<AbortPlan | null> {
  const { transactions } = source
  const [all, written] = await Promise.all([transactions.list(), transactions.written(transactionalId)])
  const open = all.filter(({ state }) => state === 'Ongoing')
  const line = open.find((one) => one.transactionalId === transactionalId)
  if (!line) return null
  const openIn = openByPartition(open)
  const heldBack = await heldBackIn(source, new Set(line.partitions as readonly TopicPartitionKey[]))
  return {
    partitions: line.partitions.map((key) => ({
      ...parseKey(key as TopicPartitionKey),
      written: written ? (written.records.get(key as TopicPartitionKey) ?? 0) : null,
      heldBack: heldBack.get(key as TopicPartitionKey) ?? 0,
      others: othersOf(openIn, key, transactionalId),
    })),
    offsets: written && [...written.offsets].map(([groupId, partitions]) => ({ groupId, partitions })),
  }
}

/** The ids of open transactions by partition. */
function openByPartition(
  open: readonly Pick<TransactionFacts, 'transactionalId' | 'partitions'>[],
): ReadonlyMap<TopicPartitionKey, readonly string[]> {
  const found = new Map<TopicPartitionKey, string[]>()
  for (const { transactionalId, partitions } of open) {
    for (const key of partitions as readonly TopicPartitionKey[]) {
      const ids = found.get(key)
      if (ids) ids.push(transactionalId)
      else found.set(key, [transactionalId])
    }
  }
  return found
}

function othersOf(
  openIn: ReadonlyMap<TopicPartitionKey, readonly string[]>,
  key: string,
  transactionalId: string,
): string[] {
  return (openIn.get(key as TopicPartitionKey) ?? []).filter((id) => id !== transactionalId).sort()
}

/** Records behind the last stable offset, of the partitions that have some. */
async function heldBackIn(
  { topics, records }: ClusterSource,
  keys: ReadonlySet<TopicPartitionKey>,
): Promise<ReadonlyMap<TopicPartitionKey, number>> {
  if (keys.size === 0) return new Map()
  const names = new Set([...keys].map((key) => parseKey(key).topic))
  const logs = [...(await topics.logs([...names])).values()]
    .flat()
    .filter(({ topic, partition, stable, end }) => stable < end && keys.has(keyOf(topic, partition)))
  const counts = await records.count(
    logs.map(({ topic, partition, stable: from, end: before }) => ({ topic, partition, from, before })),
  )
  return new Map(logs.map(({ topic, partition }, i) => [keyOf(topic, partition), counts[i] ?? 0]))
}

async function blockedIn(
  source: ClusterSource,
  keys: ReadonlySet<TopicPartitionKey>,
): Promise<ReadonlyMap<TopicPartitionKey, Omit<BlockedPartition, 'others'>>> {
  const heldBack = await heldBackIn(source, keys)
  if (heldBack.size === 0) return new Map()
  const { groups } = source
  const known = await groups.list()
  const [offsets, readers] = await Promise.all([
    groups.offsets(known.map(({ groupId }) => groupId)),
    readersOf(source, [...new Set([...heldBack.keys()].map((key) => parseKey(key).topic))]),
  ])
  return new Map(
    [...heldBack].map(([key, records]) => {
      const place = parseKey(key)
      const groupsOf = known
        .flatMap((group) => blockedGroup(group, key, offsets.get(group.groupId) ?? [], readers.get(key) ?? []))
        .sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
      return [key, { ...place, records, groups: groupsOf }]
    }),
  )
}

/** A group that reads a partition or has committed an offset of it, and the isolation level that its connections fetch with. */
function blockedGroup(
  group: GroupFacts,
  key: TopicPartitionKey,
  committed: readonly CommittedOffset[],
  readers: readonly PartitionReader[],
): BlockedGroup[] {
  const { topic, partition } = parseKey(key)
  const owner = group.members.find(({ assigned }) => assigned[topic]?.includes(partition))
  if (!owner && !committed.some((row) => row.topic === topic && row.partition === partition)) return []
  const own = owner ? readersFor(group, owner, readers) : []
  const isolation =
    own.length === 0
      ? null
      : own.some(({ committedOnly }) => committedOnly)
        ? ('read_committed' as const)
        : ('read_uncommitted' as const)
  return [{ groupId: group.groupId, isolation }]
}
