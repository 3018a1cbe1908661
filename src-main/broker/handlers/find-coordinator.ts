import { errorCode, errorMessage } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { endpointFor } from '../cluster'
import { type Call, handler } from '../handler'
import { type KafkaFailure, kafkaFailure, unauthorized } from '../kafka-failure'

const keyTypes = ['group', 'transaction', 'share'] as const

/** FindCoordinator 0-6 (KafkaApis.handleFindCoordinatorRequest): this node coordinates everything. */
export const findCoordinator = handler({
  api: 'FindCoordinator',
  versions: [0, 6],
  handle(request, call) {
    const answers = (call.version >= 4 ? request.coordinatorKeys : [request.key]).map((key) => {
      const problem = problemWith(request.keyType, key, call)
      const { host, port } = endpointFor(call.core.cluster, call.client.connection)
      return problem
        ? { key, nodeId: -1, host: '', port: -1, errorCode: errorCode(problem.error), errorMessage: problem.message }
        : {
            key,
            nodeId: call.core.cluster.nodeId,
            host,
            port,
            errorCode: 0,
            errorMessage: call.version >= 4 ? '' : null,
          }
    })
    if (call.version >= 4) return { coordinators: answers }
    const { nodeId, host, port, errorCode: code, errorMessage } = answers[0] as (typeof answers)[number]
    return { nodeId, host, port, errorCode: code, ...(call.version >= 1 ? { errorMessage } : {}) }
  },
})

function problemWith(keyType: number, key: string, call: Call): KafkaFailure | undefined {
  const { core, client } = call
  const kind = keyTypes[keyType]
  if (kind === 'group') {
    return core.authorizer.allows(client, 'DESCRIBE', 'GROUP', key)
      ? undefined
      : unauthorized('GROUP_AUTHORIZATION_FAILED')
  }
  if (kind === 'transaction') {
    return core.authorizer.allows(client, 'DESCRIBE', 'TRANSACTIONAL_ID', key)
      ? undefined
      : unauthorized('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
  }
  if (kind === 'share') return shareKeyProblem(key, call)
  return kafkaFailure('INVALID_REQUEST', errorMessage('INVALID_REQUEST'))
}

/** `group:topicId:partition` (SharePartitionKey.validate); only brokers look for it. */
function shareKeyProblem(key: string, { core, client }: Call): KafkaFailure | undefined {
  if (!allowsOnCluster({ core, client }, 'CLUSTER_ACTION')) {
    return unauthorized('CLUSTER_AUTHORIZATION_FAILED')
  }
  const [, topicId, partition] = /^.+:([^:]+):(\d+)$/.exec(key) ?? []
  const isKey = topicId !== undefined && /^[\w-]{22}$/.test(topicId) && partition !== undefined
  return isKey ? undefined : kafkaFailure('INVALID_REQUEST', '')
}
