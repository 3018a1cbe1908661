import { type ErrorName, errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { type Answer, handler } from '../handler'

/** AlterReplicaLogDirs 1-2 (ReplicaManager.alterReplicaLogDirs): there is one log directory, the workspace. */
export const alterReplicaLogDirs = handler({
  api: 'AlterReplicaLogDirs',
  versions: [1, 2],
  handle(request, { core, client }): Answer<'AlterReplicaLogDirs'> {
    const mayAlter = allowsOnCluster({ core, client }, 'ALTER')
    const results = request.dirs.flatMap(({ path, topics }) =>
      topics.map(({ name, partitions }) => ({
        topicName: name,
        partitions: partitions.map((partitionIndex) => {
          const error = ((): ErrorName => {
            if (!mayAlter) return 'CLUSTER_AUTHORIZATION_FAILED'
            if (path !== core.workspace.file) return 'LOG_DIR_NOT_FOUND'
            return core.topics.partition(name, partitionIndex) ? 'NONE' : 'REPLICA_NOT_AVAILABLE'
          })()
          return { partitionIndex, errorCode: errorCode(error) }
        }),
      })),
    )
    return { results }
  },
})
