import type { Listen } from '../../base/emitter'
import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type {
  AclLine,
  AuthorizerView,
  QuotaEntity,
  QuotaLine,
  RefusedLine,
  SecuredListener,
  SecurityFile,
  SecurityView,
  TokenLine,
  UserLine,
} from '../../contract/security'

/** ACLs, users, quotas and tokens: what Kafka's Admin API can change. */
export interface SecuritySource {
  readonly changed: Listen<void>
  acls(): Promise<readonly AclLine[]>
  setAcl(acl: AclLine, remove: boolean): Promise<void>
  users(): Promise<readonly UserLine[]>
  /** Creates a SCRAM user or changes its password; `null` removes it. */
  setUser(change: InputOf<Contract['security.user']>): Promise<void>
  quotas(): Promise<readonly QuotaLine[]>
  /** `null` removes a limit. */
  setQuota(entity: QuotaEntity, limits: ReadonlyMap<string, number | null>): Promise<void>
  tokens(): Promise<{ readonly enabled: boolean; readonly tokens: readonly TokenLine[] }>
  expireToken(tokenId: string): Promise<void>
}

/** The broker's own doors, its authorizer and certificates, and whom it rejected: only for the broker in this process. */
export interface ListenerSource {
  readonly changed: Listen<void>
  authorizer(): Promise<AuthorizerView>
  setAuthorizer(change: InputOf<Contract['security.authorizer']>): Promise<void>
  listeners(): Promise<readonly SecuredListener[]>
  stored(): Promise<SecurityView['stored']>
  /** Replaces what the workspace opens the next time. */
  store(change: { readonly listeners?: readonly string[]; readonly plaintext?: boolean }): Promise<void>
  /** What the workspace opens the next time, as texts of `ottla.listeners`. */
  storedTexts(): Promise<readonly string[]>
  certificates(): Promise<SecurityView['certificates']>
  /** With a name also a certificate for a client. */
  files(client: string | null): Promise<readonly SecurityFile[]>
  denied(): Promise<readonly RefusedLine[]>
}
