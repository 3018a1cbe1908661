import type { ErrorName } from '../../protocol/errors'
import { type Access, type Acl, type AclFilter, decide, decideAny, denying, keyOf, matches } from '../../security/acl'
import type { Workspace } from '../../storage'
import { type Authorizer, type Operation, operationCodes, type ResourceType } from '../authorization'
import type { Client } from '../clients'
import type { Commits } from '../commits'
import type { Configs } from '../config/configs'
import { DocumentMap } from '../document-map'
import type { Refusals } from './refusals'

/** org.apache.kafka.common.resource.ResourceType. */
const resourceCodes: Readonly<Record<ResourceType, number>> = {
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
}

/** What a client is told that may not do something to a resource of a type. */
const errorOf: Readonly<Record<ResourceType, ErrorName>> = {
  TOPIC: 'TOPIC_AUTHORIZATION_FAILED',
  GROUP: 'GROUP_AUTHORIZATION_FAILED',
  CLUSTER: 'CLUSTER_AUTHORIZATION_FAILED',
  TRANSACTIONAL_ID: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  DELEGATION_TOKEN: 'DELEGATION_TOKEN_AUTHORIZATION_FAILED',
  USER: 'DELEGATION_TOKEN_AUTHORIZATION_FAILED',
}

/** Rules of access (StandardAuthorizer), kept in the workspace. Everybody may do everything until `authorizer.class.name` is set. */
export class Acls implements Authorizer {
  readonly #configs: Configs
  readonly #acls: DocumentMap<Acl>
  readonly #refusals: Refusals
  #isActive = false
  #superUsers: ReadonlySet<string> = new Set()

  constructor(workspace: Workspace, commits: Commits, configs: Configs, refusals: Refusals) {
    this.#acls = new DocumentMap({ workspace, commits, kind: 'acl' })
    this.#configs = configs
    this.#refusals = refusals
    this.#configured()
    configs.changed(({ type }) => {
      if (type === 'broker' || type === 'workspace') this.#configured()
    })
  }

  /** Rules are held against requests only when there is an authorizer. */
  get isActive(): boolean {
    return this.#isActive
  }

  /** Whom no rule holds for. */
  get superUsers(): readonly string[] {
    return [...this.#superUsers]
  }

  allows(client: Client, operation: Operation, resourceType: ResourceType, name: string): boolean {
    if (this.wouldAllow(client, operation, resourceType, name)) return true
    const rule = denying(this.#acls.values(), {
      ...this.#access(client, operation, resourceType),
      resourceName: name,
    })
    this.#refusals.note(client, {
      error: errorOf[resourceType],
      what: `${operation} on ${resourceType} ${name}`,
      why: rule
        ? `a rule denies it to ${rule.principal}${rule.host === '*' ? '' : ` from ${rule.host}`}`
        : `no rule allows it to ${client.principal}`,
      ...(rule ? {} : { denied: { operation, resourceType, resourceName: name } }),
    })
    return false
  }

  wouldAllow(client: Client, operation: Operation, resourceType: ResourceType, name: string): boolean {
    if (!this.#isActive || this.#superUsers.has(client.principal)) return true
    const decision = decide(this.#acls.values(), {
      ...this.#access(client, operation, resourceType),
      resourceName: name,
    })
    return decision ?? this.#configs.brokerFlag('allow.everyone.if.no.acl.found')
  }

  allowsAny(client: Client, operation: Operation, resourceType: ResourceType): boolean {
    if (!this.#isActive || this.#superUsers.has(client.principal)) return true
    if (this.#configs.brokerFlag('allow.everyone.if.no.acl.found')) return true
    return decideAny([...this.#acls.values()], this.#access(client, operation, resourceType))
  }

  find(filter: AclFilter): Acl[] {
    return [...this.#acls.values()].filter((acl) => matches(filter, acl))
  }

  /** @throws StorageFailure */
  add(acl: Acl): void {
    this.#acls.set(keyOf(acl), acl)
  }

  /** @throws StorageFailure */
  remove(acl: Acl): void {
    this.#acls.delete(keyOf(acl))
  }

  #configured(): void {
    this.#isActive = this.#configs.broker('authorizer.class.name') !== ''
    const names = this.#configs.broker('super.users').split(';')
    this.#superUsers = new Set(names.map((user) => user.trim()).filter((user) => user !== ''))
  }

  #access(client: Client, operation: Operation, resourceType: ResourceType): Omit<Access, 'resourceName'> {
    return {
      principal: client.principal,
      host: client.connection.remoteAddress,
      operation: operationCodes[operation],
      resourceType: resourceCodes[resourceType],
    }
  }
}
