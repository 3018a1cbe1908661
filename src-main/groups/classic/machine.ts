import type { Millis } from '../../base/clock'
import type { Cause } from '../causes'
import { type Machine, within } from '../machine'
import { Draft } from './draft'
import {
  type ClassicEvent,
  type ClassicExpiry,
  type ClassicReply,
  type Heartbeat,
  type Leave,
  type Sync,
  syncRefused,
} from './events'
import {
  type ClassicGroup,
  type ClassicMember,
  memberProblem,
  nameOf,
  newMemberJoinTimeoutMs,
  rebalanceTimeoutMs,
  staticMemberOf,
} from './group'
import { join } from './join'
import { complete, completeIfAllJoined, initialDelayOver, rebalanceOrComplete } from './rebalance'

/** A group of the classic protocol (JoinGroup, SyncGroup, Heartbeat, LeaveGroup); its rules are in SPEC.md. */
export const classicMachine = {
  step(group, event, at) {
    const draft = new Draft(group, at)
    apply(draft, event)
    return draft.end()
  },
  wakeAt(group) {
    let next: Millis | undefined
    for (const at of deadlines(group)) if (at !== null && (next === undefined || at < next)) next = at
    return next
  },
  due(group, at) {
    const pending = group.pendingMembers.find(({ deadline }) => deadline <= at)
    if (pending) return { kind: 'pendingExpired', memberId: pending.memberId }
    const silent = group.members.find(({ sessionDeadline }) => sessionDeadline !== null && sessionDeadline <= at)
    if (silent) return { kind: 'sessionExpired', memberId: silent.memberId }
    if (group.initialDelay && group.initialDelay.deadline <= at) return { kind: 'initialDelayOver' }
    if (group.joinDeadline !== null && group.joinDeadline <= at) return { kind: 'joinExpired' }
    if (group.syncDeadline !== null && group.syncDeadline <= at) return { kind: 'syncExpired' }
    return undefined
  },
} satisfies Machine<ClassicGroup, ClassicEvent, ClassicReply, ClassicExpiry>

/** [C27] The clock was set back: no deadline lies further ahead than its whole span. */
export function setBackClassic(group: ClassicGroup, at: Millis): ClassicGroup {
  const { initialDelay, joinDeadline, syncDeadline } = group
  const rebalanceMs = rebalanceTimeoutMs(group)
  const sessionMs = group.members.reduce((longest, member) => Math.max(longest, member.sessionTimeoutMs), 0)
  return {
    ...group,
    pendingMembers: group.pendingMembers.map((pending) => ({
      ...pending,
      deadline: Math.min(pending.deadline, at + (sessionMs || newMemberJoinTimeoutMs)),
    })),
    initialDelay: initialDelay && {
      ...initialDelay,
      deadline: Math.min(initialDelay.deadline, at + initialDelay.delayMs),
    },
    joinDeadline: within(joinDeadline, at, rebalanceMs),
    syncDeadline: within(syncDeadline, at, rebalanceMs),
    members: group.members.map((member) => ({
      ...member,
      sessionDeadline: within(
        member.sessionDeadline,
        at,
        member.isNew ? newMemberJoinTimeoutMs : member.sessionTimeoutMs,
      ),
    })),
  }
}

function* deadlines(group: ClassicGroup): Generator<Millis | null> {
  for (const { deadline } of group.pendingMembers) yield deadline
  for (const { sessionDeadline } of group.members) yield sessionDeadline
  yield group.initialDelay?.deadline ?? null
  yield group.joinDeadline
  yield group.syncDeadline
}

function apply(draft: Draft, event: ClassicEvent): void {
  switch (event.kind) {
    case 'join':
      join(draft, event)
      break
    case 'sync':
      sync(draft, event)
      break
    case 'heartbeat':
      heartbeat(draft, event)
      break
    case 'leave':
      leave(draft, event)
      break
    case 'heard':
      heard(draft, event.memberId)
      break
    case 'fence':
      fence(draft, event.cause)
      break
    case 'sessionExpired':
      sessionExpired(draft, event.memberId)
      break
    case 'pendingExpired':
      draft.removePending(event.memberId)
      draft.causes = [{ kind: 'pendingExpired', memberId: event.memberId }]
      completeIfAllJoined(draft)
      break
    case 'initialDelayOver':
      draft.causes = [{ kind: 'initialDelayElapsed' }]
      initialDelayOver(draft)
      break
    case 'joinExpired':
      joinExpired(draft)
      break
    case 'syncExpired':
      syncExpired(draft)
      break
  }
}

/** [C17] SyncGroup: the leader's carries the assignment of all members, the others' are parked until it arrives. */
function sync(draft: Draft, event: Sync): void {
  const { group, at } = draft
  const { ticket, memberId } = event
  const member = draft.member(memberId)
  const problem = syncProblem(group, event)
  if (problem || !member) {
    draft.reply(ticket, syncRefused(problem ?? 'UNKNOWN_MEMBER_ID'))
    return
  }
  const pendingSync = group.pendingSync.filter((other) => other !== memberId)
  draft.set({ pendingSync, syncDeadline: pendingSync.length === 0 ? null : group.syncDeadline })
  if (group.state === 'Stable') {
    draft.causes = [{ kind: 'assignmentFetched', member: nameOf(member) }]
    draft.update(memberId, { sessionDeadline: at + member.sessionTimeoutMs })
    draft.reply(ticket, assigned(draft.group, member))
    return
  }
  if (member.syncTicket !== null) draft.reply(member.syncTicket, syncRefused('REBALANCE_IN_PROGRESS'))
  if (group.leaderId !== memberId) {
    draft.update(memberId, { syncTicket: ticket, sessionDeadline: null })
    draft.causes = [{ kind: 'awaitsAssignment', member: nameOf(member) }]
    return
  }
  draft.update(memberId, { syncTicket: ticket })
  draft.causes = [{ kind: 'assigned', member: nameOf(member) }]
  propagate(draft, new Map(event.assignments.map(({ memberId: id, assignment }) => [id, assignment])))
}

function syncProblem(group: ClassicGroup, event: Sync) {
  const problem = memberProblem(group, event.memberId, event.groupInstanceId)
  if (problem) return problem
  if (event.generationId !== group.generationId) return 'ILLEGAL_GENERATION'
  const { protocolType, protocolName } = event
  if (protocolType !== null && group.protocolType !== null && protocolType !== group.protocolType) {
    return 'INCONSISTENT_GROUP_PROTOCOL'
  }
  if (protocolName !== null && group.protocolName !== null && protocolName !== group.protocolName) {
    return 'INCONSISTENT_GROUP_PROTOCOL'
  }
  if (group.state === 'Empty') return 'UNKNOWN_MEMBER_ID'
  return group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : undefined
}

/** [C18] The group becomes stable: parked SyncGroups are answered with their assignments, later ones at once. */
function propagate(draft: Draft, assignments: ReadonlyMap<string, string>): void {
  draft.updateAll(({ memberId }) => ({ assignment: assignments.get(memberId) ?? '' }))
  draft.set({ state: 'Stable' })
  for (const member of draft.group.members) {
    if (member.syncTicket !== null) draft.reply(member.syncTicket, assigned(draft.group, member))
  }
  draft.updateAll((member) => ({
    syncTicket: null,
    sessionDeadline: member.syncTicket === null ? member.sessionDeadline : draft.at + member.sessionTimeoutMs,
  }))
  draft.save()
}

function assigned({ protocolType, protocolName }: ClassicGroup, { assignment }: ClassicMember): ClassicReply {
  return { api: 'sync', error: 'NONE', protocolType, protocolName, assignment }
}

/** [C19] Heartbeat: keeps the session alive, answered REBALANCE_IN_PROGRESS while all must join again. */
function heartbeat(draft: Draft, event: Heartbeat): void {
  const { group } = draft
  const problem =
    memberProblem(group, event.memberId, event.groupInstanceId) ??
    (event.generationId === group.generationId ? undefined : 'ILLEGAL_GENERATION')
  if (problem) {
    draft.reply(event.ticket, { api: 'heartbeat', error: problem })
    return
  }
  heard(draft, event.memberId)
  const error = group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
  draft.reply(event.ticket, { api: 'heartbeat', error })
}

function heard(draft: Draft, memberId: string): void {
  const member = draft.member(memberId)
  if (member && member.sessionDeadline !== null) {
    draft.update(memberId, { sessionDeadline: draft.at + member.sessionTimeoutMs })
  }
}

/** [C22] LeaveGroup of one or many members (KIP-345); static ones may be named by their instance id alone. */
function leave(draft: Draft, event: Leave): void {
  const gone: Cause[] = []
  const members = event.members.map(({ memberId, groupInstanceId, reason }) => {
    const answer = (error: 'NONE' | 'UNKNOWN_MEMBER_ID' | 'FENCED_INSTANCE_ID') => ({
      memberId,
      groupInstanceId,
      error,
    })
    if (groupInstanceId === null && draft.group.pendingMembers.some((pending) => pending.memberId === memberId)) {
      draft.removePending(memberId)
      gone.push({ kind: 'pendingLeft', memberId })
      return answer('NONE')
    }
    const byName =
      memberId === '' && groupInstanceId !== null ? staticMemberOf(draft.group, groupInstanceId) : undefined
    const problem = byName ? undefined : memberProblem(draft.group, memberId, groupInstanceId)
    const member = byName ?? draft.member(memberId)
    if (problem || !member) return answer(problem ?? 'UNKNOWN_MEMBER_ID')
    draft.remove(member)
    gone.push({ kind: 'left', member: nameOf(member), reason: reason || null })
    return answer('NONE')
  })
  draft.reply(event.ticket, { api: 'leave', members })
  if (gone.length === 0) return
  draft.causes = gone
  afterDeparture(draft)
}

/** The remaining members rebalance. */
function afterDeparture(draft: Draft): void {
  if (draft.group.state !== 'Empty') rebalanceOrComplete(draft)
}

/** [C23] Removes all members: the generation ends at once, so its commits are rejected. */
function fence(draft: Draft, cause: Cause): void {
  const { members, pendingMembers } = draft.group
  if (members.length === 0 && pendingMembers.length === 0) return
  for (const member of members) draft.remove(member)
  draft.set({ pendingMembers: [] })
  draft.causes = [cause]
  if (draft.group.state !== 'Empty') complete(draft)
}

/** [C4] A member whose session expired is removed. */
function sessionExpired(draft: Draft, memberId: string): void {
  const member = draft.member(memberId)
  if (!member) return
  draft.remove(member)
  draft.causes = [
    member.isNew
      ? { kind: 'firstJoinExpired', member: nameOf(member) }
      : { kind: 'sessionExpired', member: nameOf(member), afterMs: member.sessionTimeoutMs },
  ]
  afterDeparture(draft)
}

function joinExpired(draft: Draft): void {
  const away = draft.group.members.filter(
    ({ joinTicket, groupInstanceId }) => joinTicket === null && groupInstanceId === null,
  )
  const afterMs = away.reduce((max, member) => Math.max(max, member.rebalanceTimeoutMs), 0)
  draft.causes = [{ kind: 'rejoinExpired', members: away.map(nameOf), afterMs }]
  complete(draft)
}

/** [C24] Members that joined but did not fetch their assignment are removed. */
function syncExpired(draft: Draft): void {
  const late = draft.group.members.filter(({ memberId }) => draft.group.pendingSync.includes(memberId))
  draft.set({ syncDeadline: null })
  if (late.length === 0) return
  draft.causes = [{ kind: 'syncExpired', members: late.map(nameOf) }]
  for (const member of late) draft.remove(member)
  afterDeparture(draft)
}

/**
 * [C25] The group after a restart: parked requests are gone with their connections, and members have a full session to send a heartbeat.
 * Mostly stable and empty groups are stored; one that was about to rebalance waits for its members again.
 */
export function restored(group: ClassicGroup, at: Millis): ClassicGroup {
  return {
    ...group,
    pendingMembers: [],
    pendingSync: [],
    initialDelay: null,
    joinDeadline: group.state === 'PreparingRebalance' ? at + rebalanceTimeoutMs(group) : null,
    syncDeadline: null,
    members: group.members.map((member) => ({
      ...member,
      isNew: false,
      joinTicket: null,
      syncTicket: null,
      sessionDeadline: at + member.sessionTimeoutMs,
    })),
  }
}
