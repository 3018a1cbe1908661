import type { ListenerStores } from './listener-certificates'
import { alternativeNames } from './presented-certificate'
import { subjectOf, subjectText } from './server/peer-name'

/** Changes of a certificate that configs allow while the listener is open. */
export interface AllowedChanges {
  /** `ssl.allow.dn.changes` */
  readonly subject: boolean
  /** `ssl.allow.san.changes` */
  readonly names: boolean
}

/**
 * The reason why an open listener refuses new stores, in Kafka's words (SslFactory.createNewSslEngineFactory and CertificateEntries): clients
 * that know the broker by its present names would be cut off. A certificate for more names is taken. Kafka compares every entry of the stores;
 * here it is the one that clients get.
 */
export async function changeRefusal(
  existing: ListenerStores,
  next: ListenerStores,
  allowed: AllowedChanges,
): Promise<string | undefined> {
  if (!existing.hasKeystore && next.hasKeystore) {
    return 'Cannot add SSL keystore to an existing listener for which no keystore was configured.'
  }
  if (existing.hasKeystore && !next.hasKeystore) {
    return 'Cannot remove the SSL keystore from an existing listener for which a keystore was configured.'
  }
  if (next.hasKeystore) {
    const [before, after] = [subjectOf(existing.certificate.raw), subjectOf(next.certificate.raw)]
    if (!allowed.subject && canonical(before) !== canonical(after)) {
      const what = ({ certificate }: ListenerStores) => `DN=${subjectText(certificate.raw)}`
      return `Keystore DistinguishedName does not match:  existing=${await entry(existing, what)}, new=${await entry(next, what)}`
    }
    const [had, has] = [alternativeNames(existing.certificate), alternativeNames(next.certificate)]
    if (!allowed.names && !had.every((name) => has.includes(name))) {
      const what = ({ certificate }: ListenerStores) =>
        `SAN=[${alternativeNames(certificate).map(numbered).join(', ')}]`
      return `Keystore SubjectAltNames do not match:  existing=${await entry(existing, what)}, new=${await entry(next, what)}`
    }
  }
  if (!existing.hasTruststore && next.hasTruststore) {
    return 'Cannot add SSL truststore to an existing listener for which no truststore was configured.'
  }
  return undefined
}

async function entry(stores: ListenerStores, what: (stores: ListenerStores) => string): Promise<string> {
  return `{alias=${await stores.alias()}, ${what(stores)}}`
}

/** Kinds of names by the numbers that Java has for them (X509Certificate.getSubjectAlternativeNames). */
const kinds: Readonly<Record<string, number>> = {
  othername: 0,
  email: 1,
  DNS: 2,
  DirName: 4,
  URI: 6,
  'IP Address': 7,
  'Registered ID': 8,
}

/** `DNS:localhost` as Java prints it: `[2, localhost]`. */
function numbered(name: string): string {
  const colon = name.indexOf(':')
  const kind = kinds[name.slice(0, colon)]
  return kind === undefined ? name : `[${kind}, ${name.slice(colon + 1)}]`
}

/** X500Principal compares names without regard to case and to how many spaces there are. */
function canonical(subject: string): string {
  return subject.toLowerCase().replace(/\s+/g, ' ')
}
