import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import forge from 'node-forge'
import { trustStore } from '../../security/jks'
import type { Workspace } from '../../storage'
import { type Certificate, keep, kept } from './kept-certificates'

const dayMs = 86_400_000
const validDays = 825

export interface ServerCertificates {
  /** The authority that clients must trust. */
  readonly authority: string
  readonly server: Certificate
}

/**
 * The workspace's own certificate authority, and a certificate of it for this machine: made at the first need, kept in the workspace,
 * made anew in time, or when it must hold for other names.
 *
 * @param hosts names and addresses by which clients come, besides localhost, this machine's name and `host.docker.internal`
 * @throws StorageFailure
 */
export function certificatesOf(workspace: Workspace, now: number, hosts: readonly string[]): ServerCertificates {
  const authority = authorityOf(workspace, now)
  const names = [...new Set([...alwaysNamed(), ...hosts.flatMap(namesOf)])].sort()
  const known = kept(workspace, 'server', now)
  const isSame = known?.names?.join() === names.join()
  const server = known && isSame ? known : keep(workspace, 'server', makeServer(authority, now, names))
  return { authority: authority.cert, server }
}

function authorityOf(workspace: Workspace, now: number): Certificate {
  return kept(workspace, 'authority', now) ?? keep(workspace, 'authority', makeAuthority(now))
}

function alwaysNamed(): string[] {
  return ['localhost', '127.0.0.1', '::1', hostname(), 'host.docker.internal']
}

/** A wildcard stands for every address of this machine. */
function namesOf(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host]
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? [])
  // What is valid on one link only has a zone, which no certificate can name.
  return addresses.map(({ address }) => address).filter((address) => !address.startsWith('fe80:'))
}

/** The password of the stores that are made here: they lie beside each other, it keeps nobody out. */
export const storePassword = 'changeit'

/** The authority that clients must trust. @throws StorageFailure */
export function authorityPem(workspace: Workspace, now: number): string {
  return authorityOf(workspace, now).cert
}

/** The authority as a trust store of Java. @throws StorageFailure */
export function authorityTrustStore(workspace: Workspace, now: number): Buffer {
  const der = forge.asn1.toDer(forge.pki.certificateToAsn1(forge.pki.certificateFromPem(authorityPem(workspace, now))))
  return trustStore('ottla', Buffer.from(der.getBytes(), 'binary'), storePassword, now)
}

/** A certificate that a client shows who it is with (mutual TLS), and the same with its key as PKCS12. Nothing of it is kept. */
export function clientCertificate(
  workspace: Workspace,
  name: string,
  now: number,
): Certificate & { readonly pkcs12: Buffer } {
  const authority = authorityOf(workspace, now)
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

function makeServer(authority: Certificate, now: number, names: readonly string[]): Certificate {
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
      altNames: names.map((name) => (isIP(name) ? { type: address, ip: name } : { type: dns, value: name })),
    },
  ])
  certificate.sign(forge.pki.privateKeyFromPem(authority.key), forge.md.sha256.create())
  return { cert: forge.pki.certificateToPem(certificate), key, endsAt, names }
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
