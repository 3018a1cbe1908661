import 'reflect-metadata'
import { createPrivateKey, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

const dayMs = 86_400_000
const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

const provider = webcrypto as typeof crypto
x509.cryptoProvider.set(provider)

/** A certificate with its key, in PEM. */
export interface Issued {
  readonly cert: string
  readonly key: string
  readonly endsAt: number
}

export interface Wanted {
  readonly commonName: string
  /** The authority that signs; `null` makes one that signs itself. */
  readonly authority: { readonly cert: string; readonly key: string } | null
  readonly extensions: readonly x509.Extension[]
  readonly validDays: number
  readonly now: number
}

/** Issues a certificate with a new key of its own. */
export async function issue({ commonName, authority, extensions, validDays, now }: Wanted): Promise<Issued> {
  const { publicKey: spki, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  // A plain string would be read as one with quotes and escapes in it.
  const subject = new x509.Name([{ CN: [{ utf8String: commonName }] }])
  const issuer = authority && new x509.X509Certificate(authority.cert)
  const endsAt = now + validDays * dayMs
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    // The bytes of the issuer must be those of the authority's subject.
    issuer: issuer?.subjectName ?? subject,
    // Positive, as RFC 5280 wants it.
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    // Clocks differ: it is valid since yesterday.
    notBefore: new Date(now - dayMs),
    notAfter: new Date(endsAt),
    publicKey: spki,
    signingKey: await signingKey(authority?.key ?? privateKey),
    signingAlgorithm: algorithm,
    extensions: [...extensions, ...(await identifiers(spki, issuer?.publicKey ?? null))],
  })
  return { cert: `${certificate.toString('pem')}\n`, key: privateKey, endsAt }
}

/** Strict verifiers, such as Python 3.13's by default, ask for both (RFC 5280, 4.2.1.1 and 4.2.1.2). */
async function identifiers(subjectKey: x509.PublicKeyType, authorityKey: x509.PublicKeyType | null) {
  const own = await x509.SubjectKeyIdentifierExtension.create(subjectKey)
  return authorityKey === null ? [own] : [own, await x509.AuthorityKeyIdentifierExtension.create(authorityKey)]
}

async function signingKey(pem: string) {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' })
  return await provider.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
}

const { KeyUsageFlags, ExtendedKeyUsage } = x509
const leafUsages = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment

export const authorityExtensions: readonly x509.Extension[] = [
  new x509.BasicConstraintsExtension(true, undefined, true),
  new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
]

export const clientExtensions: readonly x509.Extension[] = [
  new x509.BasicConstraintsExtension(false),
  new x509.KeyUsagesExtension(leafUsages),
  new x509.ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
]

/** @param names host names and addresses by which clients come */
export function serverExtensions(names: readonly string[]): readonly x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false),
    new x509.KeyUsagesExtension(leafUsages),
    new x509.ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    new x509.SubjectAlternativeNameExtension(
      names.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name })),
    ),
  ]
}

/** The bytes of a certificate in PEM. */
export function derOf(pem: string): Buffer {
  return Buffer.from(new x509.X509Certificate(pem).rawData)
}
