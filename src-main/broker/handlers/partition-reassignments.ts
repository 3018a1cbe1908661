import { type ErrorName, errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { type Answer, type Call, handler } from '../handler'

/** AlterPartitionReassignments 0-1: a partition may be assigned to the one node that it is on; to cancel there is nothing. */
export const alterPartitionReassignments = handler({
  api: 'AlterPartitionReassignments',
  versions: [0, 1],
  handle(request, call): Answer<'AlterPartitionReassignments'> {
    // Who may not is told so for each partition as well: the client of Java counts them (AlterPartitionReassignmentsRequest.getErrorResponse).
    const refused = allowsOnCluster(call, 'ALTER') ? undefined : (['CLUSTER_AUTHORIZATION_FAILED', null] as const)
    return {
      errorCode: errorCode(refused?.[0] ?? 'NONE'),
      // Kafka's controller does not look at a request without topics.
      errorMessage: !refused && request.topics.length === 0 ? '' : null,
      ...(call.version >= 1 ? { allowReplicationFactorChange: request.allowReplicationFactorChange } : {}),
      responses: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, replicas }) => {
          const [error, text] = refused ?? outcome(name, partitionIndex, replicas, call)
          return { partitionIndex, errorCode: errorCode(error), errorMessage: text }
        }),
      })),
    }
  },
})

function outcome(
  topic: string,
  partition: number,
  replicas: readonly number[] | null,
  { core }: Call,
): readonly [ErrorName, string | null] {
  if (!core.topics.find(topic)) return ['UNKNOWN_TOPIC_OR_PARTITION', `Unable to find a topic named ${topic}.`]
  if (!core.topics.partition(topic, partition)) {
    return ['UNKNOWN_TOPIC_OR_PARTITION', `Unable to find partition ${topic}:${partition}.`]
  }
  if (replicas === null) return ['NO_REASSIGNMENT_IN_PROGRESS', null]
  if (replicas.length === 0) {
    return ['INVALID_REPLICA_ASSIGNMENT', 'The manual partition assignment includes an empty replica list.']
  }
  const stranger = replicas.find((id) => id !== core.cluster.nodeId)
  if (stranger !== undefined) {
    return [
      'INVALID_REPLICA_ASSIGNMENT',
      `The manual partition assignment includes broker ${stranger}, but no such broker is registered.`,
    ]
  }
  return replicas.length === 1
    ? ['NONE', null]
    : [
        'INVALID_REPLICA_ASSIGNMENT',
        `The manual partition assignment includes the broker ${core.cluster.nodeId} more than once.`,
      ]
}

/** ListPartitionReassignments 0: none is ever under way. */
export const listPartitionReassignments = handler({
  api: 'ListPartitionReassignments',
  versions: [0, 0],
  handle: (_request, { core, client }) => ({
    errorCode: errorCode(allowsOnCluster({ core, client }, 'DESCRIBE') ? 'NONE' : 'CLUSTER_AUTHORIZATION_FAILED'),
    errorMessage: null,
    topics: [],
  }),
})
