import type { Millis } from '../../base/clock'
import type { Cause } from '../causes'
import type { TopicMetadata } from '../context'
import { type Machine, within } from '../machine'
import { assign } from './advance'
import { classicHeartbeat, classicJoin, classicLeave, classicSync } from './classic-members'
import type { ConsumerEvent, ConsumerExpiry, ConsumerReply } from './events'
import { type ConsumerGroup, type ConsumerMember, consumerMemberOf, consumerNameOf, type Resolved } from './group'
import { heartbeat, leave } from './heartbeat'
import { type ConsumerStep, without } from './members'
import { patternsOf, resolvePatterns, subscribedTopics, topicChanges } from './subscription'

/** A group of the consumer protocol (KIP-848: ConsumerGroupHeartbeat), with members of the classic one too; its rules are in SPEC.md. */
export const consumerMachine: Machine<ConsumerGroup, ConsumerEvent, ConsumerReply, ConsumerExpiry> = {
  step(group, event, at, context) {
    switch (event.kind) {
      case 'consumerHeartbeat':
        return event.memberEpoch < 0 ? leave(group, event) : heartbeat(group, event, at, context.topics)
      case 'join':
        return classicJoin(group, event, at, context)
      case 'sync':
        return classicSync(group, event, at)
      case 'heartbeat':
        return classicHeartbeat(group, event, at)
      case 'leave':
        return classicLeave(group, event)
      case 'topicsChanged':
        return topicsChanged(group, context.topics)
      case 'patternsResolved':
        return patternsResolved(group, event.resolved, context.topics)
      case 'fence':
        return fence(group, event.cause)
      case 'memberSessionExpired':
      case 'revocationExpired':
      case 'rejoinExpired':
      case 'assignmentNotFetched':
        return expire(group, event)
    }
  },
  wakeAt(group) {
    let next: Millis | undefined
    for (const member of group.members) {
      for (const [at] of deadlines(member)) if (at !== null && (next === undefined || at < next)) next = at
    }
    return next
  },
  due(group, at) {
    for (const member of group.members) {
      for (const [deadline, kind] of deadlines(member)) {
        if (deadline !== null && deadline <= at) return { kind, memberId: member.memberId }
      }
    }
    return undefined
  },
}

function* deadlines(member: ConsumerMember): Generator<readonly [Millis | null, ConsumerExpiry['kind']]> {
  yield [member.sessionDeadline, 'memberSessionExpired']
  yield [member.revocationDeadline, 'revocationExpired']
  if (member.classic === null) return
  yield [member.classic.joinDeadline, 'rejoinExpired']
  yield [member.classic.syncDeadline, 'assignmentNotFetched']
}

/** A deadline of one member passed: it is removed. */
function expire(group: ConsumerGroup, { kind, memberId }: ConsumerExpiry): ConsumerStep {
  const member = consumerMemberOf(group, memberId)
  if (!member) return { group, effects: [], causes: [] }
  return { group: without(group, [memberId]), effects: [{ kind: 'save' }], causes: [causeOf(kind, member)] }
}

function causeOf(
  kind: ConsumerExpiry['kind'],
  { sessionTimeoutMs, rebalanceTimeoutMs: afterMs, ...member }: ConsumerMember,
): Cause {
  const name = consumerNameOf(member)
  switch (kind) {
    case 'memberSessionExpired':
      return { kind: 'sessionExpired', member: name, afterMs: sessionTimeoutMs }
    case 'revocationExpired':
      return { kind: 'revocationExpired', member: name, afterMs }
    case 'rejoinExpired':
      return { kind: 'rejoinExpired', members: [name], afterMs }
    case 'assignmentNotFetched':
      return { kind: 'syncExpired', members: [name] }
  }
}

/** [K17] Removes all members, so that commits of their epoch are rejected. */
function fence(group: ConsumerGroup, cause: Cause): ConsumerStep {
  if (group.members.length === 0) return { group, effects: [], causes: [] }
  const everyone = group.members.map(({ memberId }) => memberId)
  return { group: without(group, everyone), effects: [{ kind: 'save' }], causes: [cause] }
}

/** [K9] Subscribed topics changed: a new epoch, and a new target at once. */
function topicsChanged(group: ConsumerGroup, metadata: TopicMetadata): ConsumerStep {
  const topics = subscribedTopics(group, metadata)
  const changes = topicChanges(group.topics, topics)
  if (changes.length === 0) return { group, effects: [], causes: [] }
  const next = assign({ ...group, topics, groupEpoch: group.groupEpoch + 1 }, metadata)
  return { group: next, effects: [{ kind: 'save' }], causes: [{ kind: 'topicsChanged', changes }] }
}

/** [K5] Patterns are resolved: a new epoch when they match other topics than before (handleRegularExpressionsResult). */
function patternsResolved(group: ConsumerGroup, resolved: Resolved, metadata: TopicMetadata): ConsumerStep {
  const used = patternsOf(group.members)
  const known = group.resolved ?? {}
  const changed = Object.entries(resolved).filter(
    ([pattern, topics]) => used.has(pattern) && known[pattern]?.join() !== topics.join(),
  )
  if (changed.length === 0) return { group, effects: [], causes: [] }
  const next = { ...group, resolved: { ...known, ...Object.fromEntries(changed) } }
  const topics = subscribedTopics(next, metadata)
  const matchesOthers = changed.some(([pattern, names]) => (known[pattern] ?? []).join() !== names.join())
  const patterns = changed.map(([pattern, names]) => ({ pattern, topics: names.length }))
  return {
    group: matchesOthers ? assign({ ...next, topics, groupEpoch: group.groupEpoch + 1 }, metadata) : next,
    effects: [{ kind: 'save' }],
    causes: [{ kind: 'patternsResolved', patterns }],
  }
}

/** [K18] The group after a restart: every member has a full session to send a heartbeat. */
export function restoredConsumerGroup(group: ConsumerGroup, at: Millis): ConsumerGroup {
  const resolved = group.resolved ?? resolvedBefore(group)
  return {
    ...group,
    ...(Object.keys(resolved).length > 0 ? { resolved } : {}),
    members: group.members.map((member) => ({
      ...member,
      classic: member.classic && { ...member.classic, joinDeadline: null, syncDeadline: null },
      sessionDeadline: at + member.sessionTimeoutMs,
      revocationDeadline: member.revocationDeadline === null ? null : at + member.rebalanceTimeoutMs,
    })),
  }
}

/** [K27] The clock was set back: no deadline lies further ahead than its whole span. */
export function setBackConsumer(group: ConsumerGroup, at: Millis): ConsumerGroup {
  return {
    ...group,
    members: group.members.map((member) => {
      const { classic, sessionTimeoutMs, rebalanceTimeoutMs } = member
      return {
        ...member,
        classic: classic && {
          ...classic,
          joinDeadline: within(classic.joinDeadline, at, rebalanceTimeoutMs),
          syncDeadline: within(classic.syncDeadline, at, rebalanceTimeoutMs),
        },
        sessionDeadline: within(member.sessionDeadline, at, sessionTimeoutMs),
        revocationDeadline: within(member.revocationDeadline, at, rebalanceTimeoutMs),
      }
    }),
  }
}

/** Patterns of an older workspace, which has only the topics that they matched. */
function resolvedBefore({ members, topics }: ConsumerGroup): Resolved {
  return resolvePatterns(
    patternsOf(members),
    topics.map(({ name }) => name),
    () => true,
  )
}
