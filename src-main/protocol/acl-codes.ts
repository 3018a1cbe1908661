import type { AclOperation, AclPatternType, AclPermission, AclResourceType } from '../base/acl-names'

/** The codes of one enumeration of org.apache.kafka.common: names to codes and back. */
export interface Codes<N extends string> {
  code(name: N): number
  /** `UNKNOWN` for a code that Kafka does not know, as its `fromCode` gives. */
  name(code: number): N | 'UNKNOWN'
}

/** UNKNOWN of every enumeration: it matches nothing, and Kafka refuses to read a filter that spells it out. */
export const unknownCode = 0

function codes<N extends string>(table: Readonly<Record<N, number>>): Codes<N> {
  const names = new Map((Object.keys(table) as N[]).map((name) => [table[name], name]))
  return { code: (name) => table[name], name: (code) => names.get(code) ?? 'UNKNOWN' }
}

/** org.apache.kafka.common.resource.ResourceType. */
export const resourceTypeCodes = codes<AclResourceType | 'ANY'>({
  ANY: 1,
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
})

/** org.apache.kafka.common.resource.PatternType. */
export const patternTypeCodes = codes<AclPatternType | 'ANY' | 'MATCH'>({ ANY: 1, MATCH: 2, LITERAL: 3, PREFIXED: 4 })

/** org.apache.kafka.common.acl.AclOperation. */
export const operationCodes = codes<AclOperation | 'ANY'>({
  ANY: 1,
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
  CREATE_TOKENS: 13,
  DESCRIBE_TOKENS: 14,
  TWO_PHASE_COMMIT: 15,
})

/** org.apache.kafka.common.acl.AclPermissionType. */
export const permissionCodes = codes<AclPermission | 'ANY'>({ ANY: 1, DENY: 2, ALLOW: 3 })
