import { javaHost } from '../../base/java-address'
import type { InternalTopic } from '../../groups/streams/configure'
import type { StreamsHeartbeatReply } from '../../groups/streams/events'
import type { TaskOffset } from '../../groups/streams/group'
import type { Roles, Tasks } from '../../groups/streams/tasks'
import { topicNamesOf } from '../../groups/streams/topology'
import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { wouldAllowOnCluster } from '../authorization'
import { type Answer, type Call, handler } from '../handler'
import { maxPartitionsPerRequest } from '../quotas/mutation'
import { streamsRequestProblem } from '../streams/request'
import { listedTasks, topologyOf } from '../streams/wire'
import { internalTopics, topicNameProblem } from '../topic-name'
import { createTopic } from './create-topics'

type Request = RequestOf<'StreamsGroupHeartbeat'>

const missingInternalTopicsStatus = 3
const missingClientTagsStatus = 6
/** Kafka's group.streams.task.offset.interval.ms and group.streams.acceptable.recovery.lag, which nobody can set. */
const taskOffsetIntervalMs = 60_000
const acceptableRecoveryLag = 10_000
/** The version of CreateTopics in which quotas can refuse: internal topics are created as if the client had asked for them. */
const createTopicsVersion = 7

/** StreamsGroupHeartbeat 0-1 (KIP-1071): join, stay and leave. Answered at once: groups/streams/SPEC.md. */
export const streamsGroupHeartbeat = handler({
  api: 'StreamsGroupHeartbeat',
  versions: [0, 1],
  handle(request, call): Answer<'StreamsGroupHeartbeat'> | Promise<Answer<'StreamsGroupHeartbeat'>> {
    const { core, client, clientId } = call
    const { groupId, memberId, memberEpoch, userEndpoint } = request
    if (!core.groups.settings.isStreamsEnabled(core.features)) return refused('UNSUPPORTED_VERSION', null, call)
    if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) {
      return refused('GROUP_AUTHORIZATION_FAILED', null, call)
    }
    const topology = request.topology && topologyOf(request.topology)
    const names = topology ? topicNamesOf(topology) : []
    const problem = namesProblem(names)
    if (problem) return refused('STREAMS_INVALID_TOPOLOGY', problem, call)
    const isHidden = (topic: string) => !core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', topic)
    if (names.some(isHidden)) return refused('TOPIC_AUTHORIZATION_FAILED', null, call)
    const invalid = streamsRequestProblem(request)
    if (invalid) return refused(invalid.error, invalid.message, call)
    const reply = core.groups.ask<StreamsHeartbeatReply>(
      groupId,
      (ticket) => ({
        kind: 'streamsHeartbeat',
        ticket,
        memberId,
        memberEpoch,
        endpointEpoch: request.endpointInformationEpoch,
        instanceId: request.instanceId,
        rackId: request.rackId,
        clientId: clientId ?? '',
        clientHost: javaHost(client.connection.remoteAddress),
        rebalanceTimeoutMs: request.rebalanceTimeoutMs,
        topology,
        owned: ownedOf(request),
        processId: request.processId,
        userEndpoint: userEndpoint && { host: userEndpoint.host, port: userEndpoint.port },
        clientTags: request.clientTags?.map(({ key, value }) => [key, value] as const) ?? null,
        taskOffsets: request.taskOffsets?.map(offsetOf) ?? null,
        taskEndOffsets: request.taskEndOffsets?.map(offsetOf) ?? null,
        shutdown: request.shutdownApplication,
        settings: core.groups.settings.streams(groupId),
      }),
      { creates: memberEpoch === 0 ? 'streams' : null },
    )
    if (!reply) {
      const what = memberEpoch < 0 ? 'Group' : 'Streams group'
      return refused('GROUP_ID_NOT_FOUND', `${what} ${groupId} not found.`, call)
    }
    return reply.then((value) => withInternalTopics(value, groupId, call))
  },
  storageFailed: (_request, call) => refused('COORDINATOR_NOT_AVAILABLE', null, call),
})

function namesProblem(names: readonly string[]): string | undefined {
  const prohibited = names.filter((name) => internalTopics.has(name))
  if (prohibited.length > 0) {
    return `Use of Kafka internal topics ${prohibited.join(',')} in a Kafka Streams topology is prohibited.`
  }
  const invalid = names.filter((name) => topicNameProblem(name) !== undefined)
  return invalid.length > 0 ? `Topic names ${invalid.join(',')} are not valid topic names.` : undefined
}

function ownedOf({ activeTasks, standbyTasks, warmupTasks }: Request): Roles | null {
  if (activeTasks === null || standbyTasks === null || warmupTasks === null) return null
  return { active: tasksOf(activeTasks), standby: tasksOf(standbyTasks), warmup: tasksOf(warmupTasks) }
}

function tasksOf(tasks: NonNullable<Request['activeTasks']>): Tasks {
  return Object.fromEntries(tasks.map(({ subtopologyId, partitions }) => [subtopologyId, partitions]))
}

function offsetOf({ subtopologyId, partition, offset }: NonNullable<Request['taskOffsets']>[number]): TaskOffset {
  return { subtopologyId, partition, offset: String(offset) }
}

/** [G10] Creates the missing internal topics in the name of the client; what cannot be created is told in the status. */
async function withInternalTopics(
  reply: StreamsHeartbeatReply,
  groupId: string,
  call: Call,
): Promise<Answer<'StreamsGroupHeartbeat'>> {
  if (reply.missing.length === 0) return answer(reply, groupId, call)
  const problem = create(reply.missing, call)
  call.core.groups.internalTopicsTried(groupId, problem)
  await call.core.commits.settled
  if (problem === null) return answer(reply, groupId, call)
  const statuses = reply.statuses.map((status) =>
    status.code === missingInternalTopicsStatus ? { ...status, detail: `${status.detail}; ${problem}` } : status,
  )
  return answer({ ...reply, statuses }, groupId, call)
}

/** Returns why topics could not be created, as the status tells it; `null` when all were created. */
function create(missing: readonly InternalTopic[], call: Call): string | null {
  const { core, client } = call
  const isAllowed = wouldAllowOnCluster({ core, client }, 'CREATE')
  const denied = missing.filter(({ name }) => !isAllowed && !core.authorizer.allows(client, 'CREATE', 'TOPIC', name))
  if (denied.length > 0) return `Unauthorized to CREATE on topics ${denied.map(({ name }) => name).join(', ')}.`
  const total = missing.reduce((sum, { partitions }) => sum + partitions, 0)
  const failures = missing.flatMap(({ name, partitions, replicationFactor, configs }) => {
    if (core.topics.find(name)) return []
    if (total > maxPartitionsPerRequest) {
      return [`${name} (Excessively large number of partitions per request.)`]
    }
    const wanted = {
      name,
      numPartitions: partitions,
      replicationFactor: replicationFactor === 0 ? -1 : replicationFactor,
      assignments: [],
      configs: configs.map(({ key, value }) => ({ name: key, value })),
    }
    const outcome = createTopic(wanted, core.topics.collision(name), false, { ...call, version: createTopicsVersion })
    return 'error' in outcome ? [`${name} (${outcome.message ?? outcome.error})`] : []
  })
  if (failures.length === 0) return null
  const more = failures.length > 3 ? ` and ${failures.length - 3} more` : ''
  return `Creation failed: ${failures.slice(0, 3).join(', ')}${more}.`
}

function answer(
  { error, message, ...reply }: StreamsHeartbeatReply,
  groupId: string,
  call: Call,
): Answer<'StreamsGroupHeartbeat'> {
  if (error !== 'NONE') return refused(error, message, call)
  const isLeaving = reply.memberEpoch < 0
  const { tasks, endpoints } = reply
  return {
    errorCode: 0,
    memberId: reply.memberId,
    memberEpoch: reply.memberEpoch,
    heartbeatIntervalMs: isLeaving ? 0 : call.core.groups.settings.streams(groupId).heartbeatIntervalMs,
    ...(call.version === 0 ? { acceptableRecoveryLagLegacy: isLeaving ? 0 : acceptableRecoveryLag } : {}),
    ...(call.version >= 1 && !isLeaving
      ? { acceptableRecoveryLag: BigInt(acceptableRecoveryLag), topologyDescriptionRequired: reply.wantsDescription }
      : {}),
    taskOffsetIntervalMs: isLeaving ? 0 : taskOffsetIntervalMs,
    status: reply.statuses
      .filter(({ code }) => call.version >= 1 || code !== missingClientTagsStatus)
      .map(({ code, detail }) => ({ statusCode: code, statusDetail: detail })),
    activeTasks: tasks && listedTasks(tasks.active),
    standbyTasks: tasks && listedTasks(tasks.standby),
    warmupTasks: tasks && listedTasks(tasks.warmup),
    endpointInformationEpoch: reply.endpointEpoch,
    partitionsByUserEndpoint:
      endpoints?.map(({ endpoint, active, standby }) => ({
        userEndpoint: { ...endpoint },
        activePartitions: listedTopics(active),
        standbyPartitions: listedTopics(standby),
      })) ?? null,
  }
}

function listedTopics(topics: Readonly<Record<string, readonly number[]>>) {
  return Object.entries(topics).map(([topic, partitions]) => ({ topic, partitions: [...partitions] }))
}

function refused(error: ErrorName, message: string | null, call: Call): Answer<'StreamsGroupHeartbeat'> {
  call.failed(error, message ?? 'streams group heartbeat')
  return {
    errorCode: errorCode(error),
    errorMessage: message,
    memberId: '',
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    ...(call.version === 0 ? { acceptableRecoveryLagLegacy: 0 } : {}),
    taskOffsetIntervalMs: 0,
    status: [],
    endpointInformationEpoch: 0,
  }
}
