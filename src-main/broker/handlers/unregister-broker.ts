import { errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { handler } from '../handler'

/** UnregisterBroker 0: the one broker of the cluster cannot be sent away, and there is no other. */
export const unregisterBroker = handler({
  api: 'UnregisterBroker',
  versions: [0, 0],
  handle({ brokerId }, { core, client }) {
    const error = !allowsOnCluster({ core, client }, 'ALTER')
      ? 'CLUSTER_AUTHORIZATION_FAILED'
      : brokerId === core.cluster.nodeId
        ? 'INVALID_REQUEST'
        : 'BROKER_ID_NOT_REGISTERED'
    const text =
      error === 'INVALID_REQUEST'
        ? 'This is the only broker of the cluster.'
        : `Broker ID ${brokerId} is not currently registered`
    return { errorCode: errorCode(error), errorMessage: error === 'CLUSTER_AUTHORIZATION_FAILED' ? null : text }
  },
})
