import type { Millis } from '../../base/clock'
import type { Cause } from '../causes'
import type { Partitions } from '../consumer/group'
import type { GroupContext, TopicMetadata } from '../context'
import { within } from '../machine'
import type { ShareEvent } from './events'
import { type ShareGroup, type ShareMember, shareMemberOf } from './group'
import { heartbeat, leave, regrouped, type ShareStep, shareNameOf, withoutMembers } from './heartbeat'

/** The members of a share group (KIP-932: ShareGroupHeartbeat). Deliveries are another value: share-partition.ts. */
export const shareMachine = {
  step(group: ShareGroup, event: ShareEvent, at: Millis, { topics }: Pick<GroupContext, 'topics'>): ShareStep {
    switch (event.kind) {
      case 'shareHeartbeat':
        return event.memberEpoch < 0 ? leave(group, event) : heartbeat(group, event, at, topics)
      case 'topicsChanged':
        return topicsChanged(group, topics)
      case 'fence':
        return removed(group, group.members, event.cause)
      case 'memberSessionExpired':
        return expired(group, event.memberId)
      case 'offsetsAltered':
        return saved({ ...begun(group), initialized: united(group.initialized, event.partitions) })
      case 'offsetsDeleted':
        return saved({ ...group, initialized: withoutTopics(group.initialized, event.topicIds) })
    }
  },
  wakeAt({ members }: ShareGroup): Millis | undefined {
    let next: Millis | undefined
    for (const { sessionDeadline: at } of members) if (next === undefined || at < next) next = at
    return next
  },
  due({ members }: ShareGroup, at: Millis): ShareEvent | undefined {
    const member = members.find(({ sessionDeadline }) => sessionDeadline <= at)
    return member && { kind: 'memberSessionExpired', memberId: member.memberId }
  },
}

/** [S15] */
function begun(group: ShareGroup): ShareGroup {
  return group.groupEpoch > 0 ? group : { ...group, groupEpoch: 1, assignmentEpoch: 1 }
}

/** [S6] Topics that are gone are forgotten; new partitions reach the group at once. */
function topicsChanged(group: ShareGroup, metadata: TopicMetadata): ShareStep {
  const ids = new Set([...metadata.values()].map(({ topicId }) => topicId))
  const lost = Object.keys(group.initialized).filter((topicId) => !ids.has(topicId))
  const known = lost.length === 0 ? group : { ...group, initialized: withoutTopics(group.initialized, lost) }
  const { group: next, causes } = regrouped(known, metadata, false)
  if (next === group) return { group, effects: [], causes: [] }
  return { group: next, effects: [{ kind: 'save' }], causes }
}

/** [S11] */
function expired(group: ShareGroup, memberId: string): ShareStep {
  const member = shareMemberOf(group, memberId)
  if (!member) return { group, effects: [], causes: [] }
  return removed(group, [member], {
    kind: 'sessionExpired',
    member: shareNameOf(member),
    afterMs: member.sessionTimeoutMs,
  })
}

function removed(group: ShareGroup, members: readonly ShareMember[], cause: Cause): ShareStep {
  if (members.length === 0) return { group, effects: [], causes: [] }
  const gone = members.map(({ memberId }) => memberId)
  return { group: withoutMembers(group, gone), effects: [{ kind: 'save' }], causes: [cause] }
}

function saved(group: ShareGroup): ShareStep {
  return { group, effects: [{ kind: 'save' }], causes: [] }
}

function united(a: Partitions, b: Partitions): Partitions {
  const all: Record<string, readonly number[]> = { ...a }
  for (const [topicId, numbers] of Object.entries(b)) {
    all[topicId] = [...new Set([...(all[topicId] ?? []), ...numbers])].sort((x, y) => x - y)
  }
  return all
}

function withoutTopics(partitions: Partitions, topicIds: readonly string[]): Partitions {
  return Object.fromEntries(Object.entries(partitions).filter(([topicId]) => !topicIds.includes(topicId)))
}

/** [S12] The group as it is found after a restart: every member has a full session to be heard. */
export function restoredShareGroup(group: ShareGroup, at: Millis): ShareGroup {
  return {
    ...group,
    members: group.members.map((member) => ({ ...member, sessionDeadline: at + member.sessionTimeoutMs })),
  }
}

/** [S16] The clock was set back: no session lies further ahead than its whole span. */
export function setBackShare(group: ShareGroup, at: Millis): ShareGroup {
  return {
    ...group,
    members: group.members.map((member) => ({
      ...member,
      sessionDeadline: within(member.sessionDeadline, at, member.sessionTimeoutMs),
    })),
  }
}
