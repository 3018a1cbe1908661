import { randomBytes } from 'node:crypto'
import { usesSasl } from '../../base/security-protocol'
import type { Core } from '../../broker/core'
import type { QuotaEntity } from '../../broker/quotas/quotas'
import { serverCertificate } from '../../broker/security/kept-certificates'
import { scramHashes } from '../../broker/security/users'
import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { SecurityFile, SecurityView, UserLine } from '../../contract/security'
import { credentialOf, fewestIterations, type ScramHash, saltPassword } from '../../security/scram'
import type { StartFacts } from '../desk'
import { aclLines, authorizerView, refusedLine } from './access'
import { listenerLines, storedView } from './listeners'

/** Who may come in, by which door, to do what and how much of it; and who was refused. */
export function securityView(core: Core, start: StartFacts): SecurityView {
  const { quotas, tokens, refusals, workspace } = core
  const certificate = serverCertificate(workspace)
  return {
    users: userLines(core, start),
    acls: aclLines(core),
    authorizer: authorizerView(core),
    quotas: quotas.all().map(({ entity: { user, ip, 'client-id': clientId }, values }) => ({
      ...(user === undefined ? {} : { user }),
      ...(clientId === undefined ? {} : { clientId }),
      ...(ip === undefined ? {} : { ip }),
      values,
    })),
    tokens: tokens.all(),
    tokensEnabled: tokens.isEnabled,
    listeners: listenerLines(core, start),
    stored: storedView(core, start),
    certificate: certificate ? { names: certificate.names ?? [], endsAt: certificate.endsAt } : null,
    refused: refusals.all().map(refusedLine),
  }
}

/** Users of SCRAM, which the workspace keeps, and those of PLAIN, which the configuration holds. */
function userLines(core: Core, start: StartFacts): UserLine[] {
  const { users, authentication } = core
  const plain = new Map<string, string[]>()
  for (const { name: listener, securityProtocol } of listenerLines(core, start)) {
    if (!usesSasl(securityProtocol) || !authentication.mechanisms(listener).includes('PLAIN')) continue
    for (const user of authentication.plainUsers(listener).keys()) {
      plain.set(user, [...(plain.get(user) ?? []), listener])
    }
  }
  return [...new Set([...users.names(), ...plain.keys()])].sort().map((name) => ({
    name,
    mechanisms: Object.values(scramHashes).flatMap((hash) => (users.find(name, hash) ? [nameOf(hash)] : [])),
    plain: plain.get(name) ?? [],
  }))
}

function nameOf(hash: ScramHash): string {
  return `SCRAM-SHA-${hash.slice(3)}`
}

/** Makes a user of SCRAM, or changes its password; `null` removes it. @throws Error with a sentence */
export async function changeUser(
  core: Core,
  { user, mechanism, password }: InputOf<Contract['security.user']>,
): Promise<void> {
  const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
  if (user.trim() === '') throw new Error('A user needs a name.')
  if (password === null) core.users.set(user, hash, null)
  else {
    if (password === '') throw new Error('A user needs a password.')
    const salt = randomBytes(16)
    const salted = saltPassword(hash, password, salt, fewestIterations)
    core.users.set(user, hash, credentialOf(hash, salt, fewestIterations, salted))
  }
  await core.commits.settled
}

/** Empty names mean all that have no quota of their own. @throws Error with a sentence */
export async function changeQuota(
  core: Core,
  { limit, value, ...whom }: InputOf<Contract['security.quota']>,
): Promise<void> {
  const entity = entityOf(whom)
  const isFraction = value !== null && !Number.isInteger(value)
  if (isFraction && limit !== 'request_percentage' && limit !== 'controller_mutation_rate') {
    throw new Error(`${limit} is a whole number.`)
  }
  if ((limit === 'connection_creation_rate') !== 'ip' in entity) {
    throw new Error(
      `${limit} holds for ${limit === 'connection_creation_rate' ? 'an address' : 'a user or a client id'}.`,
    )
  }
  core.quotas.alter(entity, new Map([[limit, value]]))
  await core.commits.settled
}

/** Takes away all limits that hold for somebody. */
export async function removeQuota(core: Core, whom: InputOf<Contract['security.unquota']>): Promise<void> {
  const entity = entityOf(whom)
  const limits = Object.keys(core.quotas.find(entity)?.values ?? {})
  core.quotas.alter(entity, new Map(limits.map((limit) => [limit, null])))
  await core.commits.settled
}

function entityOf({ user, clientId, ip }: InputOf<Contract['security.unquota']>): QuotaEntity {
  if (user === null && clientId === null && ip === null) {
    throw new Error('A quota holds for a user, a client id, both, or an address.')
  }
  if (ip !== null && (user !== null || clientId !== null)) {
    throw new Error('A quota of an address holds for no user and no client id.')
  }
  return {
    ...(user === null ? {} : { user: user || null }),
    ...(clientId === null ? {} : { 'client-id': clientId || null }),
    ...(ip === null ? {} : { ip: ip || null }),
  }
}

/** Ends a delegation token now. @throws Error with a sentence */
export async function expireToken(core: Core, tokenId: string): Promise<void> {
  const token = core.tokens.find(tokenId)
  if (!token) throw new Error('This token has ended already.')
  core.tokens.remove(token)
  await core.commits.settled
}

/** The authority for those that must trust it; with a name also a certificate for a client. */
export async function securityFiles({ workspace, clock }: Core, client: string | null): Promise<SecurityFile[]> {
  // Loaded when it is needed: most workspaces need no certificate.
  const certificates = await import('../../broker/security/certificates')
  const base64 = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64')
  if (client === null) {
    const authority = certificates.authorityPem(workspace, clock.now())
    const jks = certificates.authorityTrustStore(workspace, clock.now())
    return [
      { name: 'ottla-ca.pem', base64: base64(authority) },
      { name: 'ottla-truststore.jks', base64: base64(jks) },
    ]
  }
  const { cert, key, pkcs12 } = certificates.clientCertificate(workspace, client, clock.now())
  return [
    { name: `${client}.pem`, base64: base64(`${cert}${key}`) },
    { name: `${client}.p12`, base64: base64(pkcs12) },
  ]
}
