import type { LeaveReply } from '../../groups/classic/events'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, handler } from '../handler'

const firstVersionOfMany = 3

/**
 * LeaveGroup 0-5: one member, from version 3 on several (KIP-345), each with its own outcome: groups/classic/SPEC.md [C22], and of
 * consumer groups groups/consumer/SPEC.md [K26].
 */
export const leaveGroup = handler({
  api: 'LeaveGroup',
  versions: [0, 5],
  handle(request, { core, client, version }): Answer<'LeaveGroup'> | Promise<Answer<'LeaveGroup'>> {
    const { groupId } = request
    const refused = (error: ErrorName) => ({ errorCode: errorCode(error), members: [] })
    if (groupId === '') return refused('INVALID_GROUP_ID')
    if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) return refused('GROUP_AUTHORIZATION_FAILED')
    const members =
      version >= firstVersionOfMany
        ? request.members
        : [{ memberId: request.memberId, groupInstanceId: null, reason: null }]
    const isOfMany = version >= firstVersionOfMany
    const reply = core.groups.ask<LeaveReply>(groupId, (ticket) => ({
      kind: 'leave',
      ticket,
      members: members.map(({ memberId, groupInstanceId, reason }) => ({ memberId, groupInstanceId, reason })),
    }))
    if (!reply) {
      // A group that is not there: every member is unknown.
      return isOfMany
        ? { errorCode: 0, members: members.map((member) => outcome(member, 'UNKNOWN_MEMBER_ID')) }
        : refused('UNKNOWN_MEMBER_ID')
    }
    return reply.then(({ members: left }) =>
      isOfMany
        ? { errorCode: 0, members: left.map((member) => outcome(member, member.error)) }
        : refused(left[0]?.error ?? 'NONE'),
    )
  },
  storageFailed: () => ({ errorCode: errorCode('COORDINATOR_NOT_AVAILABLE'), members: [] }),
})

/** Names the member as the request did, which is how clients match outcomes. */
function outcome(
  { memberId, groupInstanceId }: { readonly memberId: string; readonly groupInstanceId: string | null },
  error: ErrorName,
) {
  return { memberId, groupInstanceId, errorCode: errorCode(error) }
}
