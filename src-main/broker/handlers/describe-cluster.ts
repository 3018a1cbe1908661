import { clusterResourceName } from '../../base/acl-names'
import { errorCode } from '../../protocol/errors'
import { authorizedOperations } from '../authorization'
import { endpointFor } from '../cluster'
import { type Answer, handler } from '../handler'

const brokerEndpoints = 1

/** DescribeCluster 0-2 (AuthHelper.computeDescribeClusterResponse). */
export const describeCluster = handler({
  api: 'DescribeCluster',
  versions: [0, 2],
  handle(request, call): Answer<'DescribeCluster'> {
    const { core, client, version } = call
    if (version >= 1 && request.endpointType !== brokerEndpoints) {
      return request.endpointType === 2
        ? {
            errorCode: errorCode('MISMATCHED_ENDPOINT_TYPE'),
            errorMessage:
              'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER',
            clusterId: '',
            brokers: [],
          }
        : {
            errorCode: errorCode('UNSUPPORTED_ENDPOINT_TYPE'),
            errorMessage: `Unsupported endpoint type ${request.endpointType}`,
            clusterId: '',
            brokers: [],
          }
    }
    const { host, port } = endpointFor(core.cluster, client.connection)
    return {
      errorCode: 0,
      clusterId: core.cluster.clusterId,
      controllerId: core.cluster.nodeId,
      brokers: [{ brokerId: core.cluster.nodeId, host, port, rack: null }],
      ...(request.includeClusterAuthorizedOperations
        ? { clusterAuthorizedOperations: authorizedOperations(call, 'CLUSTER', clusterResourceName) }
        : {}),
    }
  },
})
