import type { Millis } from '../../base/clock'
import type { Machine } from '../machine'
import { assign } from './advance'
import { classicHeartbeat, classicJoin, classicLeave, classicSync } from './classic-members'
import type { ConsumerEvent, ConsumerReply, World } from './events'
import { type ConsumerGroup, type ConsumerMember, consumerMemberOf, consumerNameOf } from './group'
import { heartbeat, leave } from './heartbeat'
import { type ConsumerStep, without } from './members'
import { subscribedTopics, topicChange } from './subscription'

/** A group of the consumer protocol (KIP-848: ConsumerGroupHeartbeat), with members of the classic one too; its rules are in SPEC.md. */
export const consumerMachine: Machine<ConsumerGroup, ConsumerEvent, ConsumerReply> = {
  step(group, event, at) {
    switch (event.kind) {
      case 'consumerHeartbeat':
        return event.memberEpoch < 0 ? leave(group, event) : heartbeat(group, event, at)
      case 'classicJoin':
        return classicJoin(group, event, at)
      case 'sync':
        return classicSync(group, event, at)
      case 'heartbeat':
        return classicHeartbeat(group, event, at)
      case 'leave':
        return classicLeave(group, event)
      case 'topicsChanged':
        return topicsChanged(group, event.world)
      case 'fence':
        return fence(group, event.reason)
      case 'memberSessionExpired':
        return expire(
          group,
          event.memberId,
          (name, _, silentMs) => `${name} sent no heartbeat for ${Math.round(silentMs / 100) / 10} s`,
        )
      case 'revocationExpired':
        return expire(group, event.memberId, (name, within) => `${name} did not give up its partitions ${within}`)
      case 'rejoinExpired':
        return expire(group, event.memberId, (name, within) => `${name} did not join again ${within}`)
      case 'assignmentNotFetched':
        return expire(group, event.memberId, (name) => `${name} joined and did not ask for the assignment`)
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

type Expiry = 'memberSessionExpired' | 'revocationExpired' | 'rejoinExpired' | 'assignmentNotFetched'

function* deadlines(member: ConsumerMember): Generator<readonly [Millis | null, Expiry]> {
  yield [member.sessionDeadline, 'memberSessionExpired']
  yield [member.revocationDeadline, 'revocationExpired']
  if (member.classic === null) return
  yield [member.classic.joinDeadline, 'rejoinExpired']
  yield [member.classic.syncDeadline, 'assignmentNotFetched']
}

function expire(
  group: ConsumerGroup,
  memberId: string,
  cause: (name: string, within: string, silentMs: number) => string,
): ConsumerStep {
  const member = consumerMemberOf(group, memberId)
  if (!member) return { group, effects: [] }
  const within = `within ${Math.round(member.rebalanceTimeoutMs / 1000)} s`
  return {
    group: without(group, [memberId]),
    effects: [{ kind: 'save' }],
    cause: cause(consumerNameOf(member), within, member.sessionTimeoutMs),
  }
}

/** [K17] */
function fence(group: ConsumerGroup, reason: string): ConsumerStep {
  if (group.members.length === 0) return { group, effects: [] }
  const everyone = group.members.map(({ memberId }) => memberId)
  return { group: without(group, everyone), effects: [{ kind: 'save' }], cause: reason }
}

/** [K9] The topics under the subscriptions changed: a new epoch, and a new target at once. */
function topicsChanged(group: ConsumerGroup, world: World): ConsumerStep {
  const topics = subscribedTopics(group, world)
  const change = topicChange(group.topics, topics)
  if (change === undefined) return { group, effects: [] }
  const next = assign({ ...group, topics, groupEpoch: group.groupEpoch + 1 }, world)
  return { group: next, effects: [{ kind: 'save' }], cause: change }
}

/** [K18] The group as it is found after a restart: everyone has a full session to be heard. */
export function restoredConsumerGroup(group: ConsumerGroup, at: Millis): ConsumerGroup {
  return {
    ...group,
    members: group.members.map((member) => ({
      ...member,
      classic: member.classic && { ...member.classic, joinDeadline: null, syncDeadline: null },
      sessionDeadline: at + member.sessionTimeoutMs,
      revocationDeadline: member.revocationDeadline === null ? null : at + member.rebalanceTimeoutMs,
    })),
  }
}
