import type { Millis } from '../../base/clock'
import type { Effect, Machine, Step } from '../machine'
import { assignors } from './assignors/assignor'
import type { ConsumerEvent, ConsumerHeartbeat, ConsumerHeartbeatReply, ConsumerReply, World } from './events'
import {
  type ConsumerGroup,
  type ConsumerMember,
  consumerMemberOf,
  consumerNameOf,
  count,
  leaveEpoch,
  leaveStaticEpoch,
  type Partitions,
  samePartitions,
  staticConsumerOf,
} from './group'
import { reconcile } from './reconcile'
import { patternProblem, subscribedTopics, topicChange, topicsOf } from './subscription'

/** A group of the consumer protocol (KIP-848: ConsumerGroupHeartbeat); its rules are in SPEC.md. */
export const consumerMachine: Machine<ConsumerGroup, ConsumerEvent, ConsumerReply> = {
  step(group, event, at) {
    switch (event.kind) {
      case 'consumerHeartbeat':
        return event.memberEpoch < 0 ? leave(group, event) : heartbeat(group, event, at)
      case 'topicsChanged':
        return topicsChanged(group, event.world)
      case 'remove':
        return remove(group, event)
      case 'sessionExpired':
        return expire(group, event.memberId, (member) => `${consumerNameOf(member)} sent no heartbeat in time`)
      case 'revocationExpired':
        return expire(
          group,
          event.memberId,
          (member) =>
            `${consumerNameOf(member)} did not give up its partitions within ${Math.round(member.rebalanceTimeoutMs / 1000)} s`,
        )
    }
  },
  wakeAt(group) {
    let next: Millis | undefined
    for (const { sessionDeadline, revocationDeadline } of group.members) {
      const at = revocationDeadline === null ? sessionDeadline : Math.min(sessionDeadline, revocationDeadline)
      if (next === undefined || at < next) next = at
    }
    return next
  },
  due(group, at) {
    for (const { memberId, sessionDeadline, revocationDeadline } of group.members) {
      if (sessionDeadline <= at) return { kind: 'sessionExpired', memberId }
      if (revocationDeadline !== null && revocationDeadline <= at) return { kind: 'revocationExpired', memberId }
    }
    return undefined
  },
}

type ConsumerStep = Step<ConsumerGroup, ConsumerReply>

function refused(
  group: ConsumerGroup,
  { ticket, memberId }: ConsumerHeartbeat,
  error: ConsumerHeartbeatReply['error'],
  message: string,
): ConsumerStep {
  const reply: ConsumerHeartbeatReply = {
    api: 'consumerHeartbeat',
    error,
    message,
    memberId,
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    assignment: null,
  }
  return { group, effects: [{ kind: 'reply', ticket, reply }] }
}

/** GroupMetadataManager.consumerGroupHeartbeat. */
function heartbeat(group: ConsumerGroup, event: ConsumerHeartbeat, at: Millis): ConsumerStep {
  const { settings, world, memberId } = event
  const isJoin = event.memberEpoch === 0
  // [K2]
  const isKnown =
    consumerMemberOf(group, memberId) !== undefined ||
    (event.instanceId !== null && staticConsumerOf(group, event.instanceId) !== undefined)
  if (group.members.length >= settings.maxSize && !isKnown) {
    return refused(
      group,
      event,
      'GROUP_MAX_SIZE_REACHED',
      `The consumer group has reached its maximum capacity of ${settings.maxSize} members.`,
    )
  }
  const found = findMember(group, event)
  if ('error' in found) return refused(group, event, found.error, found.message)
  const { member: before, replaces } = found
  const pattern = event.subscribedTopicRegex
  const bad = pattern ? patternProblem(pattern) : undefined
  if (bad !== undefined) {
    return refused(
      group,
      event,
      'INVALID_REGULAR_EXPRESSION',
      `SubscribedTopicRegex \`${pattern}\` is not a valid regular expression: ${bad}.`,
    )
  }
  const isNew = before.sessionDeadline === 0
  const updated = updatedMember(before, event, at)
  const subscriptionChanged = isNew || !sameSubscription(before, updated)
  let next = put(group, updated, replaces?.memberId)
  const causes: string[] = []
  if (replaces) causes.push(`${consumerNameOf(updated)} was restarted and takes its place again`)
  else if (isNew) causes.push(`${consumerNameOf(updated)} joined: ${subscriptionText(updated)}`)
  else if (subscriptionChanged)
    causes.push(`${consumerNameOf(updated)} changed its subscription: ${subscriptionText(updated)}`)
  // [K6] The group epoch grows when subscriptions or the topics under them change.
  const topics = subscribedTopics(next, world)
  const change = topicChange(next.topics, topics)
  if (subscriptionChanged || change !== undefined) {
    if (change !== undefined && !subscriptionChanged) causes.push(change)
    next = { ...next, groupEpoch: next.groupEpoch + 1, topics }
  }
  next = assign(next, world)
  const moved = { ...reconcile(next, updated, event.owned) }
  const settled: ConsumerMember = { ...moved, revocationDeadline: revocationDeadline(before, moved, at) }
  next = put(next, settled)
  const changed = !samePartitions(before.assigned, settled.assigned)
  if (changed || before.state !== settled.state) causes.push(...movement(before, settled))
  const isFull =
    isJoin ||
    (event.rebalanceTimeoutMs !== -1 &&
      (event.subscribedTopicNames !== null || event.subscribedTopicRegex !== null) &&
      event.owned !== null)
  const reply: ConsumerHeartbeatReply = {
    api: 'consumerHeartbeat',
    error: 'NONE',
    message: null,
    memberId,
    memberEpoch: settled.memberEpoch,
    heartbeatIntervalMs: settings.heartbeatIntervalMs,
    assignment: isFull || changed ? settled.assigned : null,
  }
  const effects: Effect<ConsumerReply>[] = [{ kind: 'reply', ticket: event.ticket, reply }]
  const isQuiet =
    causes.length === 0 && settled.memberEpoch === before.memberEpoch && next.groupEpoch === group.groupEpoch
  if (isQuiet) return { group: next, effects }
  if (causes.length === 0) causes.push(`${consumerNameOf(settled)} is at epoch ${settled.memberEpoch}`)
  return { group: next, effects: [{ kind: 'save' }, ...effects], cause: causes.join('; ') }
}

type Found =
  | { readonly member: ConsumerMember; readonly replaces?: ConsumerMember }
  | { readonly error: ConsumerHeartbeatReply['error']; readonly message: string }

/** [K3] The member that a heartbeat is from: a new one, a known one at its epoch, or a static one that comes back (KIP-345). */
function findMember(group: ConsumerGroup, event: ConsumerHeartbeat): Found {
  const { memberId, memberEpoch, instanceId } = event
  const isJoin = memberEpoch === 0
  const unknown: Found = {
    error: 'UNKNOWN_MEMBER_ID',
    message: `Member ${memberId} is not a member of group ${group.groupId}.`,
  }
  if (instanceId === null) {
    const member = consumerMemberOf(group, memberId)
    if (!member) return isJoin ? { member: newMember(event) } : unknown
    return epochProblem(member, event) ?? { member }
  }
  const named = staticConsumerOf(group, instanceId)
  if (isJoin) {
    if (!named) return { member: newMember(event) }
    if (named.memberId === memberId && named.memberEpoch !== leaveStaticEpoch)
      return epochProblem(named, event) ?? { member: named }
    if (named.memberEpoch !== leaveStaticEpoch) {
      return {
        error: 'UNRELEASED_INSTANCE_ID',
        message: `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ${named.memberId} member.`,
      }
    }
    return { member: { ...named, memberId, memberEpoch: 0, previousMemberEpoch: 0 }, replaces: named }
  }
  if (!named) return unknown
  if (named.memberId !== memberId) {
    return {
      error: 'FENCED_INSTANCE_ID',
      message: `Static member ${memberId} with instance id ${instanceId} was fenced by member ${named.memberId}.`,
    }
  }
  return epochProblem(named, event) ?? { member: named }
}

/** [K4] A member whose last answer was lost may come with the epoch before; any other mismatch fences it. */
function epochProblem(member: ConsumerMember, { memberEpoch, owned }: ConsumerHeartbeat): Found | undefined {
  // Who was fenced begins again at 0, under its own id.
  if (memberEpoch === 0 || memberEpoch === member.memberEpoch) return undefined
  if (memberEpoch > member.memberEpoch) {
    return {
      error: 'FENCED_MEMBER_EPOCH',
      message: `The consumer group member has a greater member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
    }
  }
  if (memberEpoch === member.previousMemberEpoch && owned !== null && isSubset(owned, member.assigned)) return undefined
  return {
    error: 'FENCED_MEMBER_EPOCH',
    message: `The consumer group member has a smaller member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  }
}

function isSubset(part: Partitions, whole: Partitions): boolean {
  return Object.entries(part).every(([topicId, numbers]) => numbers.every((number) => whole[topicId]?.includes(number)))
}

function newMember({ memberId, instanceId, clientId, clientHost }: ConsumerHeartbeat): ConsumerMember {
  return {
    memberId,
    instanceId,
    rackId: null,
    clientId,
    clientHost,
    subscribedTopicNames: [],
    subscribedTopicRegex: null,
    serverAssignor: null,
    rebalanceTimeoutMs: -1,
    memberEpoch: 0,
    previousMemberEpoch: 0,
    state: 'STABLE',
    assigned: {},
    pendingRevocation: {},
    sessionDeadline: 0,
    revocationDeadline: null,
  }
}

/** What a heartbeat leaves out stays as it was. */
function updatedMember(member: ConsumerMember, event: ConsumerHeartbeat, at: Millis): ConsumerMember {
  const { subscribedTopicNames: names, subscribedTopicRegex: pattern } = event
  return {
    ...member,
    instanceId: event.instanceId ?? member.instanceId,
    rackId: event.rackId ?? member.rackId,
    clientId: event.clientId,
    clientHost: event.clientHost,
    rebalanceTimeoutMs: event.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : event.rebalanceTimeoutMs,
    serverAssignor: event.serverAssignor ?? member.serverAssignor,
    subscribedTopicNames: names === null ? member.subscribedTopicNames : [...new Set(names)].sort(),
    subscribedTopicRegex: pattern === null ? member.subscribedTopicRegex : pattern === '' ? null : pattern,
    sessionDeadline: at + event.settings.sessionTimeoutMs,
  }
}

function sameSubscription(a: ConsumerMember, b: ConsumerMember): boolean {
  return (
    a.subscribedTopicRegex === b.subscribedTopicRegex &&
    a.serverAssignor === b.serverAssignor &&
    a.subscribedTopicNames.length === b.subscribedTopicNames.length &&
    a.subscribedTopicNames.every((name, i) => name === b.subscribedTopicNames[i])
  )
}

function subscriptionText({ subscribedTopicNames: names, subscribedTopicRegex: pattern }: ConsumerMember): string {
  return [...names, ...(pattern === null ? [] : [`topics like ${pattern}`])].join(', ') || 'nothing'
}

function put(group: ConsumerGroup, member: ConsumerMember, replacesId = member.memberId): ConsumerGroup {
  const known = group.members.some(({ memberId }) => memberId === replacesId)
  const members = known
    ? group.members.map((other) => (other.memberId === replacesId ? member : other))
    : [...group.members, member]
  if (replacesId === member.memberId) return { ...group, members }
  const { [replacesId]: target, ...targets } = group.targets
  return { ...group, members, targets: target ? { ...targets, [member.memberId]: target } : targets }
}

/** [K7] Makes the target assignment of the present group epoch, if it is not made yet (TargetAssignmentBuilder). */
function assign(group: ConsumerGroup, world: World): ConsumerGroup {
  if (group.groupEpoch <= group.assignmentEpoch || group.members.length === 0) return group
  const assignor = preferredAssignor(group)
  const share = assignors[assignor] as NonNullable<(typeof assignors)[string]>
  const targets = share(
    group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      topics: topicsOf(member, world),
      before: group.targets[member.memberId] ?? {},
    })),
  )
  return { ...group, targets, assignor, assignmentEpoch: group.groupEpoch }
}

/** [K8] The assignor that most members ask for; the broker's default when nobody does (ConsumerGroup.preferredServerAssignor). */
function preferredAssignor(group: ConsumerGroup): string {
  const votes = new Map<string, number>()
  for (const { serverAssignor } of group.members) {
    if (serverAssignor !== null) votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1)
  }
  let winner: string | undefined
  for (const [name, number] of votes) if (winner === undefined || number > (votes.get(winner) ?? 0)) winner = name
  return winner ?? (Object.keys(assignors)[0] as string)
}

/** [K14] The time to give partitions up begins when they are asked for, once per epoch. */
function revocationDeadline(before: ConsumerMember, after: ConsumerMember, at: Millis): Millis | null {
  if (after.state !== 'UNREVOKED_PARTITIONS') return null
  const isSame = before.state === 'UNREVOKED_PARTITIONS' && before.memberEpoch === after.memberEpoch
  return isSame && before.revocationDeadline !== null ? before.revocationDeadline : at + after.rebalanceTimeoutMs
}

function movement(before: ConsumerMember, after: ConsumerMember): string[] {
  const name = consumerNameOf(after)
  if (after.state === 'UNREVOKED_PARTITIONS' && before.state !== after.state) {
    return [`${name} must give up ${plural(count(after.pendingRevocation))}`]
  }
  if (before.state === 'UNREVOKED_PARTITIONS') return [`${name} gave up ${plural(count(before.pendingRevocation))}`]
  const gained = count(after.assigned) - count(before.assigned)
  const waits = after.state === 'UNRELEASED_PARTITIONS' ? ' and waits for others to give up more' : ''
  return gained > 0
    ? [`${name} got ${plural(gained)}${waits}`]
    : waits
      ? [`${name} waits for others to give up theirs`]
      : []
}

function plural(partitions: number): string {
  return `${partitions} partition${partitions === 1 ? '' : 's'}`
}

/** [K15] Leaving: for good, or, as a static member, for a while with its place kept. */
function leave(group: ConsumerGroup, event: ConsumerHeartbeat): ConsumerStep {
  const { memberId, instanceId, memberEpoch } = event
  const member = instanceId === null ? consumerMemberOf(group, memberId) : staticConsumerOf(group, instanceId)
  if (!member)
    return refused(group, event, 'UNKNOWN_MEMBER_ID', `Member ${memberId} is not a member of group ${group.groupId}.`)
  if (member.memberId !== memberId) {
    return refused(
      group,
      event,
      'FENCED_INSTANCE_ID',
      `Static member ${memberId} with instance id ${instanceId} was fenced by member ${member.memberId}.`,
    )
  }
  const reply: ConsumerHeartbeatReply = {
    api: 'consumerHeartbeat',
    error: 'NONE',
    message: null,
    memberId,
    memberEpoch,
    heartbeatIntervalMs: 0,
    assignment: null,
  }
  const effects: Effect<ConsumerReply>[] = [{ kind: 'save' }, { kind: 'reply', ticket: event.ticket, reply }]
  if (memberEpoch === leaveStaticEpoch) {
    const away = {
      ...member,
      memberEpoch: leaveStaticEpoch,
      state: 'STABLE' as const,
      pendingRevocation: {},
      revocationDeadline: null,
    }
    return { group: put(group, away), effects, cause: `${consumerNameOf(member)} left for a while: its place is kept` }
  }
  const why = memberEpoch === leaveEpoch ? 'left' : 'is gone'
  return { group: without(group, [member.memberId]), effects, cause: `${consumerNameOf(member)} ${why}` }
}

/** [K16] Members are put out: the group epoch grows, and who is left shares anew with the next heartbeat. */
function without(group: ConsumerGroup, memberIds: readonly string[]): ConsumerGroup {
  const gone = new Set(memberIds)
  const targets = Object.fromEntries(Object.entries(group.targets).filter(([memberId]) => !gone.has(memberId)))
  const members = group.members.filter(({ memberId }) => !gone.has(memberId))
  return { ...group, members, targets, groupEpoch: group.groupEpoch + 1 }
}

function expire(group: ConsumerGroup, memberId: string, cause: (member: ConsumerMember) => string): ConsumerStep {
  const member = consumerMemberOf(group, memberId)
  if (!member) return { group, effects: [] }
  return { group: without(group, [memberId]), effects: [{ kind: 'save' }], cause: cause(member) }
}

/** [K17] */
function remove(group: ConsumerGroup, { ticket, memberIds, reason }: ConsumerEvent & { kind: 'remove' }): ConsumerStep {
  const gone = memberIds ?? group.members.map(({ memberId }) => memberId)
  const reply: Effect<ConsumerReply>[] = ticket === null ? [] : [{ kind: 'reply', ticket, reply: { api: 'remove' } }]
  if (gone.length === 0) return { group, effects: reply }
  return { group: without(group, gone), effects: [{ kind: 'save' }, ...reply], cause: reason }
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
export function restoredConsumerGroup(group: ConsumerGroup, at: Millis, sessionTimeoutMs: number): ConsumerGroup {
  return {
    ...group,
    members: group.members.map((member) => ({
      ...member,
      sessionDeadline: at + sessionTimeoutMs,
      revocationDeadline: member.revocationDeadline === null ? null : at + member.rebalanceTimeoutMs,
    })),
  }
}
