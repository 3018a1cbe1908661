import type { LeaveReply } from '../../groups/classic/events'
import { errorCode } from '../../protocol/errors'
import { type Answer, handler } from '../handler'

const firstVersionOfMany = 3

/** LeaveGroup 0-5: one member, from version 3 on several (KIP-345), each with its own outcome. */
export const leaveGroup = handler({
  api: 'LeaveGroup',
  versions: [0, 5],
  handle(request, { core, client, version }): Answer<'LeaveGroup'> | Promise<Answer<'LeaveGroup'>> {
    const { groupId } = request
    const refused = (error: Parameters<typeof errorCode>[0]) => ({ errorCode: errorCode(error), members: [] })
    if (groupId === '') return refused('INVALID_GROUP_ID')
    if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) return refused('GROUP_AUTHORIZATION_FAILED')
    const members =
      version >= firstVersionOfMany
        ? request.members
        : [{ memberId: request.memberId, groupInstanceId: null, reason: null }]
    const reply = core.groups.ask<LeaveReply>(groupId, (ticket) => ({
      kind: 'leave',
      ticket,
      members: members.map(({ memberId, groupInstanceId, reason }) => ({ memberId, groupInstanceId, reason })),
    }))
    if (!reply) return refused('UNKNOWN_MEMBER_ID')
    return reply.then(({ members: left }) =>
      version >= firstVersionOfMany
        ? {
            errorCode: 0,
            members: left.map(({ memberId, groupInstanceId, error }) => ({
              memberId,
              groupInstanceId,
              errorCode: errorCode(error),
            })),
          }
        : refused(left[0]?.error ?? 'NONE'),
    )
  },
  storageFailed: () => ({ errorCode: errorCode('COORDINATOR_NOT_AVAILABLE'), members: [] }),
})
