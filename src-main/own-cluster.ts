import { internalTopics } from './broker/topic-name'
import type { ComparedCluster, GroupState, OffsetState, SubjectState, TopicState } from './compare/cluster'
import type { ClusterSource } from './desk/source/source'

/** Topics that are read before other work of this thread gets its turn: a few milliseconds. */
const portion = 20

/** The broker in this process as a side of a comparison: read as its pages read it, whatever its ACLs permit to clients. */
export function ownCluster(
  source: Pick<ClusterSource, 'topics' | 'groups' | 'schemas' | 'workspace'>,
): ComparedCluster {
  return {
    reach: async () => source.workspace.clusterId,
    topics: () => topicsOf(source),
    groups: () => groupsOf(source),
    subjects: () => subjectsOf(source),
  }
}

async function topicsOf({ topics }: Pick<ClusterSource, 'topics'>): Promise<ReadonlyMap<string, TopicState>> {
  const found = new Map<string, TopicState>()
  for (const [i, { name, partitions }] of (await topics.list()).entries()) {
    if (i % portion === portion - 1) await new Promise((resolve) => setImmediate(resolve))
    // Internal is what Metadata calls so, for that is known of the other side. One that was deleted meanwhile is left out.
    if (internalTopics.has(name) || !(await topics.find(name))) continue
    const configs = (await topics.configs(name)).filter(({ secret }) => !secret)
    found.set(name, {
      partitions,
      configs: new Map(
        configs.map(({ name: config, value, source }) => [config, { value, isOwn: source === 'DYNAMIC_TOPIC_CONFIG' }]),
      ),
    })
  }
  return found
}

async function groupsOf({
  groups,
  topics,
}: Pick<ClusterSource, 'groups' | 'topics'>): Promise<ReadonlyMap<string, GroupState>> {
  const listed = await groups.list()
  const offsets = await groups.offsets(listed.map(({ groupId }) => groupId))
  const read = new Set([...offsets.values()].flatMap((rows) => rows.map(({ topic }) => topic)))
  const logs = await topics.logs([...read])
  const endOf = (topic: string, partition: number) =>
    logs.get(topic)?.find((log) => log.partition === partition)?.end ?? null
  return new Map(
    listed.map(({ groupId, type, state, members }) => {
      const rows = (offsets.get(groupId) ?? []).map(({ topic, partition, offset, lag }): OffsetState => {
        const end = endOf(topic, partition)
        const left = lag ?? (end === null ? null : Math.max(0, end - offset))
        return { topic, partition, offset: BigInt(offset), lag: left === null ? null : BigInt(left) }
      })
      return [groupId, { type, state, members: members.length, offsets: rows }]
    }),
  )
}

async function subjectsOf({
  schemas,
}: Pick<ClusterSource, 'schemas'>): Promise<ReadonlyMap<string, SubjectState> | null> {
  if (!schemas) return null
  return await schemas.read(
    ({ state }) =>
      new Map(
        state.subjects().flatMap((subject) => {
          const versions = state.versions(subject, 'live')
          const read = versions.map(
            ({ version, id, schema }) => [version, { id, schemaType: schema.type, schema: schema.text }] as const,
          )
          return read.length === 0 ? [] : [[subject, { versions: new Map(read) }] as const]
        }),
      ),
  )
}
