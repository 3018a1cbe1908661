import type { AclOperation, AclPatternType, AclPermission, AclResourceType } from '../../base/acl-names'
import { operationCodes, patternTypeCodes, permissionCodes, resourceTypeCodes } from '../../protocol/acl-codes'
import type { KafkaClient } from '../client'
import { check } from '../failures'

/** An access control entry on one resource, or on all whose names begin like it (org.apache.kafka.common.acl.AclBinding). */
export interface AclBinding {
  readonly resourceType: AclResourceType
  readonly resourceName: string
  readonly patternType: AclPatternType
  readonly principal: string
  readonly host: string
  readonly operation: AclOperation
  readonly permission: AclPermission
}

/** All ACLs. Those with a type or an operation that this client does not know are left out. @throws KafkaError */
export async function describeAcls(client: KafkaClient): Promise<AclBinding[]> {
  return await client.retry(async () => {
    const answer = await client.ask({ to: 'any' }, 'DescribeAcls', (version) => ({
      resourceTypeFilter: resourceTypeCodes.code('ANY'),
      resourceNameFilter: null,
      // Version 0 knows literal names only.
      ...(version === 0 ? {} : { patternTypeFilter: patternTypeCodes.code('ANY') }),
      principalFilter: null,
      hostFilter: null,
      operation: operationCodes.code('ANY'),
      permissionType: permissionCodes.code('ANY'),
    }))
    check(answer.errorCode, 'The ACLs cannot be read', answer.errorMessage)
    return answer.resources.flatMap(({ resourceType, resourceName, patternType, acls }) =>
      acls.flatMap(({ principal, host, operation, permissionType }) => {
        const names = {
          resourceType: resourceTypeCodes.name(resourceType),
          patternType: patternTypeCodes.name(patternType),
          operation: operationCodes.name(operation),
          permission: permissionCodes.name(permissionType),
        }
        return isBinding(names) ? [{ ...names, resourceName, principal, host }] : []
      }),
    )
  })
}

type Names = Pick<AclBinding, 'resourceType' | 'patternType' | 'operation' | 'permission'>

function isBinding(names: { readonly [N in keyof Names]: string }): names is Names {
  return Object.values(names).every((name) => !['ANY', 'MATCH', 'UNKNOWN'].includes(name))
}

/** Adds an ACL; one that is there already is no failure. @throws KafkaError */
export async function createAcl(client: KafkaClient, acl: AclBinding): Promise<void> {
  const { patternType, ...codes } = codesOf(acl)
  await client.retry(async () => {
    const { results } = await client.ask({ to: 'controller' }, 'CreateAcls', {
      creations: [{ ...codes, resourceName: acl.resourceName, resourcePatternType: patternType, ...holder(acl) }],
    })
    for (const { errorCode, errorMessage } of results) check(errorCode, 'The ACL cannot be added', errorMessage)
  })
}

/** Removes exactly this ACL; one that is gone already is no failure. @throws KafkaError */
export async function deleteAcl(client: KafkaClient, acl: AclBinding): Promise<void> {
  const { resourceType, patternType, ...codes } = codesOf(acl)
  await client.retry(async () => {
    const { filterResults } = await client.ask({ to: 'controller' }, 'DeleteAcls', {
      filters: [
        {
          ...codes,
          resourceTypeFilter: resourceType,
          resourceNameFilter: acl.resourceName,
          patternTypeFilter: patternType,
          principalFilter: acl.principal,
          hostFilter: acl.host,
        },
      ],
    })
    for (const { errorCode, errorMessage, matchingAcls } of filterResults) {
      check(errorCode, 'The ACL cannot be removed', errorMessage)
      for (const matching of matchingAcls) check(matching.errorCode, 'The ACL cannot be removed', matching.errorMessage)
    }
  })
}

function codesOf({ resourceType, patternType, operation, permission }: AclBinding) {
  return {
    resourceType: resourceTypeCodes.code(resourceType),
    patternType: patternTypeCodes.code(patternType),
    operation: operationCodes.code(operation),
    permissionType: permissionCodes.code(permission),
  }
}

function holder({ principal, host }: AclBinding) {
  return { principal, host }
}
