import type { HeartbeatReply } from '../../groups/classic/events'
import { errorCode } from '../../protocol/errors'
import { type Answer, handler } from '../handler'

/** Heartbeat 0-4: groups/classic/SPEC.md [C4], [C19]; of a classic member of a consumer group groups/consumer/SPEC.md [K24]. */
export const heartbeat = handler({
  api: 'Heartbeat',
  versions: [0, 4],
  handle(
    { groupId, memberId, groupInstanceId, generationId },
    { core, client },
  ): Answer<'Heartbeat'> | Promise<Answer<'Heartbeat'>> {
    if (groupId === '') return { errorCode: errorCode('INVALID_GROUP_ID') }
    if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) {
      return { errorCode: errorCode('GROUP_AUTHORIZATION_FAILED') }
    }
    const reply = core.groups.ask<HeartbeatReply>(groupId, (ticket) => ({
      kind: 'heartbeat',
      ticket,
      memberId,
      groupInstanceId,
      generationId,
    }))
    return (
      reply?.then(({ error }) => ({ errorCode: errorCode(error) })) ?? { errorCode: errorCode('UNKNOWN_MEMBER_ID') }
    )
  },
  storageFailed: () => ({ errorCode: errorCode('COORDINATOR_NOT_AVAILABLE') }),
})
