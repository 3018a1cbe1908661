import { X509Certificate } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'

/** How a schema registry is reached. It holds secrets: it is never given to a page, and never stored. */
export interface RegistryAccess {
  /** Without user, password, query and a slash at its end; it may have a path. */
  readonly url: string
  /** `user:password` of basic authentication. */
  readonly basic: string | null
  readonly bearer: string | null
  /** Certificates in PEM that are trusted instead of those of the system. */
  readonly ca: string | null
  /** The certificate that is shown to it, with its key, as Node's `tls` takes them. */
  readonly identity?: Pick<SecureContextOptions, 'cert' | 'key' | 'pfx' | 'passphrase'>
  /** Why it is not asked at all: its secret is not known yet, say. */
  readonly problem?: string
}

/** Address of a registry in its one form. @throws Error with a sentence */
export function registryUrl(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Error(`"${text}" is not the address of a registry: it needs the form http://HOST:PORT.`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error('The address may not contain a user and a password: enter them in their fields.')
  }
  url.search = ''
  url.hash = ''
  return url.href.replace(/\/+$/, '')
}

/** Why a text is not a list of certificates in PEM; undefined when it is one. */
export function certificateProblem(pem: string): string | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) return 'This is not a certificate in PEM: it has no -----BEGIN CERTIFICATE-----.'
  try {
    for (const block of blocks) new X509Certificate(block)
    return undefined
  } catch (error) {
    return `A certificate cannot be read: ${error instanceof Error ? error.message : String(error)}.`
  }
}
