import type { AclOperation, AclPatternType, AclPermission, AclResourceType } from '../base/acl-names'
import { javaAddress } from '../base/java-address'
import { isInCidr } from './cidr'

/** One access control list entry: an operation that a principal may, or may not, do to resources from a host. */
export interface Acl {
  readonly resourceType: AclResourceType
  readonly resourceName: string
  readonly patternType: AclPatternType
  /** `User:alice`; `User:*` is everybody. */
  readonly principal: string
  /** An address, a range of addresses such as `10.0.0.0/8`, or `*`. */
  readonly host: string
  readonly operation: AclOperation
  readonly permission: AclPermission
}

/** A search for ACLs (AclBindingFilter): `null` and ANY match everything, UNKNOWN nothing. */
export interface AclFilter {
  readonly resourceType: AclResourceType | 'ANY' | 'UNKNOWN'
  readonly resourceName: string | null
  readonly patternType: AclPatternType | 'ANY' | 'MATCH' | 'UNKNOWN'
  readonly principal: string | null
  readonly host: string | null
  readonly operation: AclOperation | 'ANY' | 'UNKNOWN'
  readonly permission: AclPermission | 'ANY' | 'UNKNOWN'
}

/** Matches every ACL. */
export const anyAcl: AclFilter = {
  resourceType: 'ANY',
  resourceName: null,
  patternType: 'ANY',
  principal: null,
  host: null,
  operation: 'ANY',
  permission: 'ANY',
}

/** What a client wants to do. */
export interface Access {
  readonly principal: string
  readonly host: string
  readonly operation: AclOperation
  readonly resourceType: AclResourceType
  readonly resourceName: string
}

/** Operations that imply another one when they are allowed (AclEntry): READ implies DESCRIBE. A denial implies nothing. */
const implying: Partial<Record<AclOperation, readonly AclOperation[]>> = {
  DESCRIBE: ['READ', 'WRITE', 'DELETE', 'ALTER'],
  DESCRIBE_CONFIGS: ['ALTER_CONFIGS'],
}

/** The verdict of the ACLs (StandardAuthorizerData): a denial wins; `undefined` when the resource has no ACL. */
export function decide(acls: Iterable<Acl>, access: Access): boolean | undefined {
  let isRuled = false
  let isAllowed = false
  for (const acl of acls) {
    if (!coversResource(acl, access.resourceType, access.resourceName)) continue
    isRuled = true
    if (!coversWho(acl, access)) continue
    const isSame = acl.operation === access.operation || acl.operation === 'ALL'
    if (acl.permission === 'DENY') {
      if (isSame) return false
    } else if (isSame || implying[access.operation]?.includes(acl.operation)) isAllowed = true
  }
  return isRuled ? isAllowed : undefined
}

/** The ACL that denies an access; `undefined` when it is only that none allows it. */
export function denying(acls: Iterable<Acl>, access: Access): Acl | undefined {
  for (const acl of acls) {
    const isSame = acl.operation === access.operation || acl.operation === 'ALL'
    if (acl.permission !== 'DENY' || !isSame || !coversWho(acl, access)) continue
    if (coversResource(acl, access.resourceType, access.resourceName)) return acl
  }
  return undefined
}

/** Whether an operation is allowed on any resource of a type (KIP-679): some ACL allows it that no other denies. */
export function decideAny(acls: readonly Acl[], access: Omit<Access, 'resourceName'>): boolean {
  return acls.some((acl) => {
    if (acl.permission !== 'ALLOW' || acl.resourceType !== access.resourceType) return false
    return decide(acls, { ...access, resourceName: acl.resourceName }) === true
  })
}

function coversResource(acl: Acl, type: AclResourceType, name: string): boolean {
  if (acl.resourceType !== type) return false
  if (acl.patternType === 'PREFIXED') return name.startsWith(acl.resourceName)
  return acl.resourceName === name || acl.resourceName === '*'
}

function coversWho(acl: Acl, { principal, host }: Access): boolean {
  return (acl.principal === principal || acl.principal === 'User:*') && coversHost(acl, host)
}

/** Kafka compares an address as Java writes it: `::1` in an ACL covers no client, `0:0:0:0:0:0:0:1` and `::1/128` do (StandardAuthorizerData). */
function coversHost(acl: Acl, host: string): boolean {
  return acl.host === '*' || acl.host === javaAddress(host) || isInCidr(acl.host, host)
}

/** AclBindingFilter.matches. */
export function matches(filter: AclFilter, acl: Acl): boolean {
  const same = (wanted: string, given: string) => wanted === 'ANY' || wanted === given
  const text = (wanted: string | null, given: string) => wanted === null || wanted === given
  return (
    same(filter.resourceType, acl.resourceType) &&
    matchesPattern(filter, acl) &&
    text(filter.principal, acl.principal) &&
    text(filter.host, acl.host) &&
    same(filter.operation, acl.operation) &&
    same(filter.permission, acl.permission)
  )
}

/** MATCH finds every ACL that applies to a resource of this name (ResourcePatternFilter). */
function matchesPattern({ resourceName, patternType }: AclFilter, acl: Acl): boolean {
  if (patternType !== 'ANY' && patternType !== 'MATCH' && patternType !== acl.patternType) return false
  if (resourceName === null) return true
  if (patternType !== 'MATCH') return resourceName === acl.resourceName
  return coversResource(acl, acl.resourceType, resourceName)
}

/** The key of an ACL in the workspace: its fields, so that the same ACL is stored once. */
export function keyOf(acl: Acl): string {
  const { resourceType, patternType, resourceName, principal, host, operation, permission } = acl
  return JSON.stringify([resourceType, patternType, resourceName, principal, host, operation, permission])
}
