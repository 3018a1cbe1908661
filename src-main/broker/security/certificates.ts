import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import forge from 'node-forge'
import { trustStore } from '../../security/jks'
import type { Workspace } from '../../storage'

const kind = 'certificate'
const dayMs = 86_400_000
const validDays = 825
/** A certificate that ends within this time is made anew at the next start. */
const renewDays = 30

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
  readonly endsAt: number
}

export interface ServerCertificates {
  /** The authority that clients must trust. */
  readonly authority: string
  readonly server: Certificate
}

/**
 * The workspace's own certificate authority, and a certificate of it for this machine: made at the first need, kept in the workspace,
 * renewed in time. Valid for localhost, both loopback addresses, this machine's name and `host.docker.internal`.
 *
 * @throws StorageFailure
 */
export function certificatesOf(workspace: Workspace, now: number): ServerCertificates {
  const authority = kept(workspace, 'authority', now) ?? keep(workspace, 'authority', makeAuthority(now))
  const server = kept(workspace, 'server', now) ?? keep(workspace, 'server', makeServer(authority, now))
  return { authority: authority.cert, server }
}

/** The password of the stores that are made here: they lie beside each other, it keeps nobody out. */
export const storePassword = 'changeit'

/** The authority as a trust store of Java. @throws StorageFailure */
export function authorityTrustStore(workspace: Workspace, now: number): Buffer {
  const { authority } = certificatesOf(workspace, now)
  const der = forge.asn1.toDer(forge.pki.certificateToAsn1(forge.pki.certificateFromPem(authority)))
  return trustStore('ottla', Buffer.from(der.getBytes(), 'binary'), storePassword, now)
}

/** A certificate that a client shows who it is with (mutual TLS), and the same with its key as PKCS12. Nothing of it is kept. */
export function clientCertificate(
  workspace: Workspace,
  name: string,
  now: number,
): Certificate & { readonly pkcs12: Buffer } {
  const authority = kept(workspace, 'authority', now) ?? keep(workspace, 'authority', makeAuthority(now))
  const issuer = forge.pki.certificateFromPem(authority.cert)
  const { certificate, key, endsAt } = blank(now, validDays)
  certificate.setSubject([{ name: 'commonName', value: name }])
  certificate.setIssuer(issuer.subject.attributes)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', clientAuth: true },
  ])
  certificate.sign(forge.pki.privateKeyFromPem(authority.key), forge.md.sha256.create())
  const stored = forge.pkcs12.toPkcs12Asn1(forge.pki.privateKeyFromPem(key), [certificate, issuer], storePassword, {
    friendlyName: name,
    algorithm: 'aes256',
  })
  const pkcs12 = Buffer.from(forge.asn1.toDer(stored).getBytes(), 'binary')
  return { cert: forge.pki.certificateToPem(certificate), key, endsAt, pkcs12 }
}

function kept({ documents }: Workspace, name: string, now: number): Certificate | undefined {
  const stored = documents.get(kind, name)
  const certificate = stored === undefined ? undefined : (JSON.parse(stored) as Certificate)
  return certificate && certificate.endsAt - now > renewDays * dayMs ? certificate : undefined
}

function keep(workspace: Workspace, name: string, certificate: Certificate): Certificate {
  workspace.write(() => workspace.documents.set(kind, name, JSON.stringify(certificate)))
  return certificate
}

function makeAuthority(now: number): Certificate {
  const subject = [{ name: 'commonName', value: `Ottla on ${hostname()}` }]
  const { certificate, key, endsAt } = blank(now, 10 * validDays)
  certificate.setSubject(subject)
  certificate.setIssuer(subject)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ])
  certificate.sign(forge.pki.privateKeyFromPem(key), forge.md.sha256.create())
  return { cert: forge.pki.certificateToPem(certificate), key, endsAt }
}

function makeServer(authority: Certificate, now: number): Certificate {
  const issuer = forge.pki.certificateFromPem(authority.cert)
  const { certificate, key, endsAt } = blank(now, validDays)
  certificate.setSubject([{ name: 'commonName', value: 'localhost' }])
  certificate.setIssuer(issuer.subject.attributes)
  const [dns, address] = [2, 7]
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        ...['localhost', hostname(), 'host.docker.internal'].map((value) => ({ type: dns, value })),
        ...['127.0.0.1', '::1'].map((ip) => ({ type: address, ip })),
      ],
    },
  ])
  certificate.sign(forge.pki.privateKeyFromPem(authority.key), forge.md.sha256.create())
  return { cert: forge.pki.certificateToPem(certificate), key, endsAt }
}

/** A certificate with a key of its own and nothing else. The key is Node's: forge would take seconds for it. */
function blank(now: number, days: number) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const certificate = forge.pki.createCertificate()
  const endsAt = now + days * dayMs
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey)
  // Positive, as the standard wants it.
  certificate.serialNumber = `00${randomBytes(16).toString('hex')}`
  // Clocks differ: it is valid since yesterday.
  certificate.validity.notBefore = new Date(now - dayMs)
  certificate.validity.notAfter = new Date(endsAt)
  return { certificate, key: privateKey, endsAt }
}
