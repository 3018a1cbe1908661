import { hostname, networkInterfaces } from 'node:os'
import { trustStore } from '../../security/jks'
import type { Workspace } from '../../storage'
import { authorityExtensions, clientExtensions, derOf, issue, serverExtensions } from './issue'
import { type Certificate, keep, kept } from './kept-certificates'
import { pkcs12 } from './pkcs12'

const validDays = 825

export interface ServerCertificates {
  /** The authority that clients must trust. */
  readonly authority: string
  readonly server: Certificate
}

/**
 * The workspace's own certificate authority, and a certificate of it for this machine: issued at the first need, kept in the
 * workspace, and issued again before they end or when the server is to be reached by other names.
 *
 * @param hosts names and addresses by which clients come, besides localhost, this machine's name and `host.docker.internal`
 * @throws StorageFailure
 */
export async function certificatesOf(
  workspace: Workspace,
  now: number,
  hosts: readonly string[],
): Promise<ServerCertificates> {
  const authority = await authorityOf(workspace, now)
  const names = [...new Set([...alwaysNamed(), ...hosts.flatMap(namesOf)])].sort()
  const known = kept(workspace, 'server', now)
  const isSame = known?.names?.join() === names.join()
  const server =
    known && isSame ? known : await keep(workspace, 'server', { ...(await issueServer(authority, now, names)), names })
  return { authority: authority.cert, server }
}

/** Issued once per workspace, also when two ask at the same time. */
const underway = new WeakMap<Workspace, Promise<Certificate>>()

async function authorityOf(workspace: Workspace, now: number): Promise<Certificate> {
  const known = kept(workspace, 'authority', now)
  if (known) return known
  const issued = underway.get(workspace) ?? issueAuthority(workspace, now)
  underway.set(workspace, issued)
  try {
    return await issued
  } finally {
    underway.delete(workspace)
  }
}

async function issueAuthority(workspace: Workspace, now: number): Promise<Certificate> {
  const authority = await issue({
    commonName: `Ottla on ${hostname()}`,
    authority: null,
    extensions: authorityExtensions,
    validDays: 10 * validDays,
    now,
  })
  return keep(workspace, 'authority', authority)
}

function issueServer(authority: Certificate, now: number, names: readonly string[]): Promise<Certificate> {
  return issue({ commonName: 'localhost', authority, extensions: serverExtensions(names), validDays, now })
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
export async function authorityPem(workspace: Workspace, now: number): Promise<string> {
  return (await authorityOf(workspace, now)).cert
}

/** The authority as a trust store of Java. @throws StorageFailure */
export async function authorityTrustStore(workspace: Workspace, now: number): Promise<Buffer> {
  return trustStore('ottla', derOf(await authorityPem(workspace, now)), storePassword, now)
}

/** A certificate that identifies a client (mutual TLS), and the same with its key as PKCS12. Nothing of it is kept. */
export async function clientCertificate(
  workspace: Workspace,
  name: string,
  now: number,
): Promise<Certificate & { readonly pkcs12: Buffer }> {
  const authority = await authorityOf(workspace, now)
  const issued = await issue({ commonName: name, authority, extensions: clientExtensions, validDays, now })
  const chain = [derOf(issued.cert), derOf(authority.cert)]
  return { ...issued, pkcs12: await pkcs12({ name, key: issued.key, chain }, storePassword) }
}
