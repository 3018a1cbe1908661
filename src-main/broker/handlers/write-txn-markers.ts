import { keyOf } from '../../base/topic-partition'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { allowsOnCluster, wouldAllowOnCluster } from '../authorization'
import { offsetsTopic } from '../groups/offsets-topic'
import { handler } from '../handler'

/** WriteTxnMarkers 1-2 (KafkaApis.handleWriteTxnMarkersRequest): how an administrator ends a transaction that hangs (KIP-664). */
export const writeTxnMarkers = handler({
  api: 'WriteTxnMarkers',
  versions: [1, 2],
  handle: (request, { core, client }) => ({
    markers: request.markers.map(({ transactionResult: committed, topics, ...marker }) => ({
      producerId: marker.producerId,
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => {
          const error = ((): ErrorName => {
            const mayMark =
              wouldAllowOnCluster({ core, client }, 'ALTER') || allowsOnCluster({ core, client }, 'CLUSTER_ACTION')
            if (!mayMark) return 'CLUSTER_AUTHORIZATION_FAILED'
            const partition = core.topics.partition(name, partitionIndex)
            if (!partition) return 'UNKNOWN_TOPIC_OR_PARTITION'
            const problem = partition.producers.markerProblem(marker)
            if (problem) return problem
            core.transactions.mark(partition, { ...marker, committed })
            if (name === offsetsTopic) {
              const concerns = (groupId: string) =>
                core.groups.settings.offsetsPartition(groupId) === keyOf(name, partitionIndex)
              core.groups.offsets.completeProducer(marker.producerId, committed, concerns)
            }
            return 'NONE'
          })()
          return { partitionIndex, errorCode: errorCode(error) }
        }),
      })),
    })),
  }),
  storageFailed: (request) => ({
    markers: request.markers.map(({ producerId, topics }) => ({
      producerId,
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => ({
          partitionIndex,
          errorCode: errorCode('KAFKA_STORAGE_ERROR'),
        })),
      })),
    })),
  }),
})
