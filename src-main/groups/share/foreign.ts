import { joinRefused, syncRefused } from '../classic/events'
import { heartbeatRefused } from '../consumer/heartbeat'
import type { GroupEvent, GroupReply } from '../group'
import type { Effect } from '../machine'

/**
 * [S14] The answer of a share group to members of other types of groups: JoinGroup gets INCONSISTENT_GROUP_PROTOCOL, a ConsumerGroupHeartbeat
 * finds no consumer group, the rest finds no member (GroupMetadataManager.classicGroupJoin, getOrMaybeCreateConsumerGroup).
 */
export function foreignEffects(groupId: string, event: GroupEvent): Effect<GroupReply>[] {
  switch (event.kind) {
    case 'join':
      return [{ kind: 'reply', ticket: event.ticket, reply: joinRefused('', 'INCONSISTENT_GROUP_PROTOCOL') }]
    case 'sync':
      return [{ kind: 'reply', ticket: event.ticket, reply: syncRefused('UNKNOWN_MEMBER_ID') }]
    case 'heartbeat':
      return [{ kind: 'reply', ticket: event.ticket, reply: { api: 'heartbeat', error: 'UNKNOWN_MEMBER_ID' } }]
    case 'leave':
      return [
        { kind: 'reply', ticket: event.ticket, reply: { api: 'leave', members: event.members.map(unknownMember) } },
      ]
    case 'consumerHeartbeat':
      return [
        {
          kind: 'reply',
          ticket: event.ticket,
          reply: heartbeatRefused(event.memberId, 'GROUP_ID_NOT_FOUND', `Group ${groupId} is not a consumer group.`),
        },
      ]
    default:
      return []
  }
}

function unknownMember({
  memberId,
  groupInstanceId,
}: {
  readonly memberId: string
  readonly groupInstanceId: string | null
}) {
  return { memberId, groupInstanceId, error: 'UNKNOWN_MEMBER_ID' as const }
}
