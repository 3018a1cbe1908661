import { clusterResourceName } from '../../base/acl-names'
import {
  operationCodes,
  patternTypeCodes,
  permissionCodes,
  resourceTypeCodes,
  unknownCode,
} from '../../protocol/acl-codes'
import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import type { Acl, AclFilter } from '../../security/acl'
import { cidrProblem } from '../../security/cidr'
import { allowsOnCluster } from '../authorization'
import { type Answer, type Call, handler } from '../handler'
import { storageFailure, unauthorized } from '../kafka-failure'

/** Why nothing about ACLs is answered at all. */
function problemOf(call: Call, operation: 'DESCRIBE' | 'ALTER'): readonly [ErrorName, string | null] | undefined {
  if (!call.core.authorizer.isActive)
    return ['SECURITY_DISABLED', `No Authorizer is configured${operation === 'DESCRIBE' ? ' on the broker' : '.'}`]
  return allowsOnCluster(call, operation)
    ? undefined
    : ['CLUSTER_AUTHORIZATION_FAILED', unauthorized('CLUSTER_AUTHORIZATION_FAILED').message]
}

type WireFilter = RequestOf<'DeleteAcls'>['filters'][number]

function filterOf(filter: WireFilter): AclFilter {
  return {
    resourceType: resourceTypeCodes.name(filter.resourceTypeFilter),
    resourceName: filter.resourceNameFilter,
    patternType: patternTypeCodes.name(filter.patternTypeFilter),
    principal: filter.principalFilter,
    host: filter.hostFilter,
    operation: operationCodes.name(filter.operation),
    permission: permissionCodes.name(filter.permissionType),
  }
}

/** Kafka cannot parse a request that spells out UNKNOWN, and closes the connection (DescribeAclsRequest, DeleteAclsRequest). */
function spellsUnknown(...codes: readonly number[]): boolean {
  return codes.includes(unknownCode)
}

function filterSpellsUnknown(filter: WireFilter): boolean {
  const { resourceTypeFilter, patternTypeFilter, operation, permissionType } = filter
  return spellsUnknown(resourceTypeFilter, patternTypeFilter, operation, permissionType)
}

function onWire({ principal, host, operation, permission }: Acl) {
  return {
    principal,
    host,
    operation: operationCodes.code(operation),
    permissionType: permissionCodes.code(permission),
  }
}

function patternOnWire({ resourceType, resourceName, patternType }: Acl) {
  return {
    resourceType: resourceTypeCodes.code(resourceType),
    resourceName,
    patternType: patternTypeCodes.code(patternType),
  }
}

/** DescribeAcls 1-3 (AclApis.handleDescribeAcls). */
export const describeAcls = handler({
  api: 'DescribeAcls',
  versions: [1, 3],
  handle(request, call): Answer<'DescribeAcls'> {
    if (filterSpellsUnknown(request)) call.closeConnection('the filter contains UNKNOWN elements')
    const problem = problemOf(call, 'DESCRIBE')
    if (problem) return { errorCode: errorCode(problem[0]), errorMessage: problem[1], resources: [] }
    const resources = new Map<string, Acl[]>()
    for (const acl of call.core.authorizer.find(filterOf(request))) {
      const key = `${acl.resourceType} ${acl.patternType} ${acl.resourceName}`
      resources.set(key, [...(resources.get(key) ?? []), acl])
    }
    return {
      errorCode: 0,
      errorMessage: null,
      resources: [...resources.values()].flatMap((acls) =>
        acls[0] ? [{ ...patternOnWire(acls[0]), acls: acls.map(onWire) }] : [],
      ),
    }
  },
})

type Creation = RequestOf<'CreateAcls'>['creations'][number]

/** CreateAcls 1-3 (AclControlManager.validateNewAcl). */
export const createAcls = handler({
  api: 'CreateAcls',
  versions: [1, 3],
  handle({ creations }, call): Answer<'CreateAcls'> {
    const isUnreadable = creations.some(({ resourceType, resourcePatternType, operation, permissionType }) =>
      spellsUnknown(resourceType, resourcePatternType, operation, permissionType),
    )
    if (isUnreadable) call.closeConnection('an ACL contains UNKNOWN elements')
    // Kafka cannot make an ACL of what only a filter may say (AclBinding): that fails the request as a whole.
    const isFilter = creations.some((creation) => namesOf(creation).some((name) => name === 'ANY' || name === 'MATCH'))
    const problem = problemOf(call, 'ALTER') ?? (isFilter ? (['UNKNOWN_SERVER_ERROR', null] as const) : undefined)
    return {
      results: creations.map((creation) => {
        const acl = aclOf(creation)
        const [error, text] = problem ?? (Array.isArray(acl) ? acl : (['NONE', ''] as const))
        if (error === 'NONE' && !Array.isArray(acl)) call.core.authorizer.add(acl)
        return { errorCode: errorCode(error), errorMessage: text }
      }),
    }
  },
  storageFailed: ({ creations }) => ({
    results: creations.map(() => ({
      errorCode: errorCode(storageFailure.error),
      errorMessage: storageFailure.message,
    })),
  }),
})

function namesOf({ resourceType, resourcePatternType, operation, permissionType }: Creation) {
  return [
    resourceTypeCodes.name(resourceType),
    patternTypeCodes.name(resourcePatternType),
    operationCodes.name(operation),
    permissionCodes.name(permissionType),
  ] as const
}

/** The ACL that a client wants, or why it cannot be. */
function aclOf(creation: Creation): Acl | [ErrorName, string] {
  const { resourceName, principal, host } = creation
  const [resourceType, patternType, operation, permission] = namesOf(creation)
  const invalid = (text: string): [ErrorName, string] => ['INVALID_REQUEST', text]
  if (resourceType === 'CLUSTER' && resourceName !== clusterResourceName)
    return invalid(`The only valid name for the CLUSTER resource is ${clusterResourceName}`)
  if (resourceName === '') return invalid('Invalid empty resource name')
  if (resourceType === 'ANY' || resourceType === 'UNKNOWN') return invalid(`Invalid resourceType ${resourceType}`)
  if (patternType !== 'LITERAL' && patternType !== 'PREFIXED') return invalid(`Invalid patternType ${patternType}`)
  if (operation === 'ANY' || operation === 'UNKNOWN') return invalid(`Invalid operation ${operation}`)
  if (permission !== 'DENY' && permission !== 'ALLOW') return invalid(`Invalid permissionType ${permission}`)
  if (host === '') return invalid('Host pattern cannot be null or empty')
  const range = cidrProblem(host)
  if (range !== undefined) return invalid(range)
  return principal.includes(':')
    ? { resourceType, resourceName, patternType, principal, host, operation, permission }
    : invalid(
        `Could not parse principal from \`${principal}\` (no colon is present separating the principal type from the principal name)`,
      )
}

/** Codes that Kafka does not know (AclControlManager.validateFilter). */
function unknownIn({ resourceType, patternType, operation, permission }: AclFilter): [ErrorName, string] | undefined {
  if (resourceType === 'UNKNOWN' || patternType === 'UNKNOWN') return ['INVALID_REQUEST', 'Unknown patternFilter.']
  return operation === 'UNKNOWN' || permission === 'UNKNOWN' ? ['INVALID_REQUEST', 'Unknown entryFilter.'] : undefined
}

/** DeleteAcls 1-3: answers with the ACLs that were found and deleted. */
export const deleteAcls = handler({
  api: 'DeleteAcls',
  versions: [1, 3],
  handle({ filters }, call): Answer<'DeleteAcls'> {
    if (filters.some(filterSpellsUnknown)) call.closeConnection('a filter contains UNKNOWN elements')
    const problem = problemOf(call, 'ALTER')
    return {
      filterResults: filters.map((filter) => {
        const wanted = filterOf(filter)
        const [error, text] = problem ?? unknownIn(wanted) ?? []
        if (error) return { errorCode: errorCode(error), errorMessage: text ?? null, matchingAcls: [] }
        const found = call.core.authorizer.find(wanted)
        for (const acl of found) call.core.authorizer.remove(acl)
        return {
          errorCode: 0,
          errorMessage: null,
          matchingAcls: found.map((acl) => ({
            errorCode: 0,
            errorMessage: null,
            ...patternOnWire(acl),
            ...onWire(acl),
          })),
        }
      }),
    }
  },
  storageFailed: ({ filters }) => ({
    filterResults: filters.map(() => ({
      errorCode: errorCode(storageFailure.error),
      errorMessage: storageFailure.message,
      matchingAcls: [],
    })),
  }),
})
