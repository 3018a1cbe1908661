/** One hue for a member's life, the same on all pages: the broker gives it. */
export function hueOf({ hue }: { readonly hue: number }): string {
  return `var(--hue-${hue})`
}

/** A short name: the instance id, else the client id and the end of the member id. */
export function memberName(member: {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
}): string {
  return member.instanceId ?? `${member.clientId || 'consumer'} ${member.memberId.slice(-4)}`
}
