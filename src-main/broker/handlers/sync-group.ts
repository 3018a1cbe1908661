import type { SyncReply } from '../../groups/classic/events'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, type Call, handler } from '../handler'

const firstVersionWithProtocol = 5

/**
 * SyncGroup 0-5. Parked until the leader's assignment arrives: groups/classic/SPEC.md [C17], [C18], [C24]; in a consumer group answered
 * at once: groups/consumer/SPEC.md [K23].
 */
export const syncGroup = handler({
  api: 'SyncGroup',
  versions: [0, 5],
  handle(request, call): Answer<'SyncGroup'> | Promise<Answer<'SyncGroup'>> {
    const { core, client, version } = call
    const { groupId, memberId, groupInstanceId, generationId, protocolType, protocolName } = request
    const refused = (error: ErrorName) => answer({ ...nothing, error }, call)
    if (groupId === '') return refused('INVALID_GROUP_ID')
    if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) return refused('GROUP_AUTHORIZATION_FAILED')
    // KIP-559: from version 5 on both are required.
    if (version >= firstVersionWithProtocol && (protocolType === null || protocolName === null)) {
      return refused('INCONSISTENT_GROUP_PROTOCOL')
    }
    const reply = core.groups.ask<SyncReply>(groupId, (ticket) => ({
      kind: 'sync',
      ticket,
      memberId,
      groupInstanceId,
      generationId,
      protocolType,
      protocolName,
      assignments: request.assignments.map((given) => ({
        memberId: given.memberId,
        assignment: Buffer.from(given.assignment).toString('base64'),
      })),
    }))
    return reply?.then((value) => answer(value, call)) ?? refused('UNKNOWN_MEMBER_ID')
  },
  storageFailed: (_request, call) => answer({ ...nothing, error: 'COORDINATOR_NOT_AVAILABLE' }, call),
})

const nothing: Omit<SyncReply, 'error'> = { api: 'sync', protocolType: null, protocolName: null, assignment: '' }

function answer(
  reply: Omit<SyncReply, 'error'> & { readonly error: ErrorName },
  { version, failed }: Call,
): Answer<'SyncGroup'> {
  if (reply.error !== 'NONE') failed(reply.error, 'sync group')
  return {
    errorCode: errorCode(reply.error),
    ...(version >= firstVersionWithProtocol
      ? { protocolType: reply.protocolType, protocolName: reply.protocolName }
      : {}),
    assignment: Buffer.from(reply.assignment, 'base64'),
  }
}
