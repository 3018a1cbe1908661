import { lookup } from 'node:dns/promises'
import { isIPv6, SocketAddress } from 'node:net'
import { ipv4OfMapped } from '../../base/java-address'

/**
 * The address that a host name or an address in any notation stands for, as clients of it are known by; `undefined` when there is none. It is the
 * first one that the system's resolver gives, IPv4 before IPv6 (InetAddress.getByName, which Kafka's ClientQuotaControlManager and
 * ClientQuotaMetadataManager ask).
 */
export async function addressOf(host: string): Promise<string | undefined> {
  const bare = /^\[(.*)\]$/.exec(host)?.[1] ?? host
  if (isIPv6(bare)) return plainIpv6(bare)
  // With these signs or ends it is no name of a host (WHATWG URL, "ends in a number"), whatever a resolver makes of it.
  if (bare !== host || /[\s%:]/.test(host)) return undefined
  if (/(?:^|\.)(?:\d+|0x[\da-f]*)$/i.test(host)) return ipv4(host)
  try {
    const { address } = await lookup(host, { order: 'ipv4first' })
    return isIPv6(address) ? plainIpv6(address) : address
  } catch {
    // The resolver knows no such host, or it cannot be asked: Kafka makes no difference.
    return undefined
  }
}

/** A zone names an interface of one machine: addresses of clients have none. */
function plainIpv6(address: string): string | undefined {
  if (address.includes('%')) return undefined
  return ipv4OfMapped(new SocketAddress({ address, family: 'ipv6' }).address)
}

/** Java reads one to four decimal numbers, the last of which fills what is left: `127.1` (IPAddressUtil.textToNumericFormatV4). */
function ipv4(text: string): string | undefined {
  if (!/^\d{1,10}(?:\.\d{1,10}){0,3}$/.test(text)) return undefined
  const parts = text.split('.').map(Number)
  const last = parts.pop() ?? 0
  const left = 4 - parts.length
  if (parts.some((part) => part > 255) || last >= 256 ** left) return undefined
  const rest = Array.from({ length: left }, (_, i) => Math.floor(last / 256 ** (left - 1 - i)) % 256)
  return [...parts, ...rest].join('.')
}
