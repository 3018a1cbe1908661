import { BlockList, isIPv6 } from 'node:net'

interface Range {
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

/** Ranges that were asked about, so that each is read once. */
const known = new Map<string, BlockList | undefined>()
const mostKnown = 1000

/** Whether an address lies in the range that the host of an ACL names, such as `10.0.0.0/8` (CidrUtils.isInRange); false for what is no range. */
export function isInCidr(host: string, address: string): boolean {
  if (!host.includes('/') || host.includes(':') !== address.includes(':')) return false
  if (!known.has(host)) {
    if (known.size >= mostKnown) known.clear()
    known.set(host, listOf(host))
  }
  const family = address.includes(':') ? 'ipv6' : 'ipv4'
  // A zone belongs to this machine: it is no part of the address.
  return known.get(host)?.check(address.replace(/%.*$/, ''), family) ?? false
}

/** Why the host of an ACL, which has a slash, is no range of addresses: the words of CidrUtils.validate. */
export function cidrProblem(host: string): string | undefined {
  const range = host.includes('/') ? rangeOf(host) : undefined
  return typeof range === 'string' ? `Invalid CIDR notation '${host}': ${range}` : undefined
}

function listOf(host: string): BlockList | undefined {
  const range = rangeOf(host)
  if (typeof range === 'string') return undefined
  const list = new BlockList()
  list.addSubnet(range.address, range.prefix, range.family)
  return list
}

/** The range, or why there is none. */
function rangeOf(host: string): Range | string {
  return host.includes(':') ? range6(host) : range4(host)
}

function range4(host: string): Range | string {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(host)
  if (!match) return `Could not parse [${host}]`
  const octets = match.slice(1, 5).map(Number)
  const beyond = octets.find((octet) => octet > 255)
  if (beyond !== undefined) return `Value [${beyond}] not in range [0,255]`
  const prefix = Number(match[5])
  return prefix > 32 ? `Value [${prefix}] not in range [0,32]` : { address: octets.join('.'), prefix, family: 'ipv4' }
}

function range6(host: string): Range | string {
  const slash = host.indexOf('/')
  const [written, length] = [host.slice(0, slash), host.slice(slash + 1)]
  if (!/^[+-]?\d+$/.test(length)) return `Could not parse [${host}] - invalid prefix length`
  const prefix = Number(length)
  if (prefix < 0 || prefix > 128) return `Could not parse [${host}] - prefix length must be between 0 and 128`
  const address = written.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')
  if (!isIPv6(address)) return `Could not parse [${written}]`
  return /^::ffff:\d+\./i.test(address)
    ? `Could not parse [${written}] - not an IPv6 address`
    : { address, prefix, family: 'ipv6' }
}
