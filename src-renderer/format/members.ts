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
  return member.instanceId ?? `${member.clientId || 'consumer'} ${member.memberId.slice(-4)}`
}
