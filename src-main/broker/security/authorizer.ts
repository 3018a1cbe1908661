import type { AclResourceType } from '../../base/acl-names'
import type { ErrorName } from '../../protocol/errors'
import { type Access, type Acl, type AclFilter, decide, decideAny, denying, keyOf, matches } from '../../security/acl'
import type { Workspace } from '../../storage'
import type { Authorizer, Operation } from '../authorization'
import type { Client } from '../clients'
import type { Commits } from '../commits'
import type { Configs } from '../config/configs'
import { DocumentMap } from '../document-map'
import type { DenialLog } from './denials'

/** The error of a denied access to a resource of each type. */
const errorOf: Readonly<Record<AclResourceType, ErrorName>> = {
  TOPIC: 'TOPIC_AUTHORIZATION_FAILED',
  GROUP: 'GROUP_AUTHORIZATION_FAILED',
  CLUSTER: 'CLUSTER_AUTHORIZATION_FAILED',
  TRANSACTIONAL_ID: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  DELEGATION_TOKEN: 'DELEGATION_TOKEN_AUTHORIZATION_FAILED',
  USER: 'DELEGATION_TOKEN_AUTHORIZATION_FAILED',
}

/** ACLs (StandardAuthorizer), kept in the workspace. Everything is allowed until `authorizer.class.name` is set. */
export class Acls implements Authorizer {
  readonly #configs: Configs
  readonly #acls: DocumentMap<Acl>
  readonly #denials: DenialLog
  #isActive = false
  #superUsers: ReadonlySet<string> = new Set()

  constructor(workspace: Workspace, commits: Commits, configs: Configs, denials: DenialLog) {
    this.#acls = new DocumentMap({ workspace, commits, kind: 'acl' })
    this.#configs = configs
    this.#denials = denials
    this.#configured()
    configs.changed(({ type }) => {
      if (type === 'broker' || type === 'workspace') this.#configured()
    })
  }

  /** ACLs are enforced only when there is an authorizer. */
  get isActive(): boolean {
    return this.#isActive
  }

  /** Principals that everything is allowed. */
  get superUsers(): readonly string[] {
    return [...this.#superUsers]
  }

  allows(client: Client, operation: Operation, resourceType: AclResourceType, name: string): boolean {
    if (this.wouldAllow(client, operation, resourceType, name)) return true
    const acl = denying(this.#acls.values(), {
      ...this.#access(client, operation, resourceType),
      resourceName: name,
    })
    this.#denials.note(client, {
      error: errorOf[resourceType],
      what: `${operation} on ${resourceType} ${name}`,
      why: acl
        ? `a rule denies it to ${acl.principal}${acl.host === '*' ? '' : ` from ${acl.host}`}`
        : `no rule allows it to ${client.principal}`,
      ...(acl ? {} : { denied: { operation, resourceType, resourceName: name } }),
    })
    return false
  }

  wouldAllow(client: Client, operation: Operation, resourceType: AclResourceType, name: string): boolean {
    if (!this.#isActive || this.#superUsers.has(client.principal)) return true
    const decision = decide(this.#acls.values(), {
      ...this.#access(client, operation, resourceType),
      resourceName: name,
    })
    return decision ?? this.#configs.brokerFlag('allow.everyone.if.no.acl.found')
  }

  allowsAny(client: Client, operation: Operation, resourceType: AclResourceType): boolean {
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

  #access(client: Client, operation: Operation, resourceType: AclResourceType): Omit<Access, 'resourceName'> {
    return {
      principal: client.principal,
      host: client.connection.remoteAddress,
      operation,
      resourceType,
    }
  }
}
