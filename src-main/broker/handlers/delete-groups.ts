import { errorCode } from '../../protocol/errors'
import { handler } from '../handler'

/**
 * DeleteGroups 0-3 (GroupMetadataManager.validateDeleteGroup): only empty groups are deleted, and their offsets with them. Version 3 has
 * a message, which Kafka 4.4 leaves null.
 */
export const deleteGroups = handler({
  api: 'DeleteGroups',
  versions: [0, 3],
  handle(request, { core, client }) {
    const results = [...new Set(request.groupsNames)].map((groupId) => {
      const { error } = core.authorizer.allows(client, 'DELETE', 'GROUP', groupId)
        ? core.groups.delete(groupId)
        : { error: 'GROUP_AUTHORIZATION_FAILED' as const }
      return { groupId, errorCode: errorCode(error) }
    })
    return { results: core.groups.settings.ordered(results, 'last') }
  },
  storageFailed: (request) => ({
    results: request.groupsNames.map((groupId) => ({ groupId, errorCode: errorCode('COORDINATOR_NOT_AVAILABLE') })),
  }),
})
