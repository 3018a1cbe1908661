import { clusterResourceName } from '../../base/acl-names'
import { zeroUuid } from '../../base/uuid'
import type { RequestOf, ResponseInput } from '../../protocol/api-types'
import type { ErrorName } from '../../protocol/errors'
import { errorCode } from '../../protocol/errors'
import { authorizedOperations, wouldAllowOnCluster } from '../authorization'
import { endpointFor } from '../cluster'
import { type Call, handler } from '../handler'
import { leaderEpoch } from '../log/leader-epoch'
import type { Topic } from '../log/topics'
import { maxPartitionsPerRequest } from '../quotas/mutation'
import { topicNameProblem } from '../topic-name'

/** Ids are in requests from version 10 on, but answered from here on (KafkaApis.handleTopicMetadataRequest). */
const firstVersionById = 12

type TopicAnswer = NonNullable<ResponseInput<'Metadata'>['topics']>[number]

/** Metadata 0-13 (KafkaApis.handleTopicMetadataRequest). A missing topic is created at once where that is allowed. */
export const metadata = handler({
  api: 'Metadata',
  versions: [0, 13],
  handle: (request, call) => answer(request, call, call.version < 4 || request.allowAutoTopicCreation),
  // Kafka creates such a topic later, and until then answers as if it were not there: the client asks again.
  storageFailed: (request, call) => answer(request, call, false),
})

function answer(request: RequestOf<'Metadata'>, call: Call, createMissing: boolean): ResponseInput<'Metadata'> {
  const { core, version } = call
  const invalid = request.topics?.some(({ name, topicId }) => name === null || topicId !== zeroUuid)
  if (invalid && version < firstVersionById) {
    const topics = (request.topics ?? []).map(({ name }) => missing(name ?? '', 'INVALID_REQUEST', version))
    return { brokers: [], controllerId: -1, topics }
  }
  const all = request.topics === null || (version === 0 && request.topics.length === 0)
  const wanted = request.topics ?? []
  const withOperations = request.includeTopicAuthorizedOperations
  const topics = all
    ? core.topics
        .all()
        .filter((topic) => call.core.authorizer.wouldAllow(call.client, 'DESCRIBE', 'TOPIC', topic.name))
        .map((topic) => found(topic, call, withOperations))
    : created(
        wanted.map(({ name, topicId }) =>
          topicId !== zeroUuid
            ? byId(topicId, call, withOperations)
            : byName(name ?? '', createMissing, call, withOperations),
        ),
        call,
        withOperations,
      )
  const { host, port } = endpointFor(core.cluster, call.client.connection)
  return {
    brokers: [{ nodeId: core.cluster.nodeId, host, port }],
    clusterId: core.cluster.clusterId,
    controllerId: core.cluster.nodeId,
    topics,
    ...(version >= 8 && version <= 10 && request.includeClusterAuthorizedOperations
      ? { clusterAuthorizedOperations: authorizedOperations(call, 'CLUSTER', clusterResourceName) }
      : {}),
  }
}

function byId(topicId: string, call: Call, withOperations: boolean): TopicAnswer {
  const topic = call.core.topics.byId(topicId)
  if (!topic || !call.core.authorizer.allows(call.client, 'DESCRIBE', 'TOPIC', topic.name)) {
    return { ...missing('', 'UNKNOWN_TOPIC_ID', call.version), topicId, name: call.version >= 12 ? null : '' }
  }
  return found(topic, call, withOperations)
}

/** A topic that is to be created. */
interface Missing {
  readonly create: string
}

/**
 * Creates the missing topics of a request; none when they are more than one request may create, as the controller refuses the
 * request that the broker sends it for them (ReplicationControlManager.validateTotalNumberOfPartitions).
 */
function created(outcomes: readonly (TopicAnswer | Missing)[], call: Call, withOperations: boolean): TopicAnswer[] {
  const { topics, configs } = call.core
  const partitions = configs.brokerNumber('num.partitions')
  const names = new Set(outcomes.flatMap((outcome) => ('create' in outcome ? [outcome.create] : [])))
  const mayCreate = names.size * partitions <= maxPartitionsPerRequest
  return outcomes.map((outcome) => {
    if (!('create' in outcome)) return outcome
    const name = outcome.create
    if (!mayCreate) return missing(name, 'UNKNOWN_TOPIC_OR_PARTITION', call.version)
    return found(topics.find(name) ?? topics.create(name, partitions), call, withOperations)
  })
}

function byName(name: string, createMissing: boolean, call: Call, withOperations: boolean): TopicAnswer | Missing {
  const { core, client, version } = call
  const topic = core.topics.find(name)
  if (!core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', name)) {
    return missing(name, 'TOPIC_AUTHORIZATION_FAILED', version)
  }
  if (topic) return found(topic, call, withOperations)
  if (topicNameProblem(name)) return missing(name, 'INVALID_TOPIC_EXCEPTION', version)
  if (!createMissing || !core.configs.brokerFlag('auto.create.topics.enable')) {
    return missing(name, 'UNKNOWN_TOPIC_OR_PARTITION', version)
  }
  const mayCreate =
    wouldAllowOnCluster({ core, client }, 'CREATE') || core.authorizer.allows(client, 'CREATE', 'TOPIC', name)
  if (!mayCreate) return missing(name, 'TOPIC_AUTHORIZATION_FAILED', version)
  if (core.topics.collision(name)) return missing(name, 'INVALID_TOPIC_EXCEPTION', version)
  return { create: name }
}

function missing(name: string, error: ErrorName, version: number): TopicAnswer {
  return { errorCode: errorCode(error), name: version >= 12 ? name || null : name, topicId: zeroUuid, partitions: [] }
}

function found(topic: Topic, call: Call, withOperations: boolean): TopicAnswer {
  const { nodeId } = call.core.cluster
  const nodes = [nodeId]
  return {
    errorCode: errorCode('NONE'),
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.internal,
    partitions: Array.from({ length: topic.partitionCount }, (_, partitionIndex) => ({
      errorCode: errorCode('NONE'),
      partitionIndex,
      leaderId: nodeId,
      leaderEpoch,
      replicaNodes: nodes,
      isrNodes: nodes,
      offlineReplicas: [],
    })),
    ...(withOperations ? { topicAuthorizedOperations: authorizedOperations(call, 'TOPIC', topic.name) } : {}),
  }
}
