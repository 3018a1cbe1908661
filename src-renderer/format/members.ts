const hues = 8

/** One hue for a member's life: by its place among those that are shown, so that neighbours differ. */
export function hueOf(memberId: string, order: readonly string[]): string {
  const place = order.indexOf(memberId)
  return `var(--hue-${(place < 0 ? hash(memberId) : place) % hues})`
}

/** A short name: the instance id, else the client id and the end of the member id. */
export function memberName(member: {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
}): string {
  return member.instanceId ?? `${member.clientId || 'consumer'} ${member.memberId.slice(-4)}`
}

function hash(text: string): number {
  let value = 0
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 31) + text.charCodeAt(i)) | 0
  return value & 0x7fffffff
}
