import type { Millis } from '../../base/clock'
import { emptyGroup } from '../classic/group'
import { classicMachine } from '../classic/machine'
import type { GroupContext } from '../context'
import type { Group, GroupEvent, GroupOf, GroupStep } from '../group'
import { foreignEffects } from '../share/foreign'
import type { DescriptionSent, StreamsHeartbeat } from './events'
import { emptyStreamsGroup } from './group'
import { streamsMachine } from './machine'
import { streamsRefused } from './members'

/** [G32] A group of another type is refused (GroupMetadataManager.castToStreamsGroup). */
export function notStreams(group: Group, event: StreamsHeartbeat | DescriptionSent): GroupStep {
  const refusal = {
    error: 'GROUP_ID_NOT_FOUND' as const,
    message: `Group ${group.value.groupId} is not a streams group.`,
  }
  const reply =
    event.kind === 'streamsHeartbeat'
      ? streamsRefused(event.memberId, refusal)
      : { api: 'descriptionSent' as const, ...refusal }
  return { group, effects: [{ kind: 'reply', ticket: event.ticket, reply }], causes: [] }
}

/** [G32] An empty classic group becomes a streams group when a member joins, so that an application can change its protocol. */
export function toStreams(
  before: GroupOf<'classic'>,
  event: StreamsHeartbeat | DescriptionSent,
  at: Millis,
  context: GroupContext,
): GroupStep {
  const isJoin = event.kind === 'streamsHeartbeat' && event.memberEpoch === 0
  if (!isJoin || before.value.state !== 'Empty') return notStreams(before, event)
  const empty = emptyStreamsGroup(before.value.groupId)
  const after = streamsMachine.step(empty, event, at, context)
  return { ...after, group: after.group === empty ? before : { type: 'streams', value: after.group } }
}

/** [G32] An empty streams group becomes a classic one when a member joins; others find no group of their own. */
export function foreignToStreams(before: GroupOf<'streams'>, event: GroupEvent, at: Millis): GroupStep {
  const { groupId, members } = before.value
  if (event.kind !== 'join' || members.length > 0) {
    return { group: before, effects: foreignEffects(groupId, event), causes: [] }
  }
  const empty = emptyGroup(groupId)
  const after = classicMachine.step(empty, event, at)
  return { ...after, group: after.group === empty ? before : { type: 'classic', value: after.group } }
}
