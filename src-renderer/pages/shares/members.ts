import type { GroupMember } from '../../../src-main/contract/groups'
import { hueOf, memberName } from '../../format/members'
import { span } from '../../format/time'
import { texts } from './texts'

/** Names and colours of members by their ids; a member that has left may still hold records. */
export interface Names {
  of(memberId: string): string
  hue(memberId: string): string
}

export function namesOf(members: readonly GroupMember[]): Names {
  const known = new Map(members.map((member) => [member.memberId, member]))
  return {
    of: (memberId) => memberName(known.get(memberId) ?? { memberId, instanceId: null, clientId: '' }),
    hue: (memberId) => {
      const member = known.get(memberId)
      return member ? hueOf(member) : 'var(--quiet)'
    },
  }
}

/** What is left of a lock. */
export function leftOf(lockedUntil: number, now: number): string {
  const left = lockedUntil - now
  return left <= 0 ? texts.ended : span(Math.ceil(left / 1000) * 1000)
}
