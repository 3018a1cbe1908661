import type { Millis } from '../../base/clock'
import type { Cause } from '../causes'
import type { GroupContext, TopicMetadata } from '../context'
import { within } from '../machine'
import type { DescriptionReply, DescriptionSent, StreamsEvent, StreamsExpiry } from './events'
import { type StreamsGroup, type StreamsMember, streamsMemberOf, streamsNameOf } from './group'
import { heartbeat } from './heartbeat'
import { leave, type StreamsStep, unknownMember, without } from './members'
import { refreshed, targeted } from './target'

/** A streams group (KIP-1071: StreamsGroupHeartbeat). */
export const streamsMachine = {
  step(group: StreamsGroup, event: StreamsEvent, at: Millis, { topics }: Pick<GroupContext, 'topics'>): StreamsStep {
    switch (event.kind) {
      case 'streamsHeartbeat':
        return event.memberEpoch < 0 ? leave(group, event) : heartbeat(group, event, at, topics)
      case 'descriptionSent':
        return described(group, event)
      case 'topicsChanged':
        return topicsChanged(group, topics)
      case 'internalTopicsTried':
        return { group: { ...group, refusedTopics: event.reason }, effects: [], causes: [] }
      case 'fence':
        return removed(group, group.members, event.cause)
      case 'memberSessionExpired':
        return expired(group, event.memberId, (member) => ({
          kind: 'sessionExpired',
          member: streamsNameOf(member),
          afterMs: member.sessionTimeoutMs,
        }))
      case 'revocationExpired':
        return expired(group, event.memberId, (member) => ({
          kind: 'revocationExpired',
          member: streamsNameOf(member),
          afterMs: member.rebalanceTimeoutMs,
        }))
      case 'assignmentDue':
        return assignmentDue(group, at)
    }
  },
  wakeAt({ members, firstAssignmentAt }: StreamsGroup): Millis | undefined {
    let next = firstAssignmentAt ?? undefined
    for (const { sessionDeadline, revocationDeadline } of members) {
      const at = Math.min(sessionDeadline, revocationDeadline ?? sessionDeadline)
      if (next === undefined || at < next) next = at
    }
    return next
  },
  due({ members, firstAssignmentAt }: StreamsGroup, at: Millis): StreamsExpiry | undefined {
    if (firstAssignmentAt !== null && firstAssignmentAt <= at) return { kind: 'assignmentDue' }
    for (const { memberId, sessionDeadline, revocationDeadline } of members) {
      if (sessionDeadline <= at) return { kind: 'memberSessionExpired', memberId }
      if (revocationDeadline !== null && revocationDeadline <= at) return { kind: 'revocationExpired', memberId }
    }
    return undefined
  },
}

/** [G14] The initial delay is over: everybody's target is made. */
function assignmentDue(group: StreamsGroup, at: Millis): StreamsStep {
  const next = group.members.length === 0 ? { ...group, firstAssignmentAt: null } : targeted(group, at)
  return { group: next, effects: [{ kind: 'save' }], causes: [{ kind: 'initialDelayElapsed' }] }
}

/** [G5] Changed topics reach the group at once; Kafka looks again with the next heartbeat. */
function topicsChanged(group: StreamsGroup, metadata: TopicMetadata): StreamsStep {
  const fresh = group.members.length === 0 ? { error: 'NONE' as const } : refreshed(group, metadata)
  if ('error' in fresh || fresh.group === group) return { group, effects: [], causes: [] }
  const groupEpoch = group.groupEpoch + (fresh.isChanged ? 1 : 0)
  return { group: { ...fresh.group, groupEpoch }, effects: [{ kind: 'save' }], causes: fresh.causes }
}

function expired(group: StreamsGroup, memberId: string, cause: (member: StreamsMember) => Cause): StreamsStep {
  const member = streamsMemberOf(group, memberId)
  return member ? removed(group, [member], cause(member)) : { group, effects: [], causes: [] }
}

function removed(group: StreamsGroup, members: readonly StreamsMember[], cause: Cause): StreamsStep {
  if (members.length === 0) return { group, effects: [], causes: [] }
  return { group: without(group, members), effects: [{ kind: 'save' }], causes: [cause] }
}

/** [G29] StreamsGroupTopologyDescriptionUpdate (KIP-1331). */
function described(
  group: StreamsGroup,
  { ticket, memberId, topologyEpoch, description }: DescriptionSent,
): StreamsStep {
  const answered = (reply: Omit<DescriptionReply, 'api'>): StreamsStep['effects'][number] => ({
    kind: 'reply',
    ticket,
    reply: { api: 'descriptionSent', ...reply },
  })
  if (!streamsMemberOf(group, memberId)) {
    return { group, effects: [answered(unknownMember(group, memberId))], causes: [] }
  }
  if (topologyEpoch !== group.topology?.epoch) {
    const message = `The topology epoch ${topologyEpoch} is not the group's topology epoch ${group.topology?.epoch}.`
    return { group, effects: [answered({ error: 'INVALID_REQUEST', message })], causes: [] }
  }
  return {
    group: { ...group, description: { epoch: topologyEpoch, value: description } },
    effects: [{ kind: 'save' }, answered({ error: 'NONE', message: null })],
    causes: [],
  }
}

/** [G30] The group as it is found after a restart: every member has a full session to be heard; a request to shut down and the reason for
 * refused topics are forgotten. */
export function restoredStreamsGroup(group: StreamsGroup, at: Millis): StreamsGroup {
  return {
    ...group,
    shutdownBy: null,
    refusedTopics: null,
    descriptionAskedAt: null,
    members: group.members.map((member) => ({
      ...member,
      sessionDeadline: at + member.sessionTimeoutMs,
      revocationDeadline: member.revocationDeadline === null ? null : at + member.rebalanceTimeoutMs,
    })),
  }
}

/** [G33] The clock was set back: no deadline lies further ahead than its whole span, and what is measured from the past is over. */
export function setBackStreams(group: StreamsGroup, at: Millis): StreamsGroup {
  return {
    ...group,
    assignedAt: Math.min(group.assignedAt, at),
    firstAssignmentAt: within(group.firstAssignmentAt, at, 0),
    descriptionAskedAt: within(group.descriptionAskedAt, at, 0),
    members: group.members.map((member) => ({
      ...member,
      sessionDeadline: within(member.sessionDeadline, at, member.sessionTimeoutMs),
      revocationDeadline: within(member.revocationDeadline, at, member.rebalanceTimeoutMs),
    })),
  }
}
