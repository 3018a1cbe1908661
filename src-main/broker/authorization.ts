import type { Client } from './clients'
import type { Call } from './handler'

/** org.apache.kafka.common.acl.AclOperation, those that a request can need, with their codes. */
export const operationCodes = {
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
} as const
export type Operation = keyof typeof operationCodes

export type ResourceType = 'TOPIC' | 'GROUP' | 'CLUSTER' | 'TRANSACTIONAL_ID' | 'DELEGATION_TOKEN' | 'USER'

/** Who may do what. */
export interface Authorizer {
  /** Who is refused is noted, with what it wanted: asked where a refusal is what the client is told. */
  allows(client: Client, operation: Operation, resourceType: ResourceType, name: string): boolean
  /** The same, and nobody hears of it: to leave out what a client does not see, or where another permission would do. */
  wouldAllow(client: Client, operation: Operation, resourceType: ResourceType, name: string): boolean
  /** Whether the client may do this to any resource of the type (KIP-679). */
  allowsAny(client: Client, operation: Operation, resourceType: ResourceType): boolean
}

/** Kafka's operations of each resource type (AclEntry.supportedOperations). */
const operationsOf: Record<ResourceType, readonly Operation[]> = {
  TOPIC: ['READ', 'WRITE', 'CREATE', 'DESCRIBE', 'DELETE', 'ALTER', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  GROUP: ['READ', 'DESCRIBE', 'DELETE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  CLUSTER: ['CREATE', 'CLUSTER_ACTION', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS', 'IDEMPOTENT_WRITE', 'ALTER', 'DESCRIBE'],
  TRANSACTIONAL_ID: ['DESCRIBE', 'WRITE', 'TWO_PHASE_COMMIT'],
  DELEGATION_TOKEN: ['DESCRIBE'],
  USER: ['CREATE_TOKENS', 'DESCRIBE_TOKENS'],
}

/** The bit field of KIP-430: what the client may do with a resource, one bit per operation code. */
export function authorizedOperations({ core, client }: Call, resourceType: ResourceType, name: string): number {
  let bits = 0
  for (const operation of operationsOf[resourceType]) {
    if (core.authorizer.wouldAllow(client, operation, resourceType, name)) bits |= 1 << operationCodes[operation]
  }
  return bits
}
