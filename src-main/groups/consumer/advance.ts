import type { Millis } from '../../base/clock'
import type { Cause, Subscribed } from '../causes'
import type { TopicMetadata } from '../context'
import { assignors } from './assignors/assignors'
import { type ConsumerGroup, type ConsumerMember, consumerNameOf, count, type Partitions } from './group'
import { put, replace } from './members'
import { reconcile } from './reconcile'
import { subscribedTopics, topicChanges, topicsOf, withoutUnusedPatterns } from './subscription'

interface Advance {
  readonly group: ConsumerGroup
  readonly member: ConsumerMember
  /** Empty when nothing changed that is worth a frame. */
  readonly causes: readonly Cause[]
}

/**
 * The group after a heartbeat or join of a member, of either protocol: the group epoch grows if it has to, the target assignment is
 * made, and the member is reconciled with its own by one step. `before` is the member as it was known, or a new one with
 * `sessionDeadline` 0.
 */
export function advance(
  group: ConsumerGroup,
  before: ConsumerMember,
  updated: ConsumerMember,
  heard: {
    readonly replaces: ConsumerMember | undefined
    readonly owned: Partitions | null
    readonly topics: TopicMetadata
    readonly at: Millis
  },
): Advance {
  const { replaces, owned, topics: metadata, at } = heard
  const isNew = before.sessionDeadline === 0
  const namesChanged = !sameNames(before, updated)
  const patternChanged = before.subscribedTopicRegex !== updated.subscribedTopicRegex
  const name = consumerNameOf(updated)
  const causes: Cause[] = []
  if (replaces) causes.push({ kind: 'staticRejoined', member: name, keepsPartitions: true })
  else if (isNew) causes.push({ kind: 'joined', member: name, subscribed: subscribedOf(updated) })
  else if (namesChanged || patternChanged) {
    causes.push({ kind: 'subscriptionChanged', member: name, subscribed: subscribedOf(updated) })
  }
  const changes = topicChanges(group.topics, subscribedTopics(group, metadata))
  let next = withoutUnusedPatterns(replaces ? replace(group, updated, replaces.memberId) : put(group, updated))
  // [K6] The group epoch grows when subscriptions or the topics under them change; [K5] a pattern counts when it is resolved.
  if (namesChanged || (patternChanged && isResolved(updated, next)) || changes.length > 0) {
    if (changes.length > 0 && causes.length === 0) causes.push({ kind: 'topicsChanged', changes })
    next = { ...next, groupEpoch: next.groupEpoch + 1, topics: subscribedTopics(next, metadata) }
  }
  next = assign(next, metadata)
  const moved = reconcile(next, updated, owned, {
    topics: topicsOf(updated, next, metadata),
    changed: namesChanged || patternChanged,
  })
  const member = { ...moved, revocationDeadline: revocationDeadline(before, moved, at) }
  causes.push(...movement(before, member))
  return { group: put(next, member), member, causes }
}

/** [K7] Makes the target assignment of the current group epoch, if it is not made yet (TargetAssignmentBuilder). */
export function assign(group: ConsumerGroup, metadata: TopicMetadata): ConsumerGroup {
  if (group.groupEpoch <= group.assignmentEpoch || group.members.length === 0) return group
  const assignor = preferredAssignor(group)
  const share = assignors[assignor] as NonNullable<(typeof assignors)[string]>
  const targets = share(
    group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      topics: topicsOf(member, group, metadata),
      before: group.targets[member.memberId] ?? {},
    })),
  )
  return { ...group, targets, assignor, assignmentEpoch: group.groupEpoch }
}

/** [K8] The assignor that most members ask for; the broker's default when none does (ConsumerGroup.preferredServerAssignor). */
function preferredAssignor(group: ConsumerGroup): string {
  const votes = new Map<string, number>()
  for (const { serverAssignor } of group.members) {
    if (serverAssignor !== null) votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1)
  }
  let winner: string | undefined
  for (const [name, number] of votes) if (winner === undefined || number > (votes.get(winner) ?? 0)) winner = name
  return winner ?? (Object.keys(assignors)[0] as string)
}

function sameNames({ subscribedTopicNames: a }: ConsumerMember, { subscribedTopicNames: b }: ConsumerMember): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i])
}

/** Tells that the topics of a member's pattern are known; an unresolved one changes the epoch later (maybeUpdateRegularExpressions). */
function isResolved({ subscribedTopicRegex: pattern }: ConsumerMember, { resolved }: ConsumerGroup): boolean {
  return pattern === null || resolved?.[pattern] !== undefined
}

function subscribedOf({ subscribedTopicNames: topics, subscribedTopicRegex: pattern }: ConsumerMember): Subscribed {
  return { topics, pattern }
}

/** [K14] The time to revoke starts when it is asked for, once per epoch. Classic members have their rebalance timeout to join instead. */
function revocationDeadline(before: ConsumerMember, after: ConsumerMember, at: Millis): Millis | null {
  if (after.state !== 'UNREVOKED_PARTITIONS' || after.classic !== null) return null
  const isSame = before.state === 'UNREVOKED_PARTITIONS' && before.memberEpoch === after.memberEpoch
  return isSame && before.revocationDeadline !== null ? before.revocationDeadline : at + after.rebalanceTimeoutMs
}

function movement(before: ConsumerMember, after: ConsumerMember): Cause[] {
  const member = consumerNameOf(after)
  const gained = count(after.assigned) - count(before.assigned)
  if (before.state === after.state && gained === 0) return []
  if (after.state === 'UNREVOKED_PARTITIONS' && before.state !== after.state) {
    return [{ kind: 'mustRevoke', member, partitions: count(after.pendingRevocation) }]
  }
  if (before.state === 'UNREVOKED_PARTITIONS') {
    return [{ kind: 'revoked', member, partitions: count(before.pendingRevocation) }]
  }
  const awaitsMore = after.state === 'UNRELEASED_PARTITIONS'
  if (gained > 0) return [{ kind: 'gained', member, partitions: gained, awaitsMore }]
  return awaitsMore ? [{ kind: 'awaitsPartitions', member }] : []
}
