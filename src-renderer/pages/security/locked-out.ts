import type { AclLine } from '../../../src-main/contract/security'
import type { ClientLine } from '../../../src-main/contract/workspace'
import { isAllowedBy } from './acl-draft'

export interface LockedOut {
  readonly principal: string
  readonly clients: number
  /** What its clients do now and no ACL allows; empty when they do nothing that is known and nothing is allowed. */
  readonly denied: readonly AclLine[]
}

interface Rules {
  readonly acls: readonly AclLine[]
  readonly superUsers: readonly string[]
  /** Resources that no ACL names are open to everyone. */
  readonly everyoneWithoutRule: boolean
}

/** Connected principals that could not do what they do now, if these rules were enforced: by topics and groups that they use. */
export function lockedOut(clients: readonly ClientLine[], rules: Rules): LockedOut[] {
  const found = new Map<string, { readonly ids: Set<string>; readonly denied: Map<string, AclLine> }>()
  for (const client of clients) {
    const { principal, clientId, leftAt } = client
    if (leftAt !== null || principal === '' || rules.superUsers.includes(principal)) continue
    const denied = needsOf(client).filter((rule) => !isAllowed(rules, rule))
    const mayNothing =
      !rules.everyoneWithoutRule &&
      !rules.acls.some((acl) => acl.allow && (acl.principal === principal || acl.principal === 'User:*'))
    if (denied.length === 0 && !mayNothing) continue
    const one = found.get(principal) ?? { ids: new Set(), denied: new Map() }
    one.ids.add(clientId)
    for (const rule of denied) one.denied.set(JSON.stringify(rule), rule)
    found.set(principal, one)
  }
  return [...found].map(([principal, { ids, denied }]) => ({
    principal,
    clients: ids.size,
    denied: [...denied.values()],
  }))
}

function isAllowed({ acls, everyoneWithoutRule }: Rules, rule: AclLine): boolean {
  const isNamed = acls.some(
    ({ resourceType, resourceName, prefixed }) =>
      resourceType === rule.resourceType &&
      (prefixed
        ? rule.resourceName.startsWith(resourceName)
        : resourceName === rule.resourceName || resourceName === '*'),
  )
  return isAllowedBy(acls, rule) || (everyoneWithoutRule && !isNamed)
}

/** What a client needs for what it does: to read and write its topics, and to be in its groups. */
function needsOf({ principal, address, reads, writes, groups }: ClientLine): AclLine[] {
  const host = address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  const rule = (resourceType: AclLine['resourceType'], operation: AclLine['operation'], resourceName: string) => ({
    resourceType,
    resourceName,
    prefixed: false,
    principal,
    host,
    operation,
    allow: true,
  })
  return [
    ...reads.map((topic) => rule('TOPIC', 'READ', topic)),
    ...writes.map((topic) => rule('TOPIC', 'WRITE', topic)),
    ...groups.map((groupId) => rule('GROUP', 'READ', groupId)),
  ]
}
