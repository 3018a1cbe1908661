import type { ListenerStores } from './listener-certificates'
import { alternativeNames } from './presented-certificate'
import { subjectOf } from './server/peer-name'

/** Changes of a certificate that configs allow while the listener is open. */
export interface AllowedChanges {
  /** `ssl.allow.dn.changes` */
  readonly subject: boolean
  /** `ssl.allow.san.changes` */
  readonly names: boolean
}

/**
 * The reason why an open listener refuses new stores, in Kafka's words (SslFactory.createNewSslEngineFactory and CertificateEntries): clients
 * that know the broker by its present names would be cut off. A certificate for more names is taken.
 */
export function changeRefusal(
  existing: ListenerStores,
  next: ListenerStores,
  allowed: AllowedChanges,
): string | undefined {
  if (!existing.hasKeystore && next.hasKeystore) {
    return 'Cannot add SSL keystore to an existing listener for which no keystore was configured.'
  }
  if (existing.hasKeystore && !next.hasKeystore) {
    return 'Cannot remove the SSL keystore from an existing listener for which a keystore was configured.'
  }
  if (next.hasKeystore) {
    const [before, after] = [subjectOf(existing.certificate.raw), subjectOf(next.certificate.raw)]
    if (!allowed.subject && canonical(before) !== canonical(after)) {
      return `Keystore DistinguishedName does not match:  existing={DN=${before}}, new={DN=${after}}`
    }
    const [had, has] = [alternativeNames(existing.certificate), alternativeNames(next.certificate)]
    if (!allowed.names && !had.every((name) => has.includes(name))) {
      return `Keystore SubjectAltNames do not match:  existing={SAN=[${had.join(', ')}]}, new={SAN=[${has.join(', ')}]}`
    }
  }
  if (!existing.hasTruststore && next.hasTruststore) {
    return 'Cannot add SSL truststore to an existing listener for which no truststore was configured.'
  }
  return undefined
}

/** X500Principal compares names without regard to case and to how many spaces there are. */
function canonical(subject: string): string {
  return subject.toLowerCase().replace(/\s+/g, ' ')
}
