/** The numbers of org.apache.kafka.common.acl and .resource, as on the wire. */
export const anyCode = 1
const allOperations = 2
export const patternMatch = 2
export const patternLiteral = 3
export const patternPrefixed = 4
const deny = 2
export const allow = 3
const read = 3
const write = 4
const deletes = 6
const alter = 7
const describe = 8
const describeConfigs = 10
const alterConfigs = 11

/** One rule: who may, or may not, do what, from where, to which resources. */
export interface Acl {
  readonly resourceType: number
  readonly resourceName: string
  readonly patternType: number
  /** `User:alice`; `User:*` is everybody. */
  readonly principal: string
  /** An address, or `*`. */
  readonly host: string
  readonly operation: number
  readonly permission: number
}

/** What rules are looked for; `null` and ANY match all of them. */
export interface AclFilter {
  readonly resourceType: number
  readonly resourceName: string | null
  readonly patternType: number
  readonly principal: string | null
  readonly host: string | null
  readonly operation: number
  readonly permission: number
}

export interface Access {
  readonly principal: string
  readonly host: string
  readonly operation: number
  readonly resourceType: number
  readonly resourceName: string
}

/** What a permission implies (AclEntry): who may read may describe. Only what is allowed implies, not what is denied. */
const implying: Readonly<Record<number, readonly number[]>> = {
  [describe]: [read, write, deletes, alter],
  [describeConfigs]: [alterConfigs],
}

/** Whether the rules let somebody in (StandardAuthorizerData): a denial wins; `undefined` when there is no rule for the resource. */
export function decide(acls: Iterable<Acl>, access: Access): boolean | undefined {
  let isRuled = false
  let isAllowed = false
  for (const acl of acls) {
    if (!coversResource(acl, access.resourceType, access.resourceName)) continue
    isRuled = true
    if (!coversWho(acl, access)) continue
    const isSame = acl.operation === access.operation || acl.operation === allOperations
    if (acl.permission === deny) {
      if (isSame) return false
    } else if (isSame || implying[access.operation]?.includes(acl.operation)) isAllowed = true
  }
  return isRuled ? isAllowed : undefined
}

/** The rule that forbids this, when it is not only that none allows it. */
export function denying(acls: Iterable<Acl>, access: Access): Acl | undefined {
  for (const acl of acls) {
    const isSame = acl.operation === access.operation || acl.operation === allOperations
    if (acl.permission !== deny || !isSame || !coversWho(acl, access)) continue
    if (coversResource(acl, access.resourceType, access.resourceName)) return acl
  }
  return undefined
}

/** Whether somebody may do this to any resource of a type (KIP-679): some permission that no denial takes back. */
export function decideAny(acls: readonly Acl[], access: Omit<Access, 'resourceName'>): boolean {
  return acls.some((acl) => {
    if (acl.permission !== allow || acl.resourceType !== access.resourceType) return false
    return decide(acls, { ...access, resourceName: acl.resourceName }) === true
  })
}

function coversResource(acl: Acl, type: number, name: string): boolean {
  if (acl.resourceType !== type) return false
  if (acl.patternType === patternPrefixed) return name.startsWith(acl.resourceName)
  return acl.resourceName === name || acl.resourceName === '*'
}

function coversWho(acl: Acl, { principal, host }: Access): boolean {
  return (acl.principal === principal || acl.principal === 'User:*') && (acl.host === host || acl.host === '*')
}

/** Whether a rule is one of those that are looked for (AclBindingFilter.matches). */
export function matches(filter: AclFilter, acl: Acl): boolean {
  const same = (wanted: number, given: number) => wanted === anyCode || wanted === given
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

/** MATCH finds every rule that would hold for a resource of this name (ResourcePatternFilter). */
function matchesPattern({ resourceName, patternType }: AclFilter, acl: Acl): boolean {
  if (patternType !== anyCode && patternType !== patternMatch && patternType !== acl.patternType) return false
  if (resourceName === null) return true
  if (patternType !== patternMatch) return resourceName === acl.resourceName
  return coversResource(acl, acl.resourceType, resourceName)
}

export function keyOf(acl: Acl): string {
  const { resourceType, patternType, resourceName, principal, host, operation, permission } = acl
  return JSON.stringify([resourceType, patternType, resourceName, principal, host, operation, permission])
}
