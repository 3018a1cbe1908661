import type { Millis } from '../../base/clock'
import type { Cause } from '../causes'
import type { Effect, Step, Ticket } from '../machine'
import { type ClassicReply, joinRefused, syncRefused } from './events'
import { type ClassicGroup, type ClassicMember, memberOf, type PendingMember } from './group'

/** The group of one step while it is built: fields are replaced, never changed in place, so the old value stays intact. */
export class Draft {
  readonly at: Millis
  group: ClassicGroup
  causes: readonly Cause[] = []
  readonly #effects: Effect<ClassicReply>[] = []

  constructor(group: ClassicGroup, at: Millis) {
    this.group = group
    this.at = at
  }

  set(fields: Partial<ClassicGroup>): void {
    this.group = { ...this.group, ...fields }
  }

  reply(ticket: Ticket, reply: ClassicReply): void {
    this.#effects.push({ kind: 'reply', ticket, reply })
  }

  save(): void {
    if (!this.#effects.some(({ kind }) => kind === 'save')) this.#effects.push({ kind: 'save' })
  }

  end(): Step<ClassicGroup, ClassicReply> {
    return { group: this.group, effects: this.#effects, causes: this.causes }
  }

  member(memberId: string): ClassicMember | undefined {
    return memberOf(this.group, memberId)
  }

  update(memberId: string, fields: Partial<ClassicMember>): void {
    this.set({
      members: this.group.members.map((member) => (member.memberId === memberId ? { ...member, ...fields } : member)),
    })
  }

  updateAll(fields: (member: ClassicMember) => Partial<ClassicMember>): void {
    this.set({ members: this.group.members.map((member) => ({ ...member, ...fields(member) })) })
  }

  /** [C20] The first member leads. A member that joins with its assigned id is no longer pending. */
  add(member: ClassicMember, protocolType: string): void {
    const { group } = this
    this.set({
      members: [...group.members, member],
      protocolType: group.members.length === 0 ? protocolType : group.protocolType,
      leaderId: group.leaderId ?? member.memberId,
      pendingMembers: without(group.pendingMembers, member.memberId),
    })
  }

  /** [C21] Removes a member; its parked requests are answered UNKNOWN_MEMBER_ID. The next member in order leads if it led. */
  remove(member: ClassicMember): void {
    const { group } = this
    if (member.joinTicket !== null) this.reply(member.joinTicket, joinRefused('', 'UNKNOWN_MEMBER_ID'))
    if (member.syncTicket !== null) this.reply(member.syncTicket, syncRefused('UNKNOWN_MEMBER_ID'))
    const members = group.members.filter(({ memberId }) => memberId !== member.memberId)
    this.set({
      members,
      leaderId: group.leaderId === member.memberId ? (members[0]?.memberId ?? null) : group.leaderId,
      pendingSync: group.pendingSync.filter((memberId) => memberId !== member.memberId),
    })
  }

  addPending(pending: PendingMember): void {
    this.set({ pendingMembers: [...this.group.pendingMembers, pending] })
  }

  removePending(memberId: string): void {
    this.set({ pendingMembers: without(this.group.pendingMembers, memberId) })
  }
}

function without(pending: readonly PendingMember[], memberId: string): readonly PendingMember[] {
  return pending.some((other) => other.memberId === memberId)
    ? pending.filter((other) => other.memberId !== memberId)
    : pending
}
