import {
  isReady,
  type ProcessorNode,
  type StreamsGroup,
  type StreamsMember,
  streamsStateOf,
  type TaskOffset,
} from '../../groups/streams/group'
import { noTasks, type Roles } from '../../groups/streams/tasks'
import { type TopicInfo, topicNamesOf } from '../../groups/streams/topology'
import type { ResponseInput } from '../../protocol/api-types'
import { errorCode } from '../../protocol/errors'
import { authorizedOperations } from '../authorization'
import { handler } from '../handler'
import { type KafkaFailure, kafkaFailure, unauthorized } from '../kafka-failure'
import { listedTasks } from '../streams/wire'

type Described = NonNullable<ResponseInput<'StreamsGroupDescribe'>['groups']>[number]

const notStored = 1
const available = 3

/** StreamsGroupDescribe 0-1 (KafkaApis.handleStreamsGroupDescribe). */
export const streamsGroupDescribe = handler({
  api: 'StreamsGroupDescribe',
  versions: [0, 1],
  handle(request, call) {
    const groups = request.groupIds.map((groupId): Described => {
      const { core, client } = call
      if (!core.groups.settings.isStreamsEnabled(core.features)) {
        return failed(groupId, kafkaFailure('UNSUPPORTED_VERSION'))
      }
      if (!core.authorizer.allows(client, 'DESCRIBE', 'GROUP', groupId)) {
        return failed(groupId, unauthorized('GROUP_AUTHORIZATION_FAILED'))
      }
      if (groupId === '') return failed(groupId, kafkaFailure('INVALID_GROUP_ID'))
      const group = core.groups.streams(groupId)
      if (!group) {
        const why = core.groups.find(groupId)
          ? `Group ${groupId} is not a streams group.`
          : `Group ${groupId} not found.`
        return failed(groupId, kafkaFailure('GROUP_ID_NOT_FOUND', why))
      }
      const names = group.topology ? topicNamesOf(group.topology) : []
      if (!names.every((name) => core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', name))) {
        const message = 'The described group uses topics that the client is not authorized to describe.'
        return failed(groupId, kafkaFailure('TOPIC_AUTHORIZATION_FAILED', message))
      }
      return {
        ...described(group),
        ...(call.version >= 1 ? { assignorName: 'sticky' } : {}),
        ...(call.version >= 1 && request.includeTopologyDescription ? descriptionOf(group) : {}),
        ...(request.includeAuthorizedOperations
          ? { authorizedOperations: authorizedOperations(call, 'GROUP', groupId) }
          : {}),
      }
    })
    return { groups: call.core.groups.settings.ordered(groups) }
  },
})

function described(group: StreamsGroup): Described {
  return {
    errorCode: 0,
    errorMessage: null,
    groupId: group.groupId,
    groupState: streamsStateOf(group),
    groupEpoch: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    topology: topologyOf(group),
    members: group.members.map((member) => memberOf(member, group.targets[member.memberId] ?? noTasks)),
  }
}

/** With the partitions that were decided when it is ready, else as the members sent it; all lists are sorted. */
function topologyOf(group: StreamsGroup): Described['topology'] {
  const { topology, configured } = group
  if (topology === null) return null
  return {
    epoch: topology.epoch,
    subtopologies: topology.subtopologies.map(({ subtopologyId, sourceTopics, sinks, repartitions, changelogs }) => {
      const decided = isReady(group)
        ? configured?.subtopologies?.find((each) => each.subtopologyId === subtopologyId)
        : undefined
      return {
        subtopologyId,
        sourceTopics: sourceTopics.toSorted(),
        repartitionSinkTopics: sinks.toSorted(),
        stateChangelogTopics: (decided?.changelogs ?? changelogs).map(topicOf).sort(byName),
        repartitionSourceTopics: (decided?.repartitions ?? repartitions).map(topicOf).sort(byName),
      }
    }),
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

function topicOf({ name, partitions, replicationFactor, configs }: TopicInfo) {
  return { name, partitions, replicationFactor, topicConfigs: configs.map(({ key, value }) => ({ key, value })) }
}

function memberOf(member: StreamsMember, target: Roles): NonNullable<Described['members']>[number] {
  const { userEndpoint, clientTags } = member
  return {
    memberId: member.memberId,
    memberEpoch: member.memberEpoch,
    instanceId: member.instanceId,
    rackId: member.rackId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    topologyEpoch: member.topologyEpoch,
    processId: member.processId,
    userEndpoint: userEndpoint && { ...userEndpoint },
    clientTags: clientTags.map(([key, value]) => ({ key, value })),
    taskOffsets: member.taskOffsets.map(offsetOf),
    taskEndOffsets: member.taskEndOffsets.map(offsetOf),
    assignment: rolesOf(member.assigned),
    targetAssignment: rolesOf(target),
    isClassic: false,
  }
}

function offsetOf({ subtopologyId, partition, offset }: TaskOffset) {
  return { subtopologyId, partition, offset: BigInt(offset) }
}

function rolesOf({ active, standby, warmup }: Roles) {
  return { activeTasks: listedTasks(active), standbyTasks: listedTasks(standby), warmupTasks: listedTasks(warmup) }
}

function descriptionOf({ description, topology }: StreamsGroup): Partial<Described> {
  if (!description || description.epoch !== topology?.epoch) return { topologyDescriptionStatus: notStored }
  const { subtopologies, globalStores } = description.value
  return {
    topologyDescriptionStatus: available,
    topologyDescription: {
      subtopologies: subtopologies.map(({ subtopologyId, nodes }) => ({ subtopologyId, nodes: nodes.map(nodeOf) })),
      globalStores: globalStores.map(({ source, processor }) => ({
        source: nodeOf(source),
        processor: nodeOf(processor),
      })),
    },
  }
}

function nodeOf({ sourceTopics, stores, successors, ...node }: ProcessorNode) {
  return { ...node, sourceTopics: [...sourceTopics], stores: [...stores], successors: [...successors] }
}

function failed(groupId: string, { error, message }: KafkaFailure): Described {
  return {
    errorCode: errorCode(error),
    errorMessage: message,
    groupId,
    groupState: '',
    groupEpoch: 0,
    assignmentEpoch: 0,
    members: [],
  }
}
