import { errorCode } from '../../protocol/errors'
import { handler } from '../handler'

/** DeleteGroups 0-3 (GroupMetadataManager.validateDeleteGroup): only empty groups are deleted, and their offsets with them. */
export const deleteGroups = handler({
  api: 'DeleteGroups',
  versions: [0, 3],
  handle: (request, { core, client, version }) => ({
    results: [...new Set(request.groupsNames)].map((groupId) => {
      const { error, message } = core.authorizer.allows(client, 'DELETE', 'GROUP', groupId)
        ? core.groups.delete(groupId)
        : { error: 'GROUP_AUTHORIZATION_FAILED' as const, message: null }
      return { groupId, errorCode: errorCode(error), ...(version >= 3 ? { errorMessage: message } : {}) }
    }),
  }),
  storageFailed: (request) => ({
    results: request.groupsNames.map((groupId) => ({ groupId, errorCode: errorCode('COORDINATOR_NOT_AVAILABLE') })),
  }),
})
