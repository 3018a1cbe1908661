import { keyOf } from '../base/topic-partition'
import { describeTopicConfigs } from '../client/admin/configs'
import { describeGroups } from '../client/admin/describe-group'
import { type CommittedOffset, committedOffsetsOf, type GroupListing, listGroups } from '../client/admin/groups'
import { describeShareGroups, shareOffsets } from '../client/admin/share-groups'
import { describeStreamsGroups } from '../client/admin/streams-groups'
import type { KafkaClient } from '../client/client'
import { ClientError, KafkaError } from '../client/failures'
import { listOffsets, offsetSpecs } from '../client/offsets'
import type { ComparedCluster, GroupState, OffsetState, TopicState, Untold } from './cluster'
import { type RegistryReader, registrySubjects } from './registry-subjects'

/** Groups of one question, and share groups that are asked at once. */
const portion = 50

/** A cluster that is read through a client. @param registry null: its schema registry is not known */
export function clientCluster(client: KafkaClient, registry: RegistryReader | null): ComparedCluster {
  return {
    async reach() {
      await client.nodes()
      return client.metadata.clusterId
    },
    topics: (untold) => topicsOf(client, untold),
    groups: (untold) => groupsOf(client, untold),
    subjects: async () => registry && (await registrySubjects(registry)),
  }
}

async function topicsOf(client: KafkaClient, untold: Untold): Promise<ReadonlyMap<string, TopicState>> {
  const found = (await client.describeTopics(null)).filter(({ error, isInternal }) => error === 'NONE' && !isInternal)
  const described = await describeTopicConfigs(
    client,
    found.map(({ name }) => name),
    null,
  )
  const problems = new Set<string>()
  const topics = found.map(({ name, partitions }): [string, TopicState] => {
    const configs = described.get(name)
    if (configs instanceof Error) problems.add(configs.message)
    const known = configs && !(configs instanceof Error) ? configs.filter(({ isSensitive }) => !isSensitive) : null
    const states = known?.map(({ name: config, value, source }) => {
      return [config, { value, isOwn: source === 'DYNAMIC_TOPIC_CONFIG' }] as const
    })
    return [name, { partitions: partitions.length, configs: states ? new Map(states) : null }]
  })
  tellSome(problems, untold)
  return new Map(topics)
}

/** Problems that are told one by one: a thousand topics without permission are not a thousand sentences. */
const mostProblems = 5

function tellSome(problems: ReadonlySet<string>, untold: Untold): void {
  const texts = [...problems]
  for (const text of texts.slice(0, mostProblems)) untold(text)
  if (texts.length > mostProblems) untold(`And ${texts.length - mostProblems} more like these.`)
}

async function groupsOf(client: KafkaClient, untold: Untold): Promise<ReadonlyMap<string, GroupState>> {
  const listed = await listGroups(client)
  const problems = new Set<string>()
  const [members, offsets] = await Promise.all([
    membersOf(client, listed, problems),
    offsetsOf(client, listed, problems),
  ])
  const withLag = await lagsOf(client, offsets)
  tellSome(problems, untold)
  return new Map(
    listed.map(({ groupId, type, state }) => [
      groupId,
      {
        type: type.toLowerCase(),
        state: state || null,
        members: members.get(groupId) ?? null,
        offsets: withLag.get(groupId) ?? null,
      },
    ]),
  )
}

/** How many members each group has, described by its coordinator in portions. */
async function membersOf(
  client: KafkaClient,
  listed: readonly GroupListing[],
  problems: Set<string>,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  await inPortions(listed, async (nodeId, groups) => {
    const to = { to: 'node', nodeId } as const
    const ids = (kind: string) => groups.filter((group) => kindOf(group) === kind).map(({ groupId }) => groupId)
    const classic = new Set(groups.filter(({ type }) => /^classic$/i.test(type)).map(({ groupId }) => groupId))
    const [shares, streams, others] = [ids('share'), ids('streams'), ids('other')]
    const described = await Promise.all([
      shares.length === 0 ? [] : describeShareGroups(client, to, shares),
      streams.length === 0 ? [] : describeStreamsGroups(client, to, streams),
      others.length === 0 ? [] : describeGroups(client, to, others, (groupId) => classic.has(groupId)),
    ])
    for (const [groupId, group] of described.flatMap((some) => [...some])) {
      if (group instanceof KafkaError) problems.add(group.message)
      else counts.set(groupId, group.members.length)
    }
  }).catch((error: unknown) => noteRefusal(error, problems))
  return counts
}

interface Offsets {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** Undefined: it is computed from the log end offset. */
  readonly lag?: bigint | null
}

async function offsetsOf(
  client: KafkaClient,
  listed: readonly GroupListing[],
  problems: Set<string>,
): Promise<Map<string, readonly Offsets[]>> {
  const found = new Map<string, readonly Offsets[]>()
  await inPortions(listed, async (nodeId, groups) => {
    const shares = groups.filter((group) => kindOf(group) === 'share')
    const others = groups.filter((group) => kindOf(group) !== 'share').map(({ groupId }) => groupId)
    const committed: ReadonlyMap<string, readonly CommittedOffset[]> = await committedOffsetsOf(client, nodeId, others)
    for (const groupId of others) {
      const rows = committed.get(groupId)
      if (rows) found.set(groupId, rows)
      else problems.add(`The committed offsets of ${groupId} may not be read.`)
    }
    await Promise.all(
      shares.map(async ({ groupId }) => {
        try {
          const rows = await shareOffsets(client, groupId)
          found.set(
            groupId,
            rows.flatMap(({ startOffset, ...row }) => (startOffset === null ? [] : [{ ...row, offset: startOffset }])),
          )
        } catch (error) {
          noteRefusal(error, problems)
        }
      }),
    )
  }).catch((error: unknown) => noteRefusal(error, problems))
  return found
}

/** Adds how far each offset is behind the end of its log; each partition is asked for once. */
async function lagsOf(
  client: KafkaClient,
  offsets: ReadonlyMap<string, readonly Offsets[]>,
): Promise<Map<string, readonly OffsetState[]>> {
  const places = new Map(
    [...offsets.values()]
      .flat()
      .filter(({ lag }) => lag === undefined)
      .map(({ topic, partition }) => [keyOf(topic, partition), { topic, partition, timestamp: offsetSpecs.latest }]),
  )
  const ends = places.size === 0 ? new Map() : await listOffsets(client, [...places.values()])
  const lagOf = ({ topic, partition, offset, lag }: Offsets): bigint | null => {
    if (lag !== undefined) return lag
    const end = ends.get(keyOf(topic, partition))
    if (end === undefined || end instanceof KafkaError || end.offset === null) return null
    return end.offset > offset ? end.offset - offset : 0n
  }
  return new Map(
    [...offsets].map(([groupId, rows]) => [
      groupId,
      rows.map((row) => ({ topic: row.topic, partition: row.partition, offset: row.offset, lag: lagOf(row) })),
    ]),
  )
}

/** Runs `ask` with the groups of each coordinator: coordinators at the same time, the portions of one in turn. */
async function inPortions(
  listed: readonly GroupListing[],
  ask: (nodeId: number, groups: readonly GroupListing[]) => Promise<void>,
): Promise<void> {
  const byNode = new Map<number, GroupListing[]>()
  for (const group of listed) byNode.set(group.nodeId, [...(byNode.get(group.nodeId) ?? []), group])
  await Promise.all(
    [...byNode].map(async ([nodeId, groups]) => {
      for (let at = 0; at < groups.length; at += portion) await ask(nodeId, groups.slice(at, at + portion))
    }),
  )
}

/** The API that describes a group: share and streams groups have their own. */
function kindOf({ type }: GroupListing): 'share' | 'streams' | 'other' {
  const known = type.toLowerCase()
  return known === 'share' || known === 'streams' ? known : 'other'
}

/** What a cluster refuses or does not serve is left out; a cluster that is gone ends the comparison of this part. */
function noteRefusal(error: unknown, problems: Set<string>): void {
  const isRefusal = error instanceof KafkaError || (error instanceof ClientError && error.problem === 'unsupported')
  if (!isRefusal) throw error
  problems.add(error.message)
}
