import { keyOf, parseKey, type TopicPartitionKey } from '../../base/topic-partition'
import type { GroupDetail, GroupLine, GroupMember, GroupPartition } from '../../contract/groups'
import type { WaitingReset } from '../../contract/reset'
import type { ClientFacts, PartitionReader } from '../source/clients'
import type { CommittedOffset, GroupFacts } from '../source/groups'
import type { ClusterSource } from '../source/source'
import type { LogFacts, TopicFacts } from '../source/topics'
import { ageOf, type Lags, lagsOf, type PartitionLag } from './lags'
import { reachOf } from './reach'

export async function groupLines(
  source: ClusterSource,
  history: Lags,
  waitingOf: (groupId: string) => WaitingReset | null,
  now: number,
): Promise<GroupLine[]> {
  const [groups, topics] = await Promise.all([source.groups.list(), source.topics.list()])
  const groupIds = groups.map(({ groupId }) => groupId)
  const moved = await source.journal?.lastBoundariesAt(groupIds)
  const counts = countsOf(topics)
  const lags = await lagsOf(source, groupIds, now)
  return groups
    .map((group) => {
      const lag = lags.get(group.groupId)
      return {
        groupId: group.groupId,
        type: group.type,
        state: group.state,
        epoch: group.epoch,
        protocol: group.protocol,
        members: group.members.length,
        topics: topicsOf(group, lag?.partitions ?? []),
        lag: lag?.lag ?? null,
        uncommitted: uncommittedOf(group, lag?.partitions ?? [], counts),
        beyondEnd: beyondEndOf(lag?.partitions ?? []),
        missingTopics: missingTopicsOf(source, group, counts),
        lagMs: lag?.lagMs ?? null,
        lagHistory: history.recent(group.groupId),
        rebalancedAt: moved?.get(group.groupId) ?? null,
        waiting: waitingOf(group.groupId),
      }
    })
    .sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
}

/** Partitions whose committed offset is beyond the end of their log. */
function beyondEndOf(partitions: readonly PartitionLag[]): number {
  return partitions.filter(({ behind }) => behind.isBeyond).length
}

/** Topics that members want and that do not exist. A cluster elsewhere may only not show them to this user. */
function missingTopicsOf(
  { workspace }: ClusterSource,
  group: GroupFacts,
  counts: ReadonlyMap<string, number>,
): string[] {
  return workspace.label === null ? topicsOf(group, []).filter((topic) => !counts.has(topic)) : []
}

/** Topics that a group has committed to, is subscribed to, or reads. */
export function topicsOf(
  { members }: Pick<GroupFacts, 'members'>,
  committed: readonly { readonly topic: string }[],
): string[] {
  const names = new Set(members.flatMap(({ subscribed, assigned }) => [...subscribed, ...Object.keys(assigned)]))
  for (const { topic } of committed) names.add(topic)
  return [...names].sort()
}

/** How many partitions each topic has. */
export function countsOf(topics: readonly TopicFacts[]): ReadonlyMap<string, number> {
  return new Map(topics.map(({ name, partitions }) => [name, partitions]))
}

/** Partitions that a group is subscribed to or reads, and has no committed offset for. */
export function uncommittedOf(
  { members }: GroupFacts,
  committed: readonly { readonly topic: string; readonly partition: number }[],
  counts: ReadonlyMap<string, number>,
): number {
  const known = new Set(committed.map(({ topic, partition }) => keyOf(topic, partition)))
  const read = new Set<TopicPartitionKey>()
  for (const { subscribed, assigned } of members) {
    for (const topic of subscribed) {
      for (let number = 0; number < (counts.get(topic) ?? 0); number++) read.add(keyOf(topic, number))
    }
    for (const [topic, numbers] of Object.entries(assigned))
      for (const number of numbers) read.add(keyOf(topic, number))
  }
  return [...read].filter((key) => !known.has(key)).length
}

interface Beside {
  /** Hues of the members by their ids. */
  readonly hues: ReadonlyMap<string, number>
  readonly waiting: WaitingReset | null
  readonly now: number
}

export async function groupDetail(
  source: ClusterSource,
  groupId: string,
  beside: (group: GroupFacts) => Promise<Beside>,
): Promise<GroupDetail | null> {
  const group = await source.groups.find(groupId)
  if (!group) return null
  const { hues, waiting, now } = await beside(group)
  const libraries = librariesOf((await source.clients?.list()) ?? [])
  const members = group.members.map(
    (member): GroupMember => ({
      ...member,
      library: libraries.get(member.clientId) ?? '',
      hue: hues.get(member.memberId) ?? 0,
    }),
  )
  const [lag, committed, topics] = await Promise.all([
    lagsOf(source, [groupId], now).then((lags) => lags.get(groupId)),
    source.groups.offsets([groupId]).then((offsets) => offsets.get(groupId) ?? []),
    source.topics.list(),
  ])
  return {
    groupId,
    type: group.type,
    state: group.state,
    epoch: group.epoch,
    protocol: group.protocol,
    leader: group.leader,
    lag: lag?.lag ?? null,
    uncommitted: uncommittedOf(group, lag?.partitions ?? [], countsOf(topics)),
    beyondEnd: beyondEndOf(lag?.partitions ?? []),
    missingTopics: missingTopicsOf(source, group, countsOf(topics)),
    lagMs: lag?.lagMs ?? null,
    members,
    partitions: await partitionsOf(source, group, members, committed, lag?.partitions ?? [], now),
    waiting,
  }
}

/** What clients of a name say that they run. */
function librariesOf(clients: readonly ClientFacts[]): ReadonlyMap<string, string> {
  const named = clients.filter(({ softwareName }) => softwareName !== '').reverse()
  return new Map(
    named.map(({ clientId, softwareName, softwareVersion }) => [clientId, `${softwareName} ${softwareVersion}`]),
  )
}

async function partitionsOf(
  source: ClusterSource,
  group: GroupFacts,
  members: readonly GroupMember[],
  committed: readonly CommittedOffset[],
  lags: readonly PartitionLag[],
  now: number,
): Promise<GroupPartition[]> {
  const owners = new Map<TopicPartitionKey, GroupMember>()
  for (const member of members) {
    for (const [topic, numbers] of Object.entries(member.assigned)) {
      for (const number of numbers) owners.set(keyOf(topic, number), member)
    }
  }
  const rows = new Map(committed.map((row) => [keyOf(row.topic, row.partition), row]))
  const behinds = new Map(lags.map((lag) => [keyOf(lag.topic, lag.partition), lag.behind]))
  const logs = await source.topics.logs(topicsOf(group, committed))
  const readers = await readersOf(source, [...logs.keys()])
  const byKey = new Map([...logs.values()].flat().map((log) => [keyOf(log.topic, log.partition), log]))
  const keys = new Set([...rows.keys(), ...owners.keys(), ...byKey.keys()])
  return [...keys]
    .flatMap((key): GroupPartition[] => {
      const log = byKey.get(key)
      if (!log) return []
      const row = rows.get(key)
      const behind = behinds.get(key)
      const owner = owners.get(key)
      return [
        {
          ...placeOf(key, log),
          committed: row?.offset ?? null,
          metadata: row?.metadata ?? '',
          committedAt: row?.committedAt ?? null,
          fetched: owner ? fetchedBy(group, owner, readers.get(key) ?? []) : null,
          lag: behind?.records ?? null,
          lagMs: behind ? ageOf(behind, now) : null,
          owner: owner?.memberId ?? null,
        },
      ]
    })
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
}

/** Connections that fetch some topics, by partition; none where the cluster does not tell. */
export async function readersOf(
  { clients }: ClusterSource,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly PartitionReader[]>> {
  const readers = new Map<string, PartitionReader[]>()
  for (const reader of (await clients?.readers(topics)) ?? []) {
    const key = keyOf(reader.topic, reader.partition)
    readers.set(key, [...(readers.get(key) ?? []), reader])
  }
  return readers
}

/** Where a member fetches; `null` when that is not known, as where members of two groups share a client id. */
function fetchedBy(group: GroupFacts, owner: GroupMember, readers: readonly PartitionReader[]): number | null {
  const reach = reachOf(group, owner, readers)
  return reach && reach.least === reach.most ? reach.least : null
}

function placeOf(key: TopicPartitionKey, { start, end }: LogFacts) {
  return { ...parseKey(key), start, end }
}
