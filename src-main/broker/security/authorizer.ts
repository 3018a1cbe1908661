import { type Access, type Acl, type AclFilter, decide, decideAny, keyOf, matches } from '../../security/acl'
import type { Workspace } from '../../storage'
import { type Authorizer, type Operation, operationCodes, type ResourceType } from '../authorization'
import type { Client } from '../clients'
import type { Commits, Uncommitted } from '../commits'
import type { Configs } from '../config/configs'

const kind = 'acl'

/** org.apache.kafka.common.resource.ResourceType. */
const resourceCodes: Readonly<Record<ResourceType, number>> = {
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
}

/** Rules of access (StandardAuthorizer), kept in the workspace. Everybody may do everything until `authorizer.class.name` is set. */
export class Acls implements Authorizer, Uncommitted {
  readonly #workspace: Workspace
  readonly #commits: Commits
  readonly #configs: Configs
  readonly #acls = new Map<string, Acl>()
  readonly #superUsers: ReadonlySet<string>
  /** Rules are held against requests only when there is an authorizer. */
  readonly isActive: boolean

  constructor(workspace: Workspace, commits: Commits, configs: Configs) {
    this.#workspace = workspace
    this.#commits = commits
    this.#configs = configs
    this.isActive = configs.broker('authorizer.class.name') !== ''
    this.#superUsers = new Set(
      configs
        .broker('super.users')
        .split(';')
        .map((user) => user.trim()),
    )
    this.rolledBack()
  }

  allows(client: Client, operation: Operation, resourceType: ResourceType, name: string): boolean {
    if (!this.isActive || this.#superUsers.has(client.principal)) return true
    const decision = decide(this.#acls.values(), {
      ...this.#access(client, operation, resourceType),
      resourceName: name,
    })
    return decision ?? this.#configs.brokerFlag('allow.everyone.if.no.acl.found')
  }

  allowsAny(client: Client, operation: Operation, resourceType: ResourceType): boolean {
    if (!this.isActive || this.#superUsers.has(client.principal)) return true
    if (this.#configs.brokerFlag('allow.everyone.if.no.acl.found')) return true
    return decideAny([...this.#acls.values()], this.#access(client, operation, resourceType))
  }

  find(filter: AclFilter): Acl[] {
    return [...this.#acls.values()].filter((acl) => matches(filter, acl))
  }

  /** @throws StorageFailure */
  add(acl: Acl): void {
    this.#write(acl, JSON.stringify(acl))
    this.#acls.set(keyOf(acl), acl)
  }

  /** @throws StorageFailure */
  remove(acl: Acl): void {
    this.#write(acl, null)
    this.#acls.delete(keyOf(acl))
  }

  committed(): void {}

  rolledBack(): void {
    this.#acls.clear()
    for (const { key, value } of this.#workspace.documents.list(kind)) this.#acls.set(key, JSON.parse(value) as Acl)
  }

  #write(acl: Acl, value: string | null): void {
    this.#workspace.write(() => this.#workspace.documents.set(kind, keyOf(acl), value))
    this.#commits.touch(this)
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
