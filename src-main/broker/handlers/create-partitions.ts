import type { RequestOf } from '../../protocol/api-types'
import { errorCode } from '../../protocol/errors'
import { type Call, handler } from '../handler'
import { type KafkaFailure, kafkaFailure } from '../kafka-failure'
import { maxPartitionsPerRequest, mutationProblem } from '../quotas/mutation'

/** From then on clients know that a quota can refuse them. */
const firstStrictVersion = 3

/** How many partitions a request has added so far. */
interface Added {
  partitions: number
}

/** CreatePartitions 0-3 (ReplicationControlManager.createPartitions). */
export const createPartitions = handler({
  api: 'CreatePartitions',
  versions: [0, 3],
  handle(request, call) {
    const count = new Map<string, number>()
    const added: Added = { partitions: 0 }
    for (const { name } of request.topics) count.set(name, (count.get(name) ?? 0) + 1)
    const results = [...new Map(request.topics.map((topic) => [topic.name, topic])).values()].map((topic) => {
      const { error, message } =
        (count.get(topic.name) ?? 0) > 1
          ? kafkaFailure('INVALID_REQUEST', 'Duplicate topic name.')
          : grow(topic, added, request.validateOnly, call)
      return { name: topic.name, errorCode: errorCode(error), errorMessage: message }
    })
    return { results }
  },
  storageFailed: (request) => ({
    results: request.topics.map(({ name }) => ({ name, errorCode: errorCode('KAFKA_STORAGE_ERROR') })),
  }),
})

function grow(
  wanted: RequestOf<'CreatePartitions'>['topics'][number],
  sum: Added,
  validateOnly: boolean,
  call: Call,
): KafkaFailure {
  const { core, client } = call
  const { name, count, assignments } = wanted
  if (!core.authorizer.allows(client, 'ALTER', 'TOPIC', name)) return kafkaFailure('TOPIC_AUTHORIZATION_FAILED')
  const topic = core.topics.find(name)
  if (!topic) return kafkaFailure('UNKNOWN_TOPIC_OR_PARTITION')
  const present = topic.partitionCount
  if (count === present) return kafkaFailure('INVALID_PARTITIONS', `Topic already has ${present} partition(s).`)
  if (count < present) {
    return kafkaFailure(
      'INVALID_PARTITIONS',
      `The topic ${name} currently has ${present} partition(s); ${count} would not be an increase.`,
    )
  }
  const added = count - present
  if (sum.partitions + added > maxPartitionsPerRequest) {
    return kafkaFailure('POLICY_VIOLATION', 'Excessively large number of additional partitions per request.')
  }
  if (assignments !== null) {
    if (assignments.length !== added) {
      return kafkaFailure(
        'INVALID_REPLICA_ASSIGNMENT',
        `Attempted to add ${added} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
      )
    }
    const stranger = assignments.flatMap(({ brokerIds }) => brokerIds).find((id) => id !== core.cluster.nodeId)
    if (stranger !== undefined || assignments.some(({ brokerIds }) => brokerIds.length !== 1)) {
      return kafkaFailure(
        'INVALID_REPLICA_ASSIGNMENT',
        `The manual partition assignment must name broker ${core.cluster.nodeId} for each partition: no other broker is registered.`,
      )
    }
  }
  const throttled = mutationProblem(call, added, firstStrictVersion)
  if (throttled) return throttled
  sum.partitions += added
  if (!validateOnly) core.topics.addPartitions(topic, count)
  return kafkaFailure('NONE')
}
