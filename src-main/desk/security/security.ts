import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import { type AclLine, operationsOf } from '../../contract/security'
import type { ListenerSource, QuotaTarget, SecuritySource } from '../source/security'

/** @throws Error with a sentence */
export async function changeAcl(security: SecuritySource, acl: AclLine, remove: boolean): Promise<void> {
  if (!/^\w+:.+/.test(acl.principal)) throw new Error('A principal needs the form User:name.')
  if (acl.resourceName === '') throw new Error('An ACL needs a resource name, a prefix of names, or * for all.')
  if (!remove && !operationsOf[acl.resourceType].includes(acl.operation)) {
    throw new Error(`${acl.operation} does not apply to a ${acl.resourceType}.`)
  }
  await security.setAcl(acl, remove)
}

/** Takes effect at once. @throws Error with a sentence */
export async function changeAuthorizer(
  listeners: ListenerSource,
  change: InputOf<Contract['security.authorizer']>,
): Promise<void> {
  const odd = change.superUsers.find((user) => !/^\w+:[^;]+$/.test(user))
  if (odd !== undefined) throw new Error(`${odd} is not a principal: it needs the form User:name.`)
  await listeners.setAuthorizer(change)
}

/** Creates a SCRAM user or changes its password; `null` removes it. @throws Error with a sentence */
export async function changeUser(security: SecuritySource, change: InputOf<Contract['security.user']>): Promise<void> {
  if (change.user.trim() === '') throw new Error('A user needs a name.')
  if (change.password === '') throw new Error('A user needs a password.')
  await security.setUser(change)
}

/** Empty names mean all that have no quota of their own. @throws Error with a sentence */
export async function changeQuota(
  security: SecuritySource,
  { limit, value, ...target }: InputOf<Contract['security.quota']>,
): Promise<void> {
  checkTarget(target)
  const isFraction = value !== null && !Number.isInteger(value)
  if (isFraction && limit !== 'request_percentage' && limit !== 'controller_mutation_rate') {
    throw new Error(`${limit} must be a whole number.`)
  }
  if ((limit === 'connection_creation_rate') !== (target.ip !== null)) {
    const whom = limit === 'connection_creation_rate' ? 'an IP address' : 'a user or a client id'
    throw new Error(`${limit} applies to ${whom}.`)
  }
  await security.setQuota(target, new Map([[limit, value]]))
}

/** Removes all limits of a user, client id or address. */
export async function removeQuota(security: SecuritySource, target: QuotaTarget): Promise<void> {
  checkTarget(target)
  const { user, clientId, ip } = target
  // An empty name is the default of all that have none of their own, which a line tells as null.
  const isIt = (wanted: string | null, found: string | null | undefined) =>
    wanted === null ? found === undefined : found === (wanted || null)
  const line = (await security.quotas()).find(
    (quota) => isIt(user, quota.user) && isIt(clientId, quota.clientId) && isIt(ip, quota.ip),
  )
  await security.setQuota(target, new Map(Object.keys(line?.values ?? {}).map((limit) => [limit, null])))
}

function checkTarget({ user, clientId, ip }: QuotaTarget): void {
  if (user === null && clientId === null && ip === null) {
    throw new Error('A quota needs a user, a client id, both, or an IP address.')
  }
  if (ip !== null && (user !== null || clientId !== null)) {
    throw new Error('A quota of an IP address has neither a user nor a client id.')
  }
}
