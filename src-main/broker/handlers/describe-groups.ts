import type { ClassicGroup } from '../../groups/classic/group'
import type { ResponseInput } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { authorizedOperations } from '../authorization'
import { type Call, handler } from '../handler'

type Described = NonNullable<ResponseInput<'DescribeGroups'>['groups']>[number]

const firstVersionWithNotFound = 6

/** DescribeGroups 0-6 (GroupMetadataManager.describeGroups): an unknown group, or one of
 * another type, is Dead, from version 6 on an error (KIP-1043). */
export const describeGroups = handler({
  api: 'DescribeGroups',
  versions: [0, 6],
  handle(request, call) {
    const groups = request.groups.map((groupId): Described => {
      const { core, client, version } = call
      if (!core.authorizer.allows(client, 'DESCRIBE', 'GROUP', groupId)) {
        return dead(groupId, 'GROUP_AUTHORIZATION_FAILED', null, version)
      }
      const group = core.groups.classic(groupId)
      if (!group) {
        const text = core.groups.find(groupId)
          ? `Group ${groupId} is not a classic group.`
          : `Group ${groupId} not found.`
        if (version >= firstVersionWithNotFound) return dead(groupId, 'GROUP_ID_NOT_FOUND', text, version)
        const permitted = operations(request.includeAuthorizedOperations, groupId, call)
        return { ...dead(groupId, 'NONE', text, version), ...permitted }
      }
      return { ...described(group, call), ...operations(request.includeAuthorizedOperations, groupId, call) }
    })
    return { groups: call.core.groups.settings.ordered(groups) }
  },
})

function operations(wanted: boolean, groupId: string, call: Call): Partial<Described> {
  return wanted && call.version >= 3 ? { authorizedOperations: authorizedOperations(call, 'GROUP', groupId) } : {}
}

function described(group: ClassicGroup, { version }: Call): Described {
  const isStable = group.state === 'Stable'
  return {
    errorCode: 0,
    groupId: group.groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: isStable ? (group.protocolName ?? '') : '',
    members: group.members.map((member) => ({
      memberId: member.memberId,
      ...(version >= 4 ? { groupInstanceId: member.groupInstanceId } : {}),
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: isStable
        ? bytes(member.protocols.find(({ name }) => name === group.protocolName)?.metadata ?? '')
        : bytes(''),
      memberAssignment: bytes(isStable ? member.assignment : ''),
    })),
  }
}

function dead(groupId: string, error: ErrorName, message: string | null, version: number): Described {
  return {
    errorCode: errorCode(error),
    ...(version >= firstVersionWithNotFound ? { errorMessage: message } : {}),
    groupId,
    groupState: error === 'GROUP_AUTHORIZATION_FAILED' ? '' : 'Dead',
    protocolType: '',
    protocolData: '',
    members: [],
  }
}

function bytes(base64: string): Buffer {
  return Buffer.from(base64, 'base64')
}
