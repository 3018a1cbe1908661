import { keyOf } from '../../base/topic-partition'
import { coordinatorOf } from '../../client/admin/groups'
import { type DescribedStreamsGroup, describeStreamsGroups } from '../../client/admin/streams-groups'
import type { KafkaClient } from '../../client/client'
import { KafkaError } from '../../client/failures'
import { listOffsets, offsetSpecs } from '../../client/offsets'
import type { GroupFacts, MemberFacts } from '../source/groups'
import type { StreamsGroupFacts, StreamsMemberFacts, StreamsSource, TaskNumbers, TaskRoles } from '../source/streams'
import { Fresh } from './fresh'

type DescribedMember = DescribedStreamsGroup['members'][number]
type DescribedTopology = NonNullable<DescribedStreamsGroup['topology']>

const maxAgeMs = 2000
/** Groups that are remembered, and asked for again when they are looked at. */
const maxGroups = 20
/** Statuses that a topology can have (KIP-1071). */
const statuses = { missingSources: 1, wrongPartitions: 2, missingInternal: 3 } as const
/** Status of a topology description that the coordinator has (KIP-1331). */
const available = 3
const noTasks: TaskRoles = { active: {}, standby: {}, warmup: {} }

/**
 * Streams groups of a cluster elsewhere, as StreamsGroupDescribe tells them: topology, tasks and targets. What a member must revoke
 * and why a topology does not fit is not told.
 */
export function remoteStreams(client: KafkaClient): StreamsSource {
  const known = new Map<string, Fresh<DescribedStreamsGroup | null>>()
  const described = async (groupId: string) => {
    const answer = await client.retry(() => describeStreamsGroups(client, coordinatorOf(groupId), [groupId]))
    const group = answer.get(groupId)
    if (group instanceof KafkaError) throw group
    return group ?? null
  }
  const freshOf = (groupId: string) => {
    const fresh = known.get(groupId) ?? new Fresh(client.clock, maxAgeMs, () => described(groupId))
    known.delete(groupId)
    known.set(groupId, fresh)
    for (const oldest of known.keys()) if (known.size > maxGroups) known.delete(oldest)
    return fresh
  }
  return {
    async find(groupId) {
      const group = await freshOf(groupId).get()
      if (!group) return null
      const topics = await partitionsOf(client, namesIn(group.topology))
      return { group: factsOf(group, topics), state: group.groupState }
    },
    async logEnds(names) {
      const counts = await partitionsOf(client, names)
      const queries = [...counts].flatMap(([topic, count]) =>
        Array.from({ length: count }, (_, partition) => ({ topic, partition, timestamp: offsetSpecs.latest })),
      )
      const ends = await listOffsets(client, queries)
      return new Map(
        [...counts].map(([topic, count]): [string, number[]] => [
          topic,
          Array.from({ length: count }, (_, partition) => {
            const end = ends.get(keyOf(topic, partition))
            return end === undefined || end instanceof KafkaError ? 0 : Number(end.offset ?? 0n)
          }),
        ]),
      )
    },
  }
}

async function partitionsOf(client: KafkaClient, names: readonly string[]): Promise<Map<string, number>> {
  const topics = names.length === 0 ? [] : await client.describeTopics(names)
  return new Map(
    topics.filter(({ error }) => error === 'NONE').map(({ name, partitions }) => [name, partitions.length]),
  )
}

function namesIn(topology: DescribedTopology | null): string[] {
  const names = (topology?.subtopologies ?? []).flatMap((each) => [
    ...each.sourceTopics,
    ...each.repartitionSourceTopics.map(({ name }) => name),
    ...each.stateChangelogTopics.map(({ name }) => name),
  ])
  return [...new Set(names)]
}

function factsOf(group: DescribedStreamsGroup, topics: ReadonlyMap<string, number>): StreamsGroupFacts {
  const { topology, topologyDescription, topologyDescriptionStatus } = group
  return {
    groupId: group.groupId,
    groupEpoch: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    members: group.members.map(memberOf),
    targets: Object.fromEntries(group.members.map((member) => [member.memberId, rolesOf(member.targetAssignment)])),
    topology: topology && {
      epoch: topology.epoch,
      subtopologies: (topology.subtopologies ?? []).map((each) => ({
        subtopologyId: each.subtopologyId,
        sourceTopics: each.sourceTopics,
        sourceTopicRegex: [],
        changelogs: each.stateChangelogTopics,
        sinks: each.repartitionSinkTopics,
        repartitions: each.repartitionSourceTopics,
      })),
    },
    configured: topology && configuredOf(group, topology, topics),
    refusedTopics: null,
    configs: { tags: [] },
    firstAssignmentAt: null,
    shutdownBy: null,
    description:
      topology && topologyDescription && topologyDescriptionStatus === available
        ? { epoch: topology.epoch, value: topologyDescription }
        : null,
  }
}

/** The number of tasks of a subtopology is that of the partitions of its largest input, when its topics fit. */
function configuredOf(
  { groupState }: DescribedStreamsGroup,
  { subtopologies }: DescribedTopology,
  topics: ReadonlyMap<string, number>,
): StreamsGroupFacts['configured'] {
  const all = subtopologies ?? []
  if (groupState === 'NotReady') return { subtopologies: null, ...problemOf(all, topics) }
  return {
    missing: [],
    problem: null,
    subtopologies: all.map(({ subtopologyId, sourceTopics, repartitionSourceTopics }) => {
      const inputs = [...sourceTopics, ...repartitionSourceTopics.map(({ name }) => name)]
      const decided = repartitionSourceTopics.map(({ partitions }) => partitions)
      const counts = inputs.map((topic) => topics.get(topic) ?? 0)
      return { subtopologyId, inputs, tasks: Math.max(0, ...decided, ...counts) }
    }),
  }
}

function problemOf(
  subtopologies: NonNullable<DescribedTopology['subtopologies']>,
  topics: ReadonlyMap<string, number>,
) {
  if (subtopologies.some(({ sourceTopics }) => sourceTopics.some((topic) => !topics.has(topic)))) {
    return { missing: [], problem: { status: statuses.missingSources, detail: '' } }
  }
  const missing = subtopologies
    .flatMap((each) => [...each.repartitionSourceTopics, ...each.stateChangelogTopics])
    .filter(({ name }) => !topics.has(name))
  if (missing.length > 0) return { missing, problem: { status: statuses.missingInternal, detail: '' } }
  const detail = 'The topics do not fit the topology: the log of the application says which.'
  return { missing, problem: { status: statuses.wrongPartitions, detail } }
}

function memberOf(member: DescribedMember): StreamsMemberFacts {
  return {
    memberId: member.memberId,
    clientHost: member.clientHost,
    processId: member.processId,
    userEndpoint: member.userEndpoint,
    clientTags: member.clientTags.map(({ key, value }) => [key, value] as const),
    topologyEpoch: member.topologyEpoch,
    memberEpoch: member.memberEpoch,
    // A member that is behind shows it by its epoch.
    state: 'STABLE',
    assigned: rolesOf(member.assignment),
    pendingRevocation: noTasks,
    revocationDeadline: null,
    taskOffsets: member.taskOffsets.map(offsetOf),
    taskEndOffsets: member.taskEndOffsets.map(offsetOf),
  }
}

function offsetOf({ subtopologyId, partition, offset }: DescribedMember['taskOffsets'][number]) {
  return { subtopologyId, partition, offset: String(offset) }
}

function rolesOf({ activeTasks, standbyTasks, warmupTasks }: DescribedMember['assignment']): TaskRoles {
  return { active: numbersOf(activeTasks), standby: numbersOf(standbyTasks), warmup: numbersOf(warmupTasks) }
}

function numbersOf(tasks: DescribedMember['assignment']['activeTasks']): TaskNumbers {
  return Object.fromEntries(tasks.map(({ subtopologyId, partitions }) => [subtopologyId, partitions]))
}

/** A streams group among the others: its members read the input partitions of their active tasks. */
export function streamsGroupFacts(group: DescribedStreamsGroup): GroupFacts {
  const subtopologies = group.topology?.subtopologies ?? []
  const inputsOf = (id: string) =>
    subtopologies
      .filter(({ subtopologyId }) => subtopologyId === id)
      .flatMap((each) => [...each.sourceTopics, ...each.repartitionSourceTopics.map(({ name }) => name)])
  const byTopic = (tasks: TaskNumbers) =>
    Object.fromEntries(Object.entries(tasks).flatMap(([id, numbers]) => inputsOf(id).map((topic) => [topic, numbers])))
  const subscribed = [...new Set(subtopologies.flatMap(({ subtopologyId }) => inputsOf(subtopologyId)))].sort()
  const named = (...lists: readonly TaskNumbers[]) =>
    lists.flatMap((tasks) => Object.entries(tasks).flatMap(([id, numbers]) => numbers.map((each) => `${id}_${each}`)))
  return {
    groupId: group.groupId,
    type: 'streams',
    state: group.groupState,
    epoch: group.groupEpoch,
    protocol: group.assignorName ?? '',
    leader: null,
    members: group.members.map((member): MemberFacts => {
      const { active, standby, warmup } = rolesOf(member.assignment)
      return {
        memberId: member.memberId,
        instanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        phase: member.memberEpoch >= 0 && member.memberEpoch < group.assignmentEpoch ? 'waiting' : 'stable',
        epoch: member.memberEpoch,
        subscribed,
        assigned: byTopic(active),
        target: byTopic(rolesOf(member.targetAssignment).active),
        tasks: { active: named(active), standby: named(standby, warmup) },
      }
    }),
  }
}
