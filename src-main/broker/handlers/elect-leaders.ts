import { type ErrorName, errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { type Answer, handler } from '../handler'

/** Preferred and unclean (org.apache.kafka.common.ElectionType). */
const electionTypes: readonly number[] = [0, 1]

/** ElectLeaders 0-2 (ReplicationControlManager.electLeader): the one replica leads already, so there is nothing to elect. */
export const electLeaders = handler({
  api: 'ElectLeaders',
  versions: [0, 2],
  handle(request, { core, client, version }): Answer<'ElectLeaders'> {
    if (!allowsOnCluster({ core, client }, 'ALTER')) {
      return {
        ...(version >= 1 ? { errorCode: errorCode('CLUSTER_AUTHORIZATION_FAILED') } : {}),
        replicaElectionResults: [],
      }
    }
    if (version >= 1 && !electionTypes.includes(request.electionType)) {
      const error = {
        errorCode: errorCode('INVALID_REQUEST'),
        errorMessage: `Unknown election type ${request.electionType}`,
      }
      const replicaElectionResults = (request.topicPartitions ?? []).map(({ topic, partitions }) => ({
        topic,
        partitionResult: partitions.map((partitionId) => ({ partitionId, ...error })),
      }))
      return { errorCode: error.errorCode, replicaElectionResults }
    }
    // Asked for all partitions, Kafka names all topics, and of each the partitions that had an election.
    const wanted = request.topicPartitions ?? core.topics.all().map(({ name }) => ({ topic: name, partitions: [] }))
    const replicaElectionResults = wanted.map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partitionId) => {
        const known = core.topics.partition(topic, partitionId) !== undefined
        const error: ErrorName = known ? 'ELECTION_NOT_NEEDED' : 'UNKNOWN_TOPIC_OR_PARTITION'
        const absent = core.topics.find(topic) ? `partition as ${topic}-${partitionId}` : `topic as ${topic}`
        const text = known ? 'Leader election not needed for topic partition.' : `No such ${absent}`
        return { partitionId, errorCode: errorCode(error), errorMessage: text }
      }),
    }))
    return { ...(version >= 1 ? { errorCode: 0 } : {}), replicaElectionResults }
  },
})
