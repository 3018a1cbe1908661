import {
  type AclOperation,
  type AclResourceType,
  aclOperations,
  aclResourceTypes,
  clusterResourceName,
  operationsOf,
} from '../base/acl-names'
import { type SecurityProtocol, securityProtocols } from '../base/security-protocol'
import { type Check, flag, list, nonEmpty, oneOf, orNull, partial, positive, record, text, whole } from './check'
import type { ListenerLine } from './workspace'

export {
  type AclResourceType,
  aclResourceTypes,
  clusterResourceName,
  operationsOf,
  type SecurityProtocol,
  securityProtocols,
}

export const quotaLimits = [
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
  'connection_creation_rate',
] as const
export type QuotaLimit = (typeof quotaLimits)[number]

/** A listener that the workspace opens on localhost, as one of `ottla.listeners`. */
export const newListener = record({
  name: text(100),
  securityProtocol: oneOf(...securityProtocols),
  port: whole(1, 65_535),
})

export interface AclLine {
  readonly resourceType: AclResourceType
  readonly resourceName: string
  /** For all names that begin like this one. */
  readonly prefixed: boolean
  /** `User:alice` */
  readonly principal: string
  /** An address, or `*`. */
  readonly host: string
  readonly operation: AclOperation
  readonly allow: boolean
}

export const aclLine = record({
  resourceType: oneOf(...aclResourceTypes),
  resourceName: text(500),
  prefixed: flag,
  principal: text(500),
  host: text(100),
  operation: oneOf(...aclOperations),
  allow: flag,
})

/**
 * The entity of a quota, as Kafka's ClientQuotaEntity has it: the parts that it has, each with a name, or with `null` for the default, which
 * applies to all names without a quota of their own. Kafka has no empty names.
 */
export interface QuotaEntity {
  readonly user?: string | null
  readonly clientId?: string | null
  readonly ip?: string | null
}

const quotaEntity: Check<QuotaEntity> = partial({
  user: orNull(nonEmpty(500)),
  clientId: orNull(nonEmpty(500)),
  ip: orNull(nonEmpty(100)),
})
export const quotaChange = record({ entity: quotaEntity, limit: oneOf(...quotaLimits), value: orNull(positive) })
export const quotaRemoval = record({ entity: quotaEntity })

/** Returns true when both have the same parts with the same names. */
export function isSameEntity(one: QuotaEntity, other: QuotaEntity): boolean {
  return one.user === other.user && one.clientId === other.clientId && one.ip === other.ip
}

export const authorizerChange = record({ on: flag, superUsers: list(text(500), 1000), everyoneWithoutRule: flag })

export interface QuotaLine {
  readonly entity: QuotaEntity
  readonly values: Readonly<Record<string, number>>
}

export interface UserLine {
  readonly name: string
  /** Of SCRAM; they can be changed here. */
  readonly mechanisms: readonly string[]
  /** Listeners whose configuration holds a password of PLAIN for this user. */
  readonly plain: readonly string[]
}

export interface TokenLine {
  readonly tokenId: string
  readonly owner: string
  readonly requester: string
  readonly renewers: readonly string[]
  readonly issuedAt: number
  readonly expiresAt: number
  /** It cannot be renewed beyond this. */
  readonly maxAt: number
}

/** Whether rules count. */
export interface AuthorizerView {
  readonly on: boolean
  readonly superUsers: readonly string[]
  /** Where no rule speaks of a resource everybody may use it (`allow.everyone.if.no.acl.found`). */
  readonly everyoneWithoutRule: boolean
  /** Why it cannot be changed here, in a sentence. */
  readonly fixed: string | null
}

/** A place where clients may connect, and what it asks of them. */
export interface SecuredListener extends ListenerLine {
  readonly securityProtocol: SecurityProtocol
  /** Of SASL; none where the listener does not ask who a client is. */
  readonly mechanisms: readonly string[]
  /** Says if clients are asked for a certificate, since it was opened. */
  readonly clientAuth: ClientAuth
  /** It was opened because `ottla.listeners` said so. */
  readonly isStored: boolean
}

interface StoredListener {
  readonly name: string
  readonly securityProtocol: SecurityProtocol
  readonly hosts: readonly string[]
  readonly port: number
}

/** `ssl.client.auth` of Kafka. */
type ClientAuth = 'none' | 'requested' | 'required'

/** A store that a config names. */
export interface NamedStore {
  readonly config: string
  /** Its file; `null`: the value of the config is the store itself. */
  readonly location: string | null
}

/** The certificate that a listener presents to clients. */
export interface ListenerCertificate {
  readonly listener: string
  /** As Kafka names principals (RFC 2253): `CN=orders,O=Shop`. */
  readonly subject: string
  readonly issuer: string
  /** Hosts and addresses that it is valid for. */
  readonly names: readonly string[]
  /** SHA-256, as pairs of hexadecimal digits. */
  readonly fingerprint: string
  readonly startsAt: number
  readonly endsAt: number
  /** Where it comes from; `null`: it is the workspace's own. */
  readonly keystore: NamedStore | null
  /** Says if clients are asked for a certificate: as when the listener was opened. */
  readonly clientAuth: ClientAuth
  /** The authorities of client certificates; `null`: the workspace's own. */
  readonly truststore: NamedStore | null
  /** Reason why the present content of the keystore is not used, in a sentence. */
  readonly problem: string | null
}

/** The parts that a cluster is asked for one by one. */
type SecurityPart = 'users' | 'acls' | 'quotas' | 'tokens'

/** Who may come in, and do what. */
export interface SecurityView {
  /** Why a part cannot be read, in a sentence; `null` when it can. Such a part is empty. */
  readonly problems: Readonly<Record<SecurityPart, string | null>>
  readonly users: readonly UserLine[]
  readonly acls: readonly AclLine[]
  /** `null`: a cluster does not tell. */
  readonly authorizer: AuthorizerView | null
  readonly quotas: readonly QuotaLine[]
  readonly tokens: readonly TokenLine[]
  /** There are tokens only with `delegation.token.secret.key`. */
  readonly tokensEnabled: boolean
  readonly listeners: readonly SecuredListener[]
  /** What the workspace opens the next time. */
  readonly stored: {
    readonly listeners: readonly StoredListener[]
    readonly plaintext: boolean
    /** Why it does not count, in a sentence. */
    readonly fixed: string | null
  }
  /** Certificates of the open listeners with TLS. */
  readonly certificates: readonly ListenerCertificate[]
  readonly refused: readonly RefusedLine[]
}

/** Clients that were refused, and why, the newest ones. A refusal that happens again is the same line. */
export interface RefusedLine {
  readonly firstAt: number
  readonly at: number
  readonly times: number
  readonly clientId: string | null
  /** `null` before anybody said who it is. */
  readonly principal: string | null
  readonly address: string
  readonly listener: string
  /** What the client was told; `null` when its connection was only closed. */
  readonly error: string | null
  /** `READ on TOPIC orders`, `SASL PLAIN`, `TLS handshake` */
  readonly what: string
  readonly why: string
  /** The rule that would let it; `null` when none would. */
  readonly rule: AclLine | null
}

/** A file to save: what clients need to trust the broker, or to show who they are. */
export interface SecurityFile {
  readonly name: string
  readonly base64: string
}
