import type { TLSSocket } from 'node:tls'

/** Keywords that RFC 2253 names; Java's X500Principal prints these and no others by name. */
const keywords = new Set(['CN', 'L', 'ST', 'O', 'OU', 'C', 'STREET', 'DC', 'UID'])

/**
 * Subject of the certificate that the client showed and that our authorities signed, as Kafka's
 * SslPrincipalMapper gets it: RFC 2253, the last attribute first, e.g. `CN=orders,OU=Shop,O=Example`.
 */
export function distinguishedName(socket: TLSSocket): string | undefined {
  if (!socket.authorized) return undefined
  const certificate = socket.getPeerCertificate()
  const subject: unknown = certificate.subject
  if (typeof subject !== 'object' || subject === null) return undefined
  const attributes = Object.entries(subject).flatMap(([keyword, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [keyword, String(one)] as const),
  )
  return attributes
    .filter(([keyword]) => keywords.has(keyword))
    .reverse()
    .map(([keyword, value]) => `${keyword}=${escapeValue(value)}`)
    .join(',')
}

function escapeValue(value: string): string {
  return value
    .replace(/[,+"\\<>;]/g, '\\$&')
    .replace(/^[# ]/, '\\$&')
    .replace(/ $/, '\\ ')
}
