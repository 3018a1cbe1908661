/** Names of org.apache.kafka.common.resource.ResourceType and .acl.AclOperation, in the order of their codes. */
export const aclResources = ['TOPIC', 'GROUP', 'CLUSTER', 'TRANSACTIONAL_ID', 'DELEGATION_TOKEN', 'USER'] as const
export const aclOperations = [
  'ALL',
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
  'CREATE_TOKENS',
  'DESCRIBE_TOKENS',
] as const
export const quotaLimits = ['producer_byte_rate', 'consumer_byte_rate', 'request_percentage'] as const

export interface AclLine {
  readonly resourceType: (typeof aclResources)[number]
  readonly resourceName: string
  /** For all names that begin like this one. */
  readonly prefixed: boolean
  /** `User:alice` */
  readonly principal: string
  /** An address, or `*`. */
  readonly host: string
  readonly operation: (typeof aclOperations)[number]
  readonly allow: boolean
}

export interface QuotaLine {
  /** `null`: for all users, or clients, that have none of their own; `undefined`: it does not count. */
  readonly user?: string | null
  readonly clientId?: string | null
  readonly ip?: string | null
  readonly values: Readonly<Record<string, number>>
}

/** Who may come in, and do what. */
export interface SecurityView {
  readonly users: readonly { readonly name: string; readonly mechanisms: readonly string[] }[]
  readonly acls: readonly AclLine[]
  /** Rules are held against requests; without an authorizer everybody may do everything. */
  readonly authorizes: boolean
  readonly superUsers: readonly string[]
  readonly mechanisms: readonly string[]
  readonly quotas: readonly QuotaLine[]
  readonly tokens: readonly { readonly tokenId: string; readonly owner: string; readonly expiresAt: number }[]
  /** Connections that were refused lately: who, and why. */
  readonly refused: readonly {
    readonly at: number
    readonly client: string
    readonly error: string
    readonly why: string
  }[]
}

/** A file to save: what clients need to trust the broker, or to show who they are. */
export interface SecurityFile {
  readonly name: string
  readonly base64: string
}
