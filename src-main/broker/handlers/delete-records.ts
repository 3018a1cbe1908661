import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Call, handler } from '../handler'
import { orError } from '../log/failing'

/** DeleteRecords 0-2 (ReplicaManager.deleteRecords): everything before `offset` goes; -1 means up to the high watermark. */
export const deleteRecords = handler({
  api: 'DeleteRecords',
  versions: [0, 2],
  handle: (request, call) => ({
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, offset }) => {
        const outcome = remove(name, partitionIndex, offset, call)
        return typeof outcome === 'number'
          ? { partitionIndex, lowWatermark: BigInt(outcome), errorCode: errorCode('NONE') }
          : { partitionIndex, lowWatermark: -1n, errorCode: errorCode(outcome) }
      }),
    })),
  }),
  storageFailed: (request) => ({
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        lowWatermark: -1n,
        errorCode: errorCode('KAFKA_STORAGE_ERROR'),
      })),
    })),
  }),
})

function remove(name: string, partitionIndex: number, offset: bigint, { core, client }: Call): number | ErrorName {
  if (!core.authorizer.allows(client, 'DELETE', 'TOPIC', name)) return 'TOPIC_AUTHORIZATION_FAILED'
  const topic = core.topics.find(name)
  const partition = topic?.partition(partitionIndex)
  if (!topic || !partition) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (topic.internal) return 'INVALID_TOPIC_EXCEPTION'
  if (!core.configs.topic(name).deletes) return 'POLICY_VIOLATION'
  const before = offset === -1n ? partition.highWatermark : Number(offset)
  if (before < 0 || before > partition.highWatermark) return 'OFFSET_OUT_OF_RANGE'
  return orError(
    core.log,
    () => `Deleting what is before ${before} in ${partition.name}`,
    () => partition.deleteBefore(before),
  )
}
