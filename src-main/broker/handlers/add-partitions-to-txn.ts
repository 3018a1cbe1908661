import { keyOf, type TopicPartitionKey } from '../../base/topic-partition'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { type Answer, type Call, handler } from '../handler'
import { internalTopics } from '../topic-name'

interface Wanted {
  readonly transactionalId: string
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly verifyOnly: boolean
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[]
}

const firstVersionOfBatches = 4
const firstVersionWithFenced = 2

/** AddPartitionsToTxn 0-5 (KafkaApis.handleAddPartitionsToTxnRequest); from version 4 on several at once, between brokers. */
export const addPartitionsToTxn = handler({
  api: 'AddPartitionsToTxn',
  versions: [0, 5],
  handle(request, call): Answer<'AddPartitionsToTxn'> {
    if (call.version < firstVersionOfBatches) {
      return {
        resultsByTopicV3AndBelow: results(
          {
            transactionalId: request.v3AndBelowTransactionalId,
            producerId: request.v3AndBelowProducerId,
            producerEpoch: request.v3AndBelowProducerEpoch,
            verifyOnly: false,
            topics: request.v3AndBelowTopics,
          },
          call,
        ),
      }
    }
    if (!allowsOnCluster(call, 'CLUSTER_ACTION')) {
      return { errorCode: errorCode('CLUSTER_AUTHORIZATION_FAILED'), resultsByTransaction: [] }
    }
    // With one that adds, all are added (AddPartitionsToTxnRequest.allVerifyOnlyRequest).
    const verifyOnly = request.transactions.every((wanted) => wanted.verifyOnly)
    return {
      errorCode: 0,
      resultsByTransaction: request.transactions.map((wanted) => ({
        transactionalId: wanted.transactionalId,
        topicResults: results({ ...wanted, verifyOnly }, call),
      })),
    }
  },
  storageFailed(request, { version }): Answer<'AddPartitionsToTxn'> {
    const failed = (topics: Wanted['topics']) => answers(topics, () => 'COORDINATOR_NOT_AVAILABLE')
    if (version < firstVersionOfBatches) return { resultsByTopicV3AndBelow: failed(request.v3AndBelowTopics) }
    return {
      errorCode: 0,
      resultsByTransaction: request.transactions.map(({ transactionalId, topics }) => ({
        transactionalId,
        topicResults: failed(topics),
      })),
    }
  },
})

function answers(topics: Wanted['topics'], error: (topic: string, partition: number) => ErrorName) {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: errorCode(error(name, partitionIndex)),
    })),
  }))
}

function results(wanted: Wanted, { core, client, version, failed }: Call) {
  const { transactionalId, topics } = wanted
  // A broker that asks for its client has looked at this itself.
  const isClient = version < firstVersionOfBatches
  if (isClient && !core.authorizer.allows(client, 'WRITE', 'TRANSACTIONAL_ID', transactionalId)) {
    return answers(topics, () => 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
  }
  const problems = new Map<TopicPartitionKey, ErrorName>()
  for (const { name, partitions } of topics) {
    const mayWrite = !isClient || (!internalTopics.has(name) && core.authorizer.allows(client, 'WRITE', 'TOPIC', name))
    const topic = core.topics.find(name)
    for (const partition of partitions) {
      if (!mayWrite) problems.set(keyOf(name, partition), 'TOPIC_AUTHORIZATION_FAILED')
      else if (!topic?.partition(partition)) problems.set(keyOf(name, partition), 'UNKNOWN_TOPIC_OR_PARTITION')
    }
  }
  // All or none: where one partition is refused, the others are not attempted.
  if (problems.size > 0) {
    return answers(topics, (name, partition) => problems.get(keyOf(name, partition)) ?? 'OPERATION_NOT_ATTEMPTED')
  }
  const problem =
    transactionalId === ''
      ? 'INVALID_REQUEST'
      : core.transactions.problem(transactionalId, {
          producerId: String(wanted.producerId),
          producerEpoch: wanted.producerEpoch,
        })
  if (problem) {
    failed(problem, `transaction ${transactionalId}`)
    const error = problem === 'PRODUCER_FENCED' && version < firstVersionWithFenced ? 'INVALID_PRODUCER_EPOCH' : problem
    return answers(topics, () => error)
  }
  const names = topics.flatMap(({ name, partitions }) => partitions.map((partition) => keyOf(name, partition)))
  if (wanted.verifyOnly) {
    return answers(
      topics,
      (name, partition) => core.transactions.verify(transactionalId, keyOf(name, partition)) ?? 'NONE',
    )
  }
  core.transactions.add(transactionalId, names, isClient ? 0 : 2)
  return answers(topics, () => 'NONE')
}
