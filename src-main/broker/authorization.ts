import { type AclOperation, type AclResourceType, clusterResourceName, operationsOf } from '../base/acl-names'
import { operationCodes } from '../protocol/acl-codes'
import type { Client } from './clients'

/** An operation that a request can need; ALL is only written in ACLs. */
export type Operation = Exclude<AclOperation, 'ALL'>

/** Answers whether a client may do something. */
export interface Authorizer {
  /** Notes a denial for the Security page: ask it where the client is told of the denial. */
  allows(client: Client, operation: Operation, resourceType: AclResourceType, name: string): boolean
  /** The same without a note: to leave out what a client does not see, or where another permission would do. */
  wouldAllow(client: Client, operation: Operation, resourceType: AclResourceType, name: string): boolean
  /** Whether the client may do this to any resource of the type (KIP-679). */
  allowsAny(client: Client, operation: Operation, resourceType: AclResourceType): boolean
}

/** An authorizer and the client that asks: what `Call` has of it. */
interface Asking {
  readonly core: { readonly authorizer: Authorizer }
  readonly client: Client
}

/** Whether the client may do this to the cluster; a denial is noted. */
export function allowsOnCluster({ core, client }: Asking, operation: Operation): boolean {
  return core.authorizer.allows(client, operation, 'CLUSTER', clusterResourceName)
}

/** The same without a note. */
export function wouldAllowOnCluster({ core, client }: Asking, operation: Operation): boolean {
  return core.authorizer.wouldAllow(client, operation, 'CLUSTER', clusterResourceName)
}

/** The bit field of KIP-430: the operations that the client may do with a resource, one bit per code. */
export function authorizedOperations({ core, client }: Asking, resourceType: AclResourceType, name: string): number {
  let bits = 0
  for (const operation of operationsOf[resourceType]) {
    if (operation !== 'ALL' && core.authorizer.wouldAllow(client, operation, resourceType, name)) {
      bits |= 1 << operationCodes.code(operation)
    }
  }
  return bits
}
