import { errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { directoryIdOf } from '../cluster'
import { type Answer, handler } from '../handler'

/** AddRaftVoter 0-1: there is no other controller that could be asked, which Kafka says like this. */
export const addRaftVoter = handler({
  api: 'AddRaftVoter',
  versions: [0, 1],
  handle(_request, { core, client }): Answer<'AddRaftVoter'> {
    if (!allowsOnCluster({ core, client }, 'ALTER')) {
      return { errorCode: errorCode('CLUSTER_AUTHORIZATION_FAILED'), errorMessage: null }
    }
    const errorMessage = 'Aborted add voter operation for since API_VERSIONS returned an error BROKER_NOT_AVAILABLE'
    return { errorCode: errorCode('REQUEST_TIMED_OUT'), errorMessage }
  },
})

/** RemoveRaftVoter 0: the only voter is this node, and it is not asked to go. */
export const removeRaftVoter = handler({
  api: 'RemoveRaftVoter',
  versions: [0, 0],
  handle({ voterId, voterDirectoryId }, { core, client }): Answer<'RemoveRaftVoter'> {
    if (!allowsOnCluster({ core, client }, 'ALTER')) {
      return { errorCode: errorCode('CLUSTER_AUTHORIZATION_FAILED'), errorMessage: null }
    }
    const errorMessage = `Cannot remove voter ReplicaKey(id=${voterId}, directoryId=${voterDirectoryId}) from the set of voters [ReplicaKey(id=${core.cluster.nodeId}, directoryId=${directoryIdOf(core.cluster)})]`
    return { errorCode: errorCode('VOTER_NOT_FOUND'), errorMessage }
  },
})
