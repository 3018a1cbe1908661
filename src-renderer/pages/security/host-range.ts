/** Whether the host of an ACL matches an address, as Kafka's StandardAuthorizer and CidrUtils decide: `*`, the same address, or a range of addresses. */
export function coversHost(host: string, address: string): boolean {
  if (host === '*') return true
  // As Java writes it: Kafka knows only that form.
  if (!host.includes('/')) return host === (address.includes(':') ? inJava(address) : address)
  const range = rangeOf(host)
  const at = partsOf(address)
  if (range === null || at === null || range.from.length !== at.length) return false
  const bits = at.length === 4 ? 8 : 16
  return range.from.every((part, i) => {
    const free = bits - Math.min(bits, Math.max(0, range.prefix - i * bits))
    return part >> free === (at[i] ?? 0) >> free
  })
}

/** `10.0.0.0/8`, `2001:db8::/32`; `null`: what CidrUtils refuses. */
function rangeOf(host: string): { readonly from: readonly number[]; readonly prefix: number } | null {
  const isIPv6 = host.includes(':')
  const [, start = '', length = ''] = (isIPv6 ? /^(.*?)\/([+-]?\d+)$/ : /^(.*?)\/(\d{1,2})$/).exec(host) ?? []
  const from = partsOf(isIPv6 ? start.replace(/^\[(.*)\]$/, '$1') : start)
  const prefix = Number(length)
  if (from === null || length === '' || prefix < 0 || prefix > (isIPv6 ? 128 : 32)) return null
  return /^::ffff:\d+\./i.test(start) ? null : { from, prefix }
}

/** Four bytes of IPv4, eight groups of IPv6; `null`: it is no address. A zone belongs to one machine, and is no part of it. */
function partsOf(text: string): readonly number[] | null {
  const address = text.replace(/%.*$/, '')
  if (!address.includes(':')) {
    const parts = address.split('.')
    const isOne = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
    return isOne ? parts.map(Number) : null
  }
  const groups = groupsOf(withoutDots(address))
  if (groups.length !== 8 || !groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return null
  return groups.map((group) => Number.parseInt(group, 16))
}

/** `::ffff:10.0.0.1` with its last four bytes as two groups. */
function withoutDots(address: string): string {
  const last = address.slice(address.lastIndexOf(':') + 1)
  const bytes = last.includes('.') ? partsOf(last) : null
  if (bytes === null) return address
  const group = (high = 0, low = 0) => (high * 256 + low).toString(16)
  return `${address.slice(0, -last.length)}${group(bytes[0], bytes[1])}:${group(bytes[2], bytes[3])}`
}

/** The groups of an address of IPv6, with the zeros that `::` stands for. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.split('::')
  const split = (text: string) => (text === '' ? [] : text.split(':'))
  if (tail === undefined) return split(head)
  const [before, after] = [split(head), split(tail)]
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...zeros, ...after]
}

/** `::1` as Java writes it: `0:0:0:0:0:0:0:1`. */
function inJava(address: string): string {
  return groupsOf(address).join(':')
}
