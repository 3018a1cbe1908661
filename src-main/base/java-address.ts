/** `::1` as Java writes it (InetAddress.getHostAddress): `0:0:0:0:0:0:0:1`. Other addresses are the same. */
export function javaAddress(address: string): string {
  const [head = '', tail] = address.split('::')
  if (tail === undefined) return address
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail)]
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...zeros, ...after].join(':')
}
