import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import { type AclLine, isSameEntity, operationsOf, type QuotaEntity } from '../../contract/security'
import type { ListenerSource, SecuritySource } from '../source/security'

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

/** Sets or removes (`null`) one limit of an entity. @throws Error with a sentence */
export async function changeQuota(
  security: SecuritySource,
  { entity, limit, value }: InputOf<Contract['security.quota']>,
): Promise<void> {
  checkEntity(entity)
  const isFraction = value !== null && !Number.isInteger(value)
  if (isFraction && limit !== 'request_percentage' && limit !== 'controller_mutation_rate') {
    throw new Error(`${limit} must be a whole number.`)
  }
  if ((limit === 'connection_creation_rate') !== (entity.ip !== undefined)) {
    const whom = limit === 'connection_creation_rate' ? 'an IP address' : 'a user or a client id'
    throw new Error(`${limit} applies to ${whom}.`)
  }
  await security.setQuota(entity, new Map([[limit, value]]))
}

/** Removes all limits of an entity. @throws Error with a sentence */
export async function removeQuota(security: SecuritySource, entity: QuotaEntity): Promise<void> {
  checkEntity(entity)
  const line = (await security.quotas()).find((quota) => isSameEntity(quota.entity, entity))
  await security.setQuota(entity, new Map(Object.keys(line?.values ?? {}).map((limit) => [limit, null])))
}

function checkEntity({ user, clientId, ip }: QuotaEntity): void {
  if (user === undefined && clientId === undefined && ip === undefined) {
    throw new Error('A quota needs a user, a client id, both, or an IP address.')
  }
  if (ip !== undefined && (user !== undefined || clientId !== undefined)) {
    throw new Error('A quota of an IP address has neither a user nor a client id.')
  }
}
