import type { Millis } from '../../base/clock'
import type { MemberName } from '../causes'
import type { Base64, Ticket } from '../machine'

/** org.apache.kafka.coordinator.group.classic.ClassicGroupState. */
type ClassicState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable'

/** An assignor that a member supports, and its subscription in that assignor's form. */
export interface Protocol {
  readonly name: string
  readonly metadata: Base64
}

export interface ClassicMember {
  readonly memberId: string
  /** `group.instance.id` (KIP-345); `null` for a dynamic member. */
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocols: readonly Protocol[]
  readonly assignment: Base64
  /** In its first rebalance: it may not know its member id yet, so only the time limit of the first join applies. */
  readonly isNew: boolean
  /** Its JoinGroup, parked until the join phase ends. */
  readonly joinTicket: Ticket | null
  /** Its SyncGroup, parked until the leader's assignment arrives. */
  readonly syncTicket: Ticket | null
  /** When its session expires; `null` while a request of it is parked here. */
  readonly sessionDeadline: Millis | null
}

/** A member id that was assigned (KIP-394) and not used yet. */
export interface PendingMember {
  readonly memberId: string
  readonly deadline: Millis
}

/** A group of the classic protocol as a value: frozen JSON (org.apache.kafka.coordinator.group.classic.ClassicGroup). */
export interface ClassicGroup {
  readonly groupId: string
  readonly state: ClassicState
  readonly generationId: number
  readonly protocolType: string | null
  /** The assignor that was voted for; `null` while there is no generation. */
  readonly protocolName: string | null
  readonly leaderId: string | null
  /** In the order of joining. */
  readonly members: readonly ClassicMember[]
  readonly pendingMembers: readonly PendingMember[]
  /** Members of this generation that have not sent SyncGroup. */
  readonly pendingSync: readonly string[]
  /** First join phase of an empty group: when it ends, and for how long more members may still extend it. */
  readonly initialDelay: {
    readonly deadline: Millis
    readonly remainingMs: number
    readonly delayMs: number
    readonly memberAdded: boolean
  } | null
  /** When the join phase ends without members that did not join. */
  readonly joinDeadline: Millis | null
  /** When members that did not sync are removed. */
  readonly syncDeadline: Millis | null
}

/** New members may take this long for their first join (`group.new.member.join.timeout.ms`). */
export const newMemberJoinTimeoutMs = 300_000

export function emptyGroup(groupId: string): ClassicGroup {
  return {
    groupId,
    state: 'Empty',
    generationId: 0,
    protocolType: null,
    protocolName: null,
    leaderId: null,
    members: [],
    pendingMembers: [],
    pendingSync: [],
    initialDelay: null,
    joinDeadline: null,
    syncDeadline: null,
  }
}

export function memberOf(group: ClassicGroup, memberId: string): ClassicMember | undefined {
  return group.members.find((member) => member.memberId === memberId)
}

export function staticMemberOf(group: ClassicGroup, groupInstanceId: string): ClassicMember | undefined {
  return group.members.find((member) => member.groupInstanceId === groupInstanceId)
}

/** The error of a request from a member that is unknown or fenced. */
export function memberProblem(
  group: ClassicGroup,
  memberId: string,
  groupInstanceId: string | null,
): 'UNKNOWN_MEMBER_ID' | 'FENCED_INSTANCE_ID' | undefined {
  if (groupInstanceId !== null) {
    const known = staticMemberOf(group, groupInstanceId)
    if (!known) return 'UNKNOWN_MEMBER_ID'
    if (known.memberId !== memberId) return 'FENCED_INSTANCE_ID'
  }
  return memberOf(group, memberId) ? undefined : 'UNKNOWN_MEMBER_ID'
}

/** Assignors that every member supports. */
function commonProtocols(group: ClassicGroup): Set<string> {
  const count = new Map<string, number>()
  for (const { protocols } of group.members) {
    for (const { name } of protocols) count.set(name, (count.get(name) ?? 0) + 1)
  }
  return new Set([...count].flatMap(([name, members]) => (members === group.members.length ? [name] : [])))
}

/** [C7] Each member votes for the first assignor of its list that all support; most votes win (ClassicGroup.selectProtocol). */
export function selectProtocol(group: ClassicGroup): string | null {
  const common = commonProtocols(group)
  const votes = new Map<string, number>()
  for (const { protocols } of group.members) {
    const vote = protocols.find(({ name }) => common.has(name))?.name
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1)
  }
  let winner: string | null = null
  for (const [name, count] of votes) if (winner === null || count > (votes.get(winner) as number)) winner = name
  return winner
}

/** [C6] Tells that the protocols of a join fit those of the group (ClassicGroup.supportsProtocols). */
export function supportsProtocols(group: ClassicGroup, protocolType: string, protocols: readonly Protocol[]): boolean {
  if (group.members.length === 0) return protocolType !== '' && protocols.length > 0
  const common = commonProtocols(group)
  return group.protocolType === protocolType && protocols.some(({ name }) => common.has(name))
}

export function sameProtocols(a: readonly Protocol[], b: readonly Protocol[]): boolean {
  return a.length === b.length && a.every(({ name, metadata }, i) => b[i]?.name === name && b[i]?.metadata === metadata)
}

/** The rebalance timeout of a group is the longest one of its members. */
export function rebalanceTimeoutMs(group: ClassicGroup): number {
  return group.members.reduce((max, member) => Math.max(max, member.rebalanceTimeoutMs), 0)
}

/** The member as causes name it. */
export function nameOf({
  memberId,
  groupInstanceId: instanceId,
  clientId,
}: Pick<ClassicMember, 'memberId' | 'groupInstanceId' | 'clientId'>): MemberName {
  return { memberId, instanceId, clientId }
}
