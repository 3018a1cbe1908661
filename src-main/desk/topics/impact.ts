import type { GroupAtRisk, TopicImpact } from '../../contract/topics'
import type { ClusterSource } from '../source/source'
import type { MeasuredLog, ProducerFacts } from '../source/topics'
import { measuredLogsOf } from './topics'

/** Producers that are told of one topic. */
const mostProducers = 100

/** What would be lost with each of these topics, and who would notice. @throws Error when one is gone */
export async function topicsImpact(source: ClusterSource, topics: readonly string[]): Promise<TopicImpact[]> {
  const [groups, clients] = await Promise.all([source.groups.list(), source.clients?.list() ?? null])
  const offsets = await source.groups.offsets(groups.map(({ groupId }) => groupId))
  return await Promise.all(
    topics.map(async (topic) => {
      const [logs, producers] = await Promise.all([measuredLogsOf(source, topic), source.topics.producers(topic)])
      return {
        topic,
        partitions: logs.length,
        records: logs.reduce((sum, { records, start, end }) => sum + (records ?? end - start), 0),
        sizeBytes: sizeOf(logs),
        newestAt: Math.max(-1, ...logs.map(({ newestAt }) => newestAt ?? -1)),
        groups: groups.flatMap(({ groupId, state, members }): GroupAtRisk[] => {
          const committed = (offsets.get(groupId) ?? []).filter((row) => row.topic === topic)
          const reads = members.some((member) => member.subscribed.includes(topic) || topic in member.assigned)
          if (committed.length === 0 && !reads) return []
          const rows = committed.map(({ partition, offset }) => ({ partition, offset }))
          return [{ groupId, state, members: members.length, committed: rows }]
        }),
        writers:
          clients &&
          [...new Set(clients.flatMap(({ clientId, writes }) => (writes.includes(topic) ? [clientId] : [])))].sort(),
        producers: producers && newestOf(producers.flat()),
      }
    }),
  )
}

function sizeOf(logs: readonly MeasuredLog[]): number | null {
  if (logs.some(({ sizeBytes }) => sizeBytes === null)) return null
  return logs.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)
}

/** A producer may have written to several partitions. */
function newestOf(all: readonly ProducerFacts[]): ProducerFacts[] {
  const byId = new Map<string, number>()
  for (const { producerId, lastAt } of all) byId.set(producerId, Math.max(lastAt, byId.get(producerId) ?? -1))
  return [...byId]
    .map(([producerId, lastAt]) => ({ producerId, lastAt }))
    .sort((a, b) => b.lastAt - a.lastAt)
    .slice(0, mostProducers)
}
