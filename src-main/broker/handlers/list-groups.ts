import { wouldAllowOnCluster } from '../authorization'
import { handler } from '../handler'

/** ListGroups 0-5 (KafkaApis.handleListGroupsRequest): clients that may describe the cluster see all groups, others those
 * that they may describe. */
export const listGroups = handler({
  api: 'ListGroups',
  versions: [0, 5],
  handle(request, { core, client, version }) {
    const states = new Set(request.statesFilter.map((state) => state.toLowerCase()))
    const types = new Set(request.typesFilter.map((type) => type.toLowerCase()))
    const seesAll = wouldAllowOnCluster({ core, client }, 'DESCRIBE')
    const groups = core.groups
      .list()
      .filter(({ groupId }) => seesAll || core.authorizer.wouldAllow(client, 'DESCRIBE', 'GROUP', groupId))
      .filter(({ state }) => states.size === 0 || states.has(state.toLowerCase()))
      .filter(({ type }) => types.size === 0 || types.has(type))
      .map(({ groupId, protocolType, state, type }) => ({
        groupId,
        protocolType,
        ...(version >= 4 ? { groupState: state } : {}),
        ...(version >= 5 ? { groupType: type } : {}),
      }))
    return { errorCode: 0, groups }
  },
})
