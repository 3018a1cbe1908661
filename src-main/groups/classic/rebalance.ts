import type { Draft } from './draft'
import { type JoinReply, syncRefused } from './events'
import { type ClassicMember, rebalanceTimeoutMs, selectProtocol } from './group'

/** Starts a rebalance, or completes the one that is running when all have joined. */
export function rebalanceOrComplete(draft: Draft): void {
  if (draft.group.state === 'PreparingRebalance') completeIfAllJoined(draft)
  else prepare(draft)
}

/** [C10] All members must join again (GroupMetadataManager.prepareRebalance); parked SyncGroups are answered at once. */
export function prepare(draft: Draft): void {
  const { group, at } = draft
  if (group.state === 'CompletingRebalance') {
    for (const { syncTicket } of group.members) {
      if (syncTicket !== null) draft.reply(syncTicket, syncRefused('REBALANCE_IN_PROGRESS'))
    }
    draft.updateAll((member) => ({
      assignment: '',
      syncTicket: null,
      sessionDeadline: member.sessionDeadline ?? at + member.sessionTimeoutMs,
    }))
  }
  draft.set({ state: 'PreparingRebalance', pendingSync: [], syncDeadline: null })
  draft.set({ joinDeadline: at + rebalanceTimeoutMs(draft.group) })
  completeIfAllJoined(draft)
}

/** [C11] The first join phase of an empty group waits for more members, and longer while more come (KIP-134). */
export function prepareInitial(draft: Draft, delayMs: number): void {
  const total = rebalanceTimeoutMs(draft.group)
  draft.set({
    state: 'PreparingRebalance',
    initialDelay: {
      deadline: draft.at + delayMs,
      delayMs,
      remainingMs: Math.max(total - delayMs, 0),
      memberAdded: false,
    },
  })
}

export function initialDelayOver(draft: Draft): void {
  const { initialDelay } = draft.group
  if (!initialDelay) return
  if (!initialDelay.memberAdded || initialDelay.remainingMs === 0) {
    complete(draft)
    return
  }
  const delayMs = Math.min(initialDelay.delayMs, initialDelay.remainingMs)
  draft.set({
    initialDelay: {
      ...initialDelay,
      deadline: draft.at + delayMs,
      remainingMs: Math.max(initialDelay.remainingMs - delayMs, 0),
      memberAdded: false,
    },
  })
}

/** [C12] The join phase ends when all members have joined, pending ones included. */
export function completeIfAllJoined(draft: Draft): void {
  const { state, initialDelay, members, pendingMembers } = draft.group
  if (state !== 'PreparingRebalance' || initialDelay !== null || pendingMembers.length > 0) return
  if (members.every(({ joinTicket }) => joinTicket !== null)) complete(draft)
}

/**
 * [C13] Ends the join phase (GroupMetadataManager.completeClassicGroupJoin): dynamic members that did not join are removed,
 * static ones stay; then a generation begins, or the group is empty.
 */
export function complete(draft: Draft): void {
  for (const member of draft.group.members) {
    if (member.joinTicket === null && member.groupInstanceId === null) draft.remove(member)
  }
  draft.set({ initialDelay: null, joinDeadline: null })
  const { members } = draft.group
  if (members.length > 0 && !electJoinedLeader(draft)) {
    // Only absent static members: wait for one of them [C14].
    draft.set({ joinDeadline: draft.at + rebalanceTimeoutMs(draft.group) })
    return
  }
  const generationId = nextGeneration(draft.group.generationId)
  if (members.length === 0) {
    draft.set({ state: 'Empty', generationId, protocolName: null, leaderId: null, pendingSync: [] })
    draft.save()
    return
  }
  draft.set({
    state: 'CompletingRebalance',
    generationId,
    protocolName: selectProtocol(draft.group),
    pendingSync: members.map(({ memberId }) => memberId),
    syncDeadline: draft.at + rebalanceTimeoutMs(draft.group),
  })
  for (const member of members) {
    if (member.joinTicket !== null) draft.reply(member.joinTicket, joined(draft, member))
  }
  draft.updateAll(({ sessionTimeoutMs }) => ({
    joinTicket: null,
    isNew: false,
    sessionDeadline: draft.at + sessionTimeoutMs,
  }))
}

/** A generation is a non-negative int; after the largest it starts at 1 again. */
function nextGeneration(generationId: number): number {
  return generationId === 2_147_483_647 ? 1 : generationId + 1
}

/** [C14] The leader must be a member that joined. False when none did. */
function electJoinedLeader(draft: Draft): boolean {
  const { members, leaderId } = draft.group
  if (members.some(({ memberId, joinTicket }) => memberId === leaderId && joinTicket !== null)) return true
  const next = members.find(({ joinTicket }) => joinTicket !== null)
  if (!next) return false
  draft.set({ leaderId: next.memberId })
  return true
}

/** The reply to a member that joined the current generation; only the leader's names the other members. */
export function joined({ group }: Draft, { memberId }: ClassicMember): JoinReply {
  const { generationId, protocolType, protocolName, leaderId } = group
  return {
    api: 'join',
    error: 'NONE',
    memberId,
    generationId,
    protocolType,
    protocolName,
    leader: leaderId ?? '',
    skipAssignment: false,
    members: memberId === leaderId ? membersFor({ group }, protocolName) : [],
  }
}

export function membersFor({ group }: Pick<Draft, 'group'>, protocolName: string | null): JoinReply['members'] {
  return group.members.map(({ memberId, groupInstanceId, protocols }) => ({
    memberId,
    groupInstanceId,
    metadata: protocols.find(({ name }) => name === protocolName)?.metadata ?? '',
  }))
}
