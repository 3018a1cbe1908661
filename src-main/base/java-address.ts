/** `::1` as Java writes it (InetAddress.getHostAddress): `0:0:0:0:0:0:0:1`. Other addresses are the same. */
export function javaAddress(address: string): string {
  const [head = '', tail] = address.split('::')
  if (tail === undefined) return address
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail)]
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...zeros, ...after].join(':')
}

/** An address without the name of a host, as InetAddress.toString writes it: `/127.0.0.1`. Kafka names the hosts of members so. */
export function javaHost(address: string): string {
  return `/${javaAddress(address)}`
}

/** An IPv4 client of a socket bound to `::` comes as `::ffff:10.0.0.1`: the address without that. */
export function ipv4OfMapped(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}
