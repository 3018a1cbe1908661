import type { PartitionLine, TopicGroup, TopicGroupLine, TopicLine } from '../../contract/topics'
import { lagsOf } from '../groups/lags'
import type { Pulse } from '../home/pulse'
import type { ClusterSource } from '../source/source'
import type { LogFacts, MeasuredLog, TopicFacts } from '../source/topics'

export async function topicLines(source: ClusterSource, pulse: Pulse, now: number): Promise<TopicLine[]> {
  const topics = await source.topics.list()
  const names = topics.map(({ name }) => name)
  const [logs, policies, lags] = await Promise.all([
    source.topics.measuredLogs(names),
    source.topics.configOf('cleanup.policy', names),
    lagsByTopic(source, now),
  ])
  return topics.map(({ name, id, internal, partitions }) => {
    const rate = pulse.rateOf(name)
    return {
      name,
      id,
      internal,
      partitions,
      ...sumOf(logs.get(name) ?? []),
      cleanupPolicy: policies.get(name) ?? '',
      inPerSecond: rate.inRecords,
      inBytesPerSecond: rate.inBytes,
      outBytesPerSecond: rate.outBytes,
      groups: lags.get(name) ?? [],
    }
  })
}

function sumOf(logs: readonly MeasuredLog[]): Pick<TopicLine, 'messages' | 'sizeBytes' | 'lastMessageAt'> {
  const sum = { messages: recordsIn(logs), sizeBytes: 0, lastMessageAt: -1 }
  for (const { sizeBytes, newestAt } of logs) {
    sum.sizeBytes += sizeBytes ?? 0
    sum.lastMessageAt = Math.max(sum.lastMessageAt, newestAt ?? -1)
  }
  return sum
}

/** Where only offsets are known, these. */
function recordsIn(logs: readonly LogFacts[]): number {
  return logs.reduce((sum, { records, start, end }) => sum + (records ?? end - start), 0)
}

/** Records of all topics that people write to. */
export async function countMessages(source: ClusterSource, topics: readonly TopicFacts[]): Promise<number> {
  const logs = await source.topics.logs(topics.flatMap(({ internal, name }) => (internal ? [] : [name])))
  return recordsIn([...logs.values()].flat())
}

/** The groups that have committed to a topic, subscribe to it or read it, by name. Only that topic is measured. */
export async function topicGroups(
  { groups, records }: Pick<ClusterSource, 'groups' | 'records'>,
  topic: string,
): Promise<readonly TopicGroupLine[]> {
  const all = await groups.list()
  const committed = await groups.offsets(all.map(({ groupId }) => groupId))
  const offsets = [...committed].flatMap(([groupId, rows]) =>
    rows.filter((row) => row.topic === topic).map((row) => ({ groupId, row })),
  )
  const behinds = await records.behind(offsets.map(({ row }) => row))
  const lags = new Map<string, number>()
  for (const [i, { groupId }] of offsets.entries()) {
    const behind = behinds[i]
    if (behind) lags.set(groupId, (lags.get(groupId) ?? 0) + behind.records)
  }
  return all
    .map(({ groupId, state, members }) => ({
      groupId,
      state,
      members: members.filter(({ subscribed, assigned }) => subscribed.includes(topic) || topic in assigned).length,
      lag: lags.get(groupId) ?? null,
    }))
    .filter(({ members, lag }) => members > 0 || lag !== null)
    .sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
}

export function isSameTopicGroup(before: TopicGroupLine, now: TopicGroupLine): boolean {
  return (
    before.groupId === now.groupId &&
    before.state === now.state &&
    before.members === now.members &&
    before.lag === now.lag
  )
}

async function lagsByTopic(source: ClusterSource, now: number): Promise<Map<string, TopicGroup[]>> {
  const lags = await lagsOf(source, await source.groups.ids(), now)
  const result = new Map<string, TopicGroup[]>()
  for (const [groupId, { partitions }] of lags) {
    const byTopic = new Map<string, number>()
    for (const { topic, behind } of partitions) byTopic.set(topic, (byTopic.get(topic) ?? 0) + behind.records)
    for (const [topic, lag] of byTopic) result.set(topic, [...(result.get(topic) ?? []), { groupId, lag }])
  }
  return result
}

/** @throws Error when the topic is gone */
export async function partitionLines(source: ClusterSource, name: string): Promise<PartitionLine[]> {
  const [logs, producers] = await Promise.all([measuredLogsOf(source, name), source.topics.producers(name)])
  return logs.map(({ partition, start, end, stable, sizeBytes, newestAt }) => ({
    number: partition,
    start,
    end,
    stable,
    sizeBytes: sizeBytes ?? 0,
    newestAt: newestAt ?? -1,
    producers: producers?.[partition]?.length ?? 0,
  }))
}

/** By partition: the offset of the first record at or after `at` (ms), the log end when there is none. @throws Error when the topic is gone */
export async function offsetsAt(source: ClusterSource, name: string, at: number): Promise<readonly number[]> {
  return await source.records.offsetsAt(await logsOf(source, name), at)
}

/** @throws Error when the topic is gone */
async function logsOf({ topics }: ClusterSource, name: string): Promise<readonly LogFacts[]> {
  return there((await topics.logs([name])).get(name), name)
}

/** @throws Error when the topic is gone */
export async function measuredLogsOf({ topics }: ClusterSource, name: string): Promise<readonly MeasuredLog[]> {
  return there((await topics.measuredLogs([name])).get(name), name)
}

function there<T>(logs: T | undefined, name: string): T {
  if (!logs) throw new Error(`There is no topic ${name}; it may have been deleted.`)
  return logs
}
