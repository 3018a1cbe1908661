import type { RequestOf, ResponseInput } from '../../protocol/api-types'
import { configSourceCodes } from '../../protocol/config-codes'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { wouldAllowOnCluster } from '../authorization'
import { definitionOf } from '../config/configs'
import { topicConfigConflict } from '../config/conflicts'
import { configProblem } from '../config/definition'
import { describeConfigs } from '../config/describe'
import { type Call, handler } from '../handler'
import { type KafkaFailure, kafkaFailure } from '../kafka-failure'
import { maxPartitionsPerRequest, mutationProblem } from '../quotas/mutation'
import { topicNameProblem } from '../topic-name'

type CreatableTopic = RequestOf<'CreateTopics'>['topics'][number]
type TopicResult = NonNullable<ResponseInput<'CreateTopics'>['topics']>[number]

/** From then on clients know that a quota can refuse them. */
const firstStrictVersion = 6

/** CreateTopics 0-7 (ReplicationControlManager.createTopics). */
export const createTopics = handler({
  api: 'CreateTopics',
  versions: [0, 7],
  handle(request, call) {
    const count = new Map<string, number>()
    for (const { name } of request.topics) count.set(name, (count.get(name) ?? 0) + 1)
    if (totalPartitions(request.topics, call) > maxPartitionsPerRequest) {
      const tooMany = kafkaFailure('POLICY_VIOLATION', 'Excessively large number of partitions per request.')
      return { topics: [...count.keys()].map((name) => failed(name, tooMany)) }
    }
    const collisions = new Map(request.topics.map(({ name }) => [name, call.core.topics.collision(name)]))
    const seen = new Set<string>()
    const topics = request.topics.flatMap((topic): TopicResult[] => {
      if (seen.has(topic.name)) return []
      seen.add(topic.name)
      if ((count.get(topic.name) ?? 0) > 1) {
        return [failed(topic.name, kafkaFailure('INVALID_REQUEST', 'Duplicate topic name.'))]
      }
      const outcome = createTopic(topic, collisions.get(topic.name), request.validateOnly, call)
      return ['error' in outcome ? failed(topic.name, outcome) : outcome]
    })
    return { topics }
  },
  storageFailed: (request) => ({
    topics: request.topics.map(({ name }) =>
      failed(name, kafkaFailure('KAFKA_STORAGE_ERROR', 'The workspace could not be written.')),
    ),
  }),
})

function failed(name: string, { error, message }: KafkaFailure): TopicResult {
  return { name, errorCode: errorCode(error), errorMessage: message, configs: [] }
}

/** Of all topics of a request together (ReplicationControlManager.validateTotalNumberOfPartitions, KAFKA-17870). */
function totalPartitions(topics: readonly CreatableTopic[], { core }: Call): number {
  const usual = core.configs.brokerNumber('num.partitions')
  return topics.reduce((sum, { numPartitions, assignments }) => {
    if (assignments.length > 0) return sum + assignments.length
    return sum + (numPartitions === -1 ? usual : Math.max(0, numPartitions))
  }, 0)
}

/** Creates one topic, when the client may and nothing is wrong with it. */
export function createTopic(
  wanted: CreatableTopic,
  other: string | undefined,
  validateOnly: boolean,
  call: Call,
): TopicResult | KafkaFailure {
  const { core, client } = call
  const { name } = wanted
  if (name === '__cluster_metadata') {
    return kafkaFailure('INVALID_REQUEST', `Creation of internal topic ${name} is prohibited.`)
  }
  const mayCreate =
    wouldAllowOnCluster({ core, client }, 'CREATE') || core.authorizer.allows(client, 'CREATE', 'TOPIC', name)
  if (!mayCreate) return kafkaFailure('TOPIC_AUTHORIZATION_FAILED', 'Authorization failed.')
  const nameProblem = topicNameProblem(name)
  if (nameProblem) return kafkaFailure('INVALID_TOPIC_EXCEPTION', nameProblem)
  if (core.topics.find(name)) return kafkaFailure('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`)
  if (other) {
    return kafkaFailure('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${other}`)
  }
  const partitions = partitionCount(wanted, call)
  if (typeof partitions !== 'number') return partitions
  const configs = new Map<string, string | null>()
  for (const { name: key, value } of wanted.configs) {
    if (configs.has(key)) return kafkaFailure('INVALID_CONFIG', `Duplicate config key ${key}`)
    const definition = definitionOf('topic', key)
    if (!definition) return kafkaFailure('INVALID_CONFIG', `Unknown topic config name: ${key}`)
    if (value === null) return kafkaFailure('INVALID_CONFIG', `Null value not supported for topic configs: ${key}`)
    const problem = configProblem(definition, value)
    if (problem) return kafkaFailure('INVALID_CONFIG', problem)
    configs.set(key, value)
  }
  const conflict = topicConfigConflict((key) => configs.get(key) ?? core.configs.topicValues(name, key)[0]?.value ?? '')
  if (conflict) return kafkaFailure('INVALID_CONFIG', conflict)
  const throttled = mutationProblem(call, partitions, firstStrictVersion)
  if (throttled) return throttled
  const topicId = validateOnly ? undefined : core.topics.create(name, partitions, configs).id
  const mayDescribe = core.authorizer.wouldAllow(client, 'DESCRIBE_CONFIGS', 'TOPIC', name)
  return {
    name,
    ...(topicId ? { topicId } : {}),
    errorCode: errorCode('NONE'),
    errorMessage: null,
    ...(mayDescribe
      ? {
          numPartitions: partitions,
          replicationFactor: 1,
          configs: describeConfigs(core.configs, { type: 'topic', name }, null, configs).map((config) => ({
            name: config.name,
            value: config.value,
            readOnly: config.readOnly,
            configSource: configSourceCodes.code(config.source),
            isSensitive: config.isSensitive,
          })),
        }
      : { topicConfigErrorCode: errorCode('TOPIC_AUTHORIZATION_FAILED' satisfies ErrorName), configs: null }),
  }
}

function partitionCount(wanted: CreatableTopic, { core }: Call): number | KafkaFailure {
  const { numPartitions, replicationFactor, assignments } = wanted
  if (assignments.length > 0) {
    if (replicationFactor !== -1) {
      return kafkaFailure(
        'INVALID_REQUEST',
        'A manual partition assignment was specified, but replication factor was not set to -1.',
      )
    }
    if (numPartitions !== -1) {
      return kafkaFailure(
        'INVALID_REQUEST',
        'A manual partition assignment was specified, but numPartitions was not set to -1.',
      )
    }
    return assignmentProblem(assignments, core.cluster.nodeId) ?? assignments.length
  }
  if (replicationFactor < -1 || replicationFactor === 0) {
    return kafkaFailure(
      'INVALID_REPLICATION_FACTOR',
      'Replication factor must be larger than 0, or -1 to use the default value.',
    )
  }
  if (numPartitions < -1 || numPartitions === 0) {
    return kafkaFailure('INVALID_PARTITIONS', 'Number of partitions was set to an invalid non-positive value.')
  }
  if (replicationFactor > 1) {
    return kafkaFailure(
      'INVALID_REPLICATION_FACTOR',
      `Unable to replicate the partition ${replicationFactor} time(s): The target replication factor of ${replicationFactor} cannot be reached because only 1 broker(s) are registered or some brokers have all their log directories cordoned.`,
    )
  }
  return numPartitions === -1 ? core.configs.brokerNumber('num.partitions') : numPartitions
}

function assignmentProblem(assignments: CreatableTopic['assignments'], nodeId: number): KafkaFailure | undefined {
  const indexes = new Set(assignments.map((assignment) => assignment.partitionIndex))
  if (indexes.size < assignments.length) {
    return kafkaFailure('INVALID_REPLICA_ASSIGNMENT', 'Found multiple manual partition assignments for one partition.')
  }
  for (const { partitionIndex, brokerIds } of assignments) {
    if (brokerIds.length === 0) {
      return kafkaFailure(
        'INVALID_REPLICA_ASSIGNMENT',
        'The manual partition assignment includes an empty replica list.',
      )
    }
    const stranger = brokerIds.find((id) => id !== nodeId)
    if (stranger !== undefined) {
      return kafkaFailure(
        'INVALID_REPLICA_ASSIGNMENT',
        `The manual partition assignment includes broker ${stranger}, but no such broker is registered.`,
      )
    }
    if (brokerIds.length > 1) {
      return kafkaFailure(
        'INVALID_REPLICA_ASSIGNMENT',
        `The manual partition assignment includes the broker ${nodeId} more than once.`,
      )
    }
    if (partitionIndex < 0 || partitionIndex >= assignments.length) {
      return kafkaFailure('INVALID_REPLICA_ASSIGNMENT', 'partitions should be a consecutive 0-based integer sequence')
    }
  }
  return undefined
}
