import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Acl, type AclFilter, anyCode, patternLiteral, patternPrefixed } from '../../security/acl'
import { type Answer, type Call, handler } from '../handler'
import { unauthorized } from '../refusal'

const highestResourceType = 7
/** ResourceType.CLUSTER. */
const clusterCode = 4
const highestOperation = 15
const permissions = [2, 3]

/** Why nothing about rules is answered at all. */
function refused(
  { core, client }: Call,
  operation: 'DESCRIBE' | 'ALTER',
): readonly [ErrorName, string | null] | undefined {
  if (!core.authorizer.isActive)
    return ['SECURITY_DISABLED', `No Authorizer is configured${operation === 'DESCRIBE' ? ' on the broker' : '.'}`]
  return core.authorizer.allows(client, operation, 'CLUSTER', 'kafka-cluster')
    ? undefined
    : ['CLUSTER_AUTHORIZATION_FAILED', unauthorized('CLUSTER_AUTHORIZATION_FAILED').message]
}

/** DescribeAcls 1-3 (AclApis.handleDescribeAcls). */
export const describeAcls = handler({
  api: 'DescribeAcls',
  versions: [1, 3],
  handle(request, call): Answer<'DescribeAcls'> {
    const problem = refused(call, 'DESCRIBE')
    if (problem) return { errorCode: errorCode(problem[0]), errorMessage: problem[1], resources: [] }
    const filter: AclFilter = {
      resourceType: request.resourceTypeFilter,
      resourceName: request.resourceNameFilter,
      patternType: request.patternTypeFilter,
      principal: request.principalFilter,
      host: request.hostFilter,
      operation: request.operation,
      permission: request.permissionType,
    }
    const resources = new Map<string, Acl[]>()
    for (const acl of call.core.authorizer.find(filter)) {
      const key = `${acl.resourceType} ${acl.patternType} ${acl.resourceName}`
      resources.set(key, [...(resources.get(key) ?? []), acl])
    }
    return {
      errorCode: 0,
      errorMessage: null,
      resources: [...resources.values()].flatMap((acls) => {
        const first = acls[0]
        if (!first) return []
        const { resourceType, resourceName, patternType } = first
        return [
          {
            resourceType,
            resourceName,
            patternType,
            acls: acls.map(({ principal, host, operation, permission }) => ({
              principal,
              host,
              operation,
              permissionType: permission,
            })),
          },
        ]
      }),
    }
  },
})

/** CreateAcls 1-3 (AclControlManager.validateNewAcl). */
export const createAcls = handler({
  api: 'CreateAcls',
  versions: [1, 3],
  handle(request, call): Answer<'CreateAcls'> {
    const problem = refused(call, 'ALTER')
    return {
      results: request.creations.map((creation) => {
        const acl: Acl = {
          resourceType: creation.resourceType,
          resourceName: creation.resourceName,
          patternType: creation.resourcePatternType,
          principal: creation.principal,
          host: creation.host,
          operation: creation.operation,
          permission: creation.permissionType,
        }
        const [error, text] = problem ?? invalid(acl) ?? (['NONE', null] as const)
        if (error === 'NONE') call.core.authorizer.add(acl)
        return { errorCode: errorCode(error), errorMessage: text }
      }),
    }
  },
})

function invalid(acl: Acl): readonly [ErrorName, string] | undefined {
  if (acl.resourceType === clusterCode && acl.resourceName !== 'kafka-cluster')
    return ['INVALID_REQUEST', 'The only valid name for the CLUSTER resource is kafka-cluster']
  if (acl.resourceName === '') return ['INVALID_REQUEST', 'Invalid empty resource name']
  if (acl.resourceType <= anyCode || acl.resourceType > highestResourceType)
    return ['INVALID_REQUEST', 'Invalid resourceType']
  if (acl.patternType !== patternLiteral && acl.patternType !== patternPrefixed)
    return ['INVALID_REQUEST', 'Invalid patternType']
  if (acl.operation <= anyCode || acl.operation > highestOperation) return ['INVALID_REQUEST', 'Invalid operation']
  if (!permissions.includes(acl.permission)) return ['INVALID_REQUEST', 'Invalid permissionType']
  if (acl.host === '') return ['INVALID_REQUEST', 'Host pattern cannot be null or empty']
  return acl.principal.includes(':')
    ? undefined
    : [
        'INVALID_REQUEST',
        `Could not parse principal from \`${acl.principal}\` (no colon is present separating the principal type from the principal name)`,
      ]
}

/** DeleteAcls 1-3: the rules that were found, and are gone. */
export const deleteAcls = handler({
  api: 'DeleteAcls',
  versions: [1, 3],
  handle(request, call): Answer<'DeleteAcls'> {
    const problem = refused(call, 'ALTER')
    return {
      filterResults: request.filters.map((filter) => {
        if (problem) return { errorCode: errorCode(problem[0]), errorMessage: problem[1], matchingAcls: [] }
        const found = call.core.authorizer.find({
          resourceType: filter.resourceTypeFilter,
          resourceName: filter.resourceNameFilter,
          patternType: filter.patternTypeFilter,
          principal: filter.principalFilter,
          host: filter.hostFilter,
          operation: filter.operation,
          permission: filter.permissionType,
        })
        for (const acl of found) call.core.authorizer.remove(acl)
        return {
          errorCode: 0,
          errorMessage: null,
          matchingAcls: found.map(({ permission, ...acl }) => ({
            errorCode: 0,
            errorMessage: null,
            ...acl,
            permissionType: permission,
          })),
        }
      }),
    }
  },
})
