import { errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { directoryIdOf, endpointFor } from '../cluster'
import { type Answer, handler } from '../handler'

const metadataTopic = '__cluster_metadata'

/** DescribeQuorum 0-2: a quorum of this one node. */
export const describeQuorum = handler({
  api: 'DescribeQuorum',
  versions: [0, 2],
  handle(request, { core, client, version, at }): Answer<'DescribeQuorum'> {
    const told = (text: string | null) => (version >= 2 ? { errorMessage: text } : {})
    if (!allowsOnCluster({ core, client }, 'DESCRIBE')) {
      return { errorCode: errorCode('CLUSTER_AUTHORIZATION_FAILED'), ...told(null), topics: [] }
    }
    const { host, port } = endpointFor(core.cluster, client.connection)
    const { nodeId } = core.cluster
    return {
      errorCode: 0,
      ...told(''),
      topics: request.topics.map(({ topicName, partitions }) => ({
        topicName,
        partitions: partitions.map(({ partitionIndex }) => {
          const known = topicName === metadataTopic && partitionIndex === 0
          return {
            partitionIndex,
            errorCode: errorCode(known ? 'NONE' : 'UNKNOWN_TOPIC_OR_PARTITION'),
            ...told(known ? '' : 'This server does not host this topic-partition.'),
            leaderId: known ? nodeId : -1,
            leaderEpoch: known ? 1 : 0,
            highWatermark: BigInt(known ? core.commits.writes : -1),
            currentVoters: known
              ? [
                  {
                    replicaId: nodeId,
                    ...(version >= 2 ? { replicaDirectoryId: directoryIdOf(core.cluster) } : {}),
                    logEndOffset: BigInt(core.commits.writes),
                    ...(version >= 1 ? { lastFetchTimestamp: BigInt(at), lastCaughtUpTimestamp: BigInt(at) } : {}),
                  },
                ]
              : [],
            observers: [],
          }
        }),
      })),
      ...(version >= 2 ? { nodes: [{ nodeId, listeners: [{ name: 'CONTROLLER', host, port }] }] } : {}),
    }
  },
})
