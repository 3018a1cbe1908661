import { clientText } from '../../src-main/contract/thread-name'

/** The colour of a member, the same on all pages for its whole life; the broker assigns it. */
export function hueOf({ hue }: { readonly hue: number }): string {
  return `var(--hue-${hue})`
}

/** A short name: the instance id, or the client id with the end of the member id. */
export function memberName(member: {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
}): string {
  return member.instanceId ?? `${clientText(member.clientId)} ${member.memberId.slice(-4)}`
}

interface Named {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly hue: number
}

/** Names and colours of members by their ids; those of members that have left are not known. */
export interface Names {
  of(memberId: string): string
  hue(memberId: string): string
}

export function namesOf(members: readonly Named[]): Names {
  const known = new Map(members.map((member) => [member.memberId, member]))
  return {
    of: (memberId) => memberName(known.get(memberId) ?? { memberId, instanceId: null, clientId: '' }),
    hue: (memberId) => {
      const member = known.get(memberId)
      return member ? hueOf(member) : 'var(--quiet)'
    },
  }
}
