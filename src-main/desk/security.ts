import { randomBytes } from 'node:crypto'
import type { Core } from '../broker/core'
import type { QuotaEntity } from '../broker/quotas/quotas'
import { scramHashes } from '../broker/security/users'
import type { Contract } from '../contract/contract'
import type { InputOf } from '../contract/define'
import { type AclLine, aclOperations, aclResources, type SecurityFile, type SecurityView } from '../contract/security'
import { type Acl, anyCode, patternLiteral, patternPrefixed } from '../security/acl'
import { credentialOf, fewestIterations, type ScramHash, saltPassword } from '../security/scram'

/** Codes of resources and operations begin with UNKNOWN and ANY. */
const firstCode = 2
const allow = 3
const deny = 2

/** Of refusals. */
const kept = 50

const refusals = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'DELEGATION_TOKEN_AUTHORIZATION_FAILED',
])

/** Who was refused lately, and why: connections that are refused do not stay to be asked. */
export class Refusals {
  readonly #stop: () => void
  #lines: SecurityView['refused'] = []

  constructor({ clients }: Core) {
    this.#stop = clients.changed(({ kind, client: { lastError, clientId, principal, connection } }) => {
      if (kind !== 'failed' || !lastError || !refusals.has(lastError.error)) return
      const client = `${clientId ?? ''} ${principal} from ${connection.remoteAddress}`.trim()
      const line = { at: lastError.at, client, error: lastError.error, why: lastError.text }
      this.#lines = [line, ...this.#lines].slice(0, kept)
    })
  }

  get lines(): SecurityView['refused'] {
    return this.#lines
  }

  dispose(): void {
    this.#stop()
  }
}

/** Users, rules, quotas and tokens, and who was refused. */
export function securityView(core: Core, refused: Refusals): SecurityView {
  const { users, authorizer, authentication, quotas, tokens, configs } = core
  return {
    users: users.names().map((name) => ({
      name,
      mechanisms: Object.values(scramHashes).flatMap((hash) => (users.find(name, hash) ? [nameOf(hash)] : [])),
    })),
    acls: authorizer
      .find({
        resourceType: anyCode,
        resourceName: null,
        patternType: anyCode,
        principal: null,
        host: null,
        operation: anyCode,
        permission: anyCode,
      })
      .map(lineOf),
    authorizes: authorizer.isActive,
    superUsers: configs
      .broker('super.users')
      .split(';')
      .filter((user) => user.trim() !== ''),
    mechanisms: authentication.mechanisms,
    quotas: quotas.all().map(({ entity: { user, ip, 'client-id': clientId }, values }) => ({
      ...(user === undefined ? {} : { user }),
      ...(clientId === undefined ? {} : { clientId }),
      ...(ip === undefined ? {} : { ip }),
      values,
    })),
    tokens: tokens.all().map(({ tokenId, owner, expiresAt }) => ({ tokenId, owner, expiresAt })),
    refused: refused.lines,
  }
}

function nameOf(hash: ScramHash): string {
  return `SCRAM-SHA-${hash.slice(3)}`
}

function lineOf({ resourceType, resourceName, patternType, principal, host, operation, permission }: Acl): AclLine {
  return {
    resourceType: aclResources[resourceType - firstCode] ?? 'TOPIC',
    resourceName,
    prefixed: patternType === patternPrefixed,
    principal,
    host,
    operation: aclOperations[operation - firstCode] ?? 'ALL',
    allow: permission === allow,
  }
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

/** @throws Error with a sentence */
export async function changeAcl(core: Core, line: AclLine, remove: boolean): Promise<void> {
  if (!/^\w+:.+/.test(line.principal)) throw new Error('A principal is written User:name.')
  if (line.resourceName === '') throw new Error('A rule holds for a name, a beginning of names, or * for all.')
  const acl: Acl = {
    resourceType: aclResources.indexOf(line.resourceType) + firstCode,
    resourceName: line.resourceName,
    patternType: line.prefixed ? patternPrefixed : patternLiteral,
    principal: line.principal,
    host: line.host || '*',
    operation: aclOperations.indexOf(line.operation) + firstCode,
    permission: line.allow ? allow : deny,
  }
  if (remove) core.authorizer.remove(acl)
  else core.authorizer.add(acl)
  await core.commits.settled
}

/** Empty names mean all that have no quota of their own. */
export async function changeQuota(
  core: Core,
  { user, clientId, limit, value }: InputOf<Contract['security.quota']>,
): Promise<void> {
  if (user === null && clientId === null) throw new Error('A quota holds for a user, a client id, or both.')
  const entity: QuotaEntity = {
    ...(user === null ? {} : { user: user || null }),
    ...(clientId === null ? {} : { 'client-id': clientId || null }),
  }
  core.quotas.alter(entity, new Map([[limit, value]]))
  await core.commits.settled
}

/** The authority for those that must trust it; with a name also a certificate for a client. */
export async function securityFiles({ workspace, clock }: Core, client: string | null): Promise<SecurityFile[]> {
  // Loaded when it is needed: most workspaces need no certificate.
  const certificates = await import('../broker/security/certificates')
  const base64 = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64')
  if (client === null) {
    const { authority } = certificates.certificatesOf(workspace, clock.now())
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
