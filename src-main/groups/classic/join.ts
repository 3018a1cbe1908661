import type { Draft } from './draft'
import { type Join, joinRefused, syncRefused } from './events'
import {
  type ClassicMember,
  memberProblem,
  nameOf,
  newMemberJoinTimeoutMs,
  sameProtocols,
  selectProtocol,
  staticMemberOf,
  supportsProtocols,
} from './group'
import { joined, membersFor, prepareInitial, rebalanceOrComplete } from './rebalance'

/** JoinGroup (GroupMetadataManager.classicGroupJoinToClassicGroup). */
export function join(draft: Draft, event: Join): void {
  const { settings, sessionTimeoutMs } = event
  // [C1]
  if (sessionTimeoutMs < settings.minSessionTimeoutMs || sessionTimeoutMs > settings.maxSessionTimeoutMs) {
    draft.reply(event.ticket, joinRefused(event.memberId, 'INVALID_SESSION_TIMEOUT'))
    return
  }
  if (!hasRoom(draft, event)) {
    const present = draft.member(event.memberId)
    if (present) draft.remove(present)
    draft.removePending(event.memberId)
    draft.reply(event.ticket, joinRefused('', 'GROUP_MAX_SIZE_REACHED'))
    return
  }
  if (event.memberId === '') joinWithoutId(draft, event)
  else joinWithId(draft, event)
}

/** [C5] `group.max.size` (acceptJoiningMember): during a rebalance it counts members that joined, else all members. */
function hasRoom({ group }: Draft, { memberId, settings }: Join): boolean {
  const present = group.members.find((member) => member.memberId === memberId)
  if (group.state === 'Empty') return true
  if (group.state === 'PreparingRebalance') {
    const waiting = group.members.filter(({ joinTicket }) => joinTicket !== null).length
    return (present !== undefined && present.joinTicket !== null) || waiting < settings.maxSize
  }
  return present !== undefined || group.members.length < settings.maxSize
}

function joinWithoutId(draft: Draft, event: Join): void {
  if (!supportsProtocols(draft.group, event.protocolType, event.protocols)) {
    draft.reply(event.ticket, joinRefused('', 'INCONSISTENT_GROUP_PROTOCOL'))
    return
  }
  const { groupInstanceId, newMemberId } = event
  if (groupInstanceId !== null) {
    const known = staticMemberOf(draft.group, groupInstanceId)
    if (known) replaceStatic(draft, known, event)
    else addMember(draft, newMemberId, event)
    return
  }
  if (!event.requireKnownMemberId) {
    addMember(draft, newMemberId, event)
    return
  }
  // [C2] A client that never joins with its id does not delay the group (KIP-394).
  draft.causes = [{ kind: 'memberIdAssigned', member: nameOf({ ...event, memberId: newMemberId }) }]
  draft.addPending({ memberId: newMemberId, deadline: draft.at + event.sessionTimeoutMs })
  draft.reply(event.ticket, joinRefused(newMemberId, 'MEMBER_ID_REQUIRED'))
}

function joinWithId(draft: Draft, event: Join): void {
  const { group } = draft
  const { memberId, ticket } = event
  if (!supportsProtocols(group, event.protocolType, event.protocols)) {
    draft.reply(ticket, joinRefused(memberId, 'INCONSISTENT_GROUP_PROTOCOL'))
    return
  }
  if (group.pendingMembers.some((pending) => pending.memberId === memberId)) {
    addMember(draft, memberId, event)
    return
  }
  const problem = memberProblem(group, memberId, event.groupInstanceId)
  const member = draft.member(memberId)
  if (problem || !member) {
    draft.reply(ticket, joinRefused(memberId, problem ?? 'UNKNOWN_MEMBER_ID'))
    return
  }
  const isSame = sameProtocols(member.protocols, event.protocols)
  // [C8] A repeated join gets the same reply, and so does an unchanged follower of a stable group.
  const isRepeated = group.state === 'CompletingRebalance' && isSame
  const isIdle = group.state === 'Stable' && isSame && group.leaderId !== memberId
  if (isRepeated || isIdle) {
    draft.reply(ticket, joined(draft, member))
    if (isIdle) draft.update(memberId, { sessionDeadline: draft.at + member.sessionTimeoutMs })
    return
  }
  if (group.state === 'Empty') {
    draft.reply(ticket, joinRefused(memberId, 'UNKNOWN_MEMBER_ID'))
    return
  }
  rejoin(draft, member, event, isSame)
}

/** [C9] A member joins again: as the leader, with another subscription, or because all must. */
function rejoin(draft: Draft, member: ClassicMember, event: Join, isSame: boolean): void {
  const begins = draft.group.state !== 'PreparingRebalance'
  const because = !isSame ? 'subscriptionChanged' : begins ? 'leader' : null
  const reason = (isSame && event.reason) || null
  draft.causes = [{ kind: 'rejoined', member: nameOf(member), because, reason }]
  supersede(draft, member)
  draft.update(member.memberId, asJoining(event))
  rebalanceOrComplete(draft)
}

/** A request that is sent again replaces the parked one, whose connection is gone. */
function supersede(draft: Draft, { memberId, joinTicket, syncTicket }: ClassicMember): void {
  if (joinTicket !== null) draft.reply(joinTicket, joinRefused(memberId, 'REBALANCE_IN_PROGRESS'))
  if (syncTicket !== null) draft.reply(syncTicket, syncRefused('REBALANCE_IN_PROGRESS'))
}

function asJoining(event: Join) {
  return {
    protocols: event.protocols,
    sessionTimeoutMs: event.sessionTimeoutMs,
    rebalanceTimeoutMs: event.rebalanceTimeoutMs,
    joinTicket: event.ticket,
    syncTicket: null,
    sessionDeadline: null,
  }
}

function addMember(draft: Draft, memberId: string, event: Join): void {
  const wasEmpty = draft.group.state === 'Empty'
  const member: ClassicMember = {
    memberId,
    groupInstanceId: event.groupInstanceId,
    clientId: event.clientId,
    clientHost: event.clientHost,
    assignment: '',
    isNew: true,
    ...asJoining(event),
    // [C3] A new member's session is long: it may not know its id yet.
    sessionDeadline: draft.at + newMemberJoinTimeoutMs,
  }
  draft.add(member, event.protocolType)
  draft.causes = [{ kind: 'joined', member: nameOf(member), subscribed: null }]
  const { initialDelay } = draft.group
  if (wasEmpty) prepareInitial(draft, event.settings.initialDelayMs)
  else if (initialDelay) draft.set({ initialDelay: { ...initialDelay, memberAdded: true } })
  else rebalanceOrComplete(draft)
}

/**
 * [C15] A restarted static member replaces its old self under a new member id (KIP-345), whose parked requests are answered
 * FENCED_INSTANCE_ID. A stable group stays stable unless the vote for the assignor would now end differently.
 */
function replaceStatic(draft: Draft, old: ClassicMember, event: Join): void {
  const { newMemberId, ticket } = event
  const oldLeader = draft.group.leaderId
  if (old.joinTicket !== null) draft.reply(old.joinTicket, joinRefused(old.memberId, 'FENCED_INSTANCE_ID'))
  if (old.syncTicket !== null) draft.reply(old.syncTicket, syncRefused('FENCED_INSTANCE_ID'))
  draft.update(old.memberId, {
    ...asJoining(event),
    memberId: newMemberId,
    clientId: event.clientId,
    clientHost: event.clientHost,
  })
  const wasLeader = oldLeader === old.memberId
  draft.set({
    leaderId: wasLeader ? newMemberId : oldLeader,
    pendingSync: draft.group.pendingSync.map((memberId) => (memberId === old.memberId ? newMemberId : memberId)),
  })
  const name = nameOf({ ...old, memberId: newMemberId, clientId: event.clientId })
  const { state, protocolName } = draft.group
  if (state !== 'Stable' || selectProtocol(draft.group) !== protocolName) {
    draft.causes = [{ kind: 'staticRejoined', member: name, keepsPartitions: false }]
    rebalanceOrComplete(draft)
    return
  }
  draft.causes = [{ kind: 'staticRejoined', member: name, keepsPartitions: true }]
  draft.update(newMemberId, { joinTicket: null, sessionDeadline: draft.at + event.sessionTimeoutMs })
  draft.save()
  // [C16] An old client that led is told the old leader's id, so that it does not make an assignment that no one would get.
  const skips = event.supportsSkippingAssignment
  draft.reply(ticket, {
    api: 'join',
    error: 'NONE',
    memberId: newMemberId,
    generationId: draft.group.generationId,
    protocolType: draft.group.protocolType,
    protocolName,
    leader: (skips ? draft.group.leaderId : oldLeader) ?? '',
    skipAssignment: skips && wasLeader,
    members: skips && wasLeader ? membersFor(draft, protocolName) : [],
  })
}
