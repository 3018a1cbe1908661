import { javaHost } from '../../base/java-address'
import type { ShareHeartbeatReply } from '../../groups/share/events'
import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, type Call, handler } from '../handler'
import { isMemberId } from '../share/request'

/** ShareGroupHeartbeat 1 (KIP-932): join, stay and leave. Answered at once: groups/share/SPEC.md [S1]-[S12]. */
export const shareGroupHeartbeat = handler({
  api: 'ShareGroupHeartbeat',
  versions: [1, 1],
  handle(request, call): Answer<'ShareGroupHeartbeat'> | Promise<Answer<'ShareGroupHeartbeat'>> {
    const { core, client, clientId } = call
    const { groupId, memberId, memberEpoch, subscribedTopicNames } = request
    if (core.features.level('share.version') === 0) return refused('UNSUPPORTED_VERSION', null, call)
    if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) {
      return refused('GROUP_AUTHORIZATION_FAILED', null, call)
    }
    if (!isMemberId(memberId)) return refused('INVALID_REQUEST', null, call)
    const isHidden = (topic: string) => !core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', topic)
    if ((subscribedTopicNames ?? []).some(isHidden)) return refused('TOPIC_AUTHORIZATION_FAILED', null, call)
    const invalid = problemWith(request)
    if (invalid) return refused('INVALID_REQUEST', invalid, call)
    const reply = core.groups.ask<ShareHeartbeatReply>(
      groupId,
      (ticket) => ({
        kind: 'shareHeartbeat',
        ticket,
        memberId,
        memberEpoch,
        rackId: request.rackId,
        clientId: clientId ?? '',
        clientHost: javaHost(client.connection.remoteAddress),
        subscribedTopicNames,
        settings: core.groups.settings.share(groupId),
      }),
      { creates: memberEpoch === 0 ? 'share' : null },
    )
    const missing = memberEpoch < 0 ? `Group ${groupId} not found.` : `Share group ${groupId} not found.`
    return reply?.then((value) => answer(value, call)) ?? refused('GROUP_ID_NOT_FOUND', missing, call)
  },
  storageFailed: (_request, call) => refused('COORDINATOR_NOT_AVAILABLE', null, call),
})

/** GroupCoordinatorService.throwIfShareGroupHeartbeatRequestIsInvalid. */
function problemWith({
  groupId,
  memberId,
  memberEpoch,
  rackId,
  subscribedTopicNames,
}: RequestOf<'ShareGroupHeartbeat'>): string | undefined {
  if (groupId.trim() === '') return "GroupId can't be empty."
  if (memberId.trim() === '') return "MemberId can't be empty."
  if (rackId?.trim() === '') return "RackId can't be empty."
  if (memberEpoch < -1) return 'MemberEpoch is invalid.'
  const isEmpty = subscribedTopicNames === null || subscribedTopicNames.length === 0
  return memberEpoch === 0 && isEmpty ? 'SubscribedTopicNames must be set in first request.' : undefined
}

function answer({ error, message, ...reply }: ShareHeartbeatReply, call: Call): Answer<'ShareGroupHeartbeat'> {
  if (error !== 'NONE') return refused(error, message, call)
  const { memberId, memberEpoch, heartbeatIntervalMs, assignment } = reply
  return {
    errorCode: 0,
    memberId,
    memberEpoch,
    heartbeatIntervalMs,
    assignment: assignment && {
      topicPartitions: Object.entries(assignment).map(([topicId, partitions]) => ({
        topicId,
        partitions: [...partitions],
      })),
    },
  }
}

function refused(error: ErrorName, message: string | null, { failed }: Call): Answer<'ShareGroupHeartbeat'> {
  failed(error, message ?? 'share group heartbeat')
  return { errorCode: errorCode(error), errorMessage: message, memberId: null, memberEpoch: 0, heartbeatIntervalMs: 0 }
}
