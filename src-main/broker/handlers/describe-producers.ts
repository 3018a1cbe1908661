import type { ResponseInput } from '../../protocol/api-types'
import { type ErrorName, errorCode, errorMessage } from '../../protocol/errors'
import { type Call, handler } from '../handler'
import { topicNameProblem } from '../topic-name'

type PartitionAnswer = NonNullable<
  NonNullable<ResponseInput<'DescribeProducers'>['topics']>[number]['partitions']
>[number]

/** DescribeProducers 0 (ReplicaManager.activeProducerState): who wrote to a partition with a producer id. */
export const describeProducers = handler({
  api: 'DescribeProducers',
  versions: [0, 0],
  handle: (request, call) => ({
    topics: request.topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => described(name, partitionIndex, call)),
    })),
  }),
})

function described(name: string, partitionIndex: number, { core, client }: Call): PartitionAnswer {
  const failed = (error: ErrorName, text: string | null = errorMessage(error)) => ({
    partitionIndex,
    errorCode: errorCode(error),
    errorMessage: text,
    activeProducers: [],
  })
  const invalid = topicNameProblem(name)
  if (invalid) return failed('INVALID_TOPIC_EXCEPTION', invalid)
  if (!core.authorizer.allows(client, 'READ', 'TOPIC', name)) return failed('TOPIC_AUTHORIZATION_FAILED')
  const partition = core.topics.partition(name, partitionIndex)
  if (!partition) return failed('UNKNOWN_TOPIC_OR_PARTITION', core.topics.find(name) ? null : undefined)
  const activeProducers = core.workspace.batches.producers(partition.facts).flatMap((producerId) => {
    const entry = partition.producers.entry(producerId)
    // Its batches are there, and it is forgotten.
    if (entry.epoch < 0) return []
    return {
      producerId,
      producerEpoch: entry.epoch,
      lastSequence: entry.lastSequence ?? -1,
      lastTimestamp: BigInt(entry.lastTimestamp),
      coordinatorEpoch: entry.coordinatorEpoch,
      currentTxnStartOffset: BigInt(entry.firstOffset ?? -1),
    }
  })
  return { partitionIndex, errorCode: 0, errorMessage: null, activeProducers }
}
