import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { SocketAddress } from 'node:net'
import { duplexPair } from 'node:stream'
import { connect, createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls'
import type { ListenerCertificate } from './contract/security'
import { subjectOf } from './server/peer-name'

/**
 * The certificate that clients get from a listener with these keys: a handshake in memory, as Kafka tries new stores (SslFactory's
 * SslEngineValidator). It works alike for every form of keystore.
 *
 * @throws Error when no client could finish a handshake
 */
export async function presentedCertificate(options: SecureContextOptions): Promise<X509Certificate> {
  const secureContext = createSecureContext(options)
  const [near, far] = duplexPair()
  const server = new TLSSocket(far, { isServer: true, secureContext })
  // Whether this process trusts the certificate does not matter: it is only read.
  const client = connect({ socket: near, rejectUnauthorized: false })
  try {
    const failed = once(server, 'error').then(([error]) => Promise.reject(error))
    await Promise.race([once(client, 'secureConnect'), failed])
    const certificate = client.getPeerX509Certificate()
    if (!certificate) throw new Error('the store holds no certificate')
    return certificate
  } finally {
    client.destroy()
    server.destroy()
  }
}

/** Names that a certificate holds for, with their kind: `DNS:localhost`, `IP Address:127.0.0.1`. */
export function alternativeNames({ subjectAltName }: Pick<X509Certificate, 'subjectAltName'>): string[] {
  return (subjectAltName ?? '').split(/, (?=[A-Z][A-Za-z ]*:)/).filter((name) => name !== '')
}

/** A certificate for people. */
export function certificateFacts(
  certificate: X509Certificate,
): Pick<ListenerCertificate, 'subject' | 'issuer' | 'names' | 'fingerprint' | 'startsAt' | 'endsAt'> {
  return {
    subject: subjectOf(certificate.raw),
    // One attribute on each line.
    issuer: certificate.issuer.split('\n').reverse().join(','),
    names: alternativeNames(certificate).map(plainName),
    fingerprint: certificate.fingerprint256,
    startsAt: Date.parse(certificate.validFrom),
    endsAt: Date.parse(certificate.validTo),
  }
}

/** Without its kind where it is an address or a host, as people write these. */
function plainName(name: string): string {
  const [, kind, value = ''] = /^(DNS|IP Address):(.*)$/.exec(name) ?? []
  if (kind === undefined) return name
  return value.includes(':') ? new SocketAddress({ address: value, family: 'ipv6' }).address : value
}
