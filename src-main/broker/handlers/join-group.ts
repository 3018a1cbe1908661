import { randomUUID } from 'node:crypto'
import { javaHost } from '../../base/java-address'
import type { JoinReply } from '../../groups/classic/events'
import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, type Call, handler } from '../handler'

/** First versions with a rebalance timeout of its own, with required member ids, and with a skipped assignment. */
const firstVersionWithRebalanceTimeout = 1
const firstVersionWithKnownMemberId = 4
const firstVersionWithSkippedAssignment = 9

/**
 * JoinGroup 0-9. Parked until the join phase ends: groups/classic/SPEC.md [C1]-[C16]; in a consumer group answered at once:
 * groups/consumer/SPEC.md [K22].
 */
export const joinGroup = handler({
  api: 'JoinGroup',
  versions: [0, 9],
  handle(request, call): Answer<'JoinGroup'> | Promise<Answer<'JoinGroup'>> {
    const { core, client, clientId, version } = call
    const { groupId, memberId, groupInstanceId, protocols } = request
    const refused = (error: ErrorName) => answer({ ...nobody, memberId, error }, call)
    if (groupId === '') return refused('INVALID_GROUP_ID')
    if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) return refused('GROUP_AUTHORIZATION_FAILED')
    const reply = core.groups.ask<JoinReply>(
      groupId,
      (ticket) => ({
        kind: 'join',
        ticket,
        memberId,
        groupInstanceId,
        newMemberId: `${groupInstanceId ?? clientId ?? ''}-${randomUUID()}`,
        clientId: clientId ?? '',
        clientHost: javaHost(client.connection.remoteAddress),
        sessionTimeoutMs: request.sessionTimeoutMs,
        rebalanceTimeoutMs:
          version >= firstVersionWithRebalanceTimeout ? request.rebalanceTimeoutMs : request.sessionTimeoutMs,
        protocolType: request.protocolType,
        protocols: protocols.map(({ name, metadata }) => ({ name, metadata: base64(metadata) })),
        reason: reasonOf(request),
        requireKnownMemberId: version >= firstVersionWithKnownMemberId,
        supportsSkippingAssignment: version >= firstVersionWithSkippedAssignment,
        settings: core.groups.settings.classic(),
      }),
      { creates: memberId === '' ? 'classic' : null },
    )
    return reply?.then((value) => answer(value, call)) ?? refused('UNKNOWN_MEMBER_ID')
  },
  storageFailed: (request, call) =>
    answer({ ...nobody, memberId: request.memberId, error: 'COORDINATOR_NOT_AVAILABLE' }, call),
})

const nobody: Omit<JoinReply, 'error'> = {
  api: 'join',
  memberId: '',
  generationId: -1,
  protocolType: null,
  protocolName: null,
  leader: '',
  skipAssignment: false,
  members: [],
}

/** KIP-800. */
function reasonOf({ reason }: RequestOf<'JoinGroup'>): string | null {
  return reason === '' ? null : reason
}

function answer(
  reply: Omit<JoinReply, 'error'> & { readonly error: ErrorName },
  { version, failed }: Call,
): Answer<'JoinGroup'> {
  if (reply.error !== 'NONE' && reply.error !== 'MEMBER_ID_REQUIRED') failed(reply.error, 'join group')
  return {
    errorCode: errorCode(reply.error),
    generationId: reply.generationId,
    ...(version >= 7 ? { protocolType: reply.protocolType } : {}),
    protocolName: reply.protocolName ?? (version >= 7 ? null : ''),
    leader: reply.leader,
    ...(version >= firstVersionWithSkippedAssignment ? { skipAssignment: reply.skipAssignment } : {}),
    memberId: reply.memberId,
    members: reply.members.map(({ memberId, groupInstanceId, metadata }) => ({
      memberId,
      ...(version >= 5 ? { groupInstanceId } : {}),
      metadata: Buffer.from(metadata, 'base64'),
    })),
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
