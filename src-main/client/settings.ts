import type { SecureContextOptions } from 'node:tls'
import type { ApiName } from '../protocol/api-types'
import type { Credentials } from '../security/client-exchange'
import type { Via } from './tunnels/via'

export interface HostPort {
  readonly host: string
  readonly port: number
}

/** A broker to connect to. `nodeId` is null for a bootstrap server, whose id is not known yet. */
export interface DialTarget extends HostPort {
  readonly nodeId: number | null
}

export interface TlsSettings {
  /** Trusted authorities, client certificate and key, as Node's `tls` takes them. Without `ca` the system's own are trusted. */
  readonly material: Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'minVersion'>
  /** Trusted authorities that take time to read: a PKCS12 store, which is encrypted. @throws SettingsError */
  readonly trusted?: () => Promise<readonly string[]>
  /** Replaces the name of the broker in SNI and in the check of its certificate. */
  readonly serverName: string | null
  /** `chain`: the certificate may be for another name; `none`: it is not checked at all. */
  readonly verify: 'full' | 'chain' | 'none'
}

export interface SaslSettings {
  readonly mechanism: Credentials['mechanism']
  /** Asked for every new connection and every re-authentication: a token may have been renewed. */
  readonly credentials: () => Promise<Credentials>
  /** SCRAM: the user is the id of a delegation token (KIP-48). */
  readonly isToken?: boolean
  /** What the user can do when a broker refuses these credentials, as a sentence. */
  readonly advice?: (credentials: Credentials) => string | undefined
}

/**
 * A rule for addresses that a cluster advertises and that cannot be reached from here: behind a port forward, in a container network.
 * TLS still checks the advertised name, for only the address that is dialled changes.
 */
export interface Route {
  /** Null: any. A `*` in it stands for any text. */
  readonly host: string | null
  readonly port: number | null
  readonly nodeId: number | null
  readonly to:
    | 'bootstrap'
    | { readonly host: string; readonly port: number; readonly addsId: boolean }
    /** The address itself, through a tunnel or a proxy. */
    | Via
}

/** A request that changes something. */
export interface Write {
  readonly api: ApiName
  readonly version: number
  /** `kafka-1:9092` */
  readonly broker: string
  /** The whole request with its header. */
  readonly bytes: Buffer
}

/** The connection of a client to one cluster. */
export interface ClientSettings {
  /** Several are tried in random order. */
  readonly bootstrap: readonly HostPort[]
  readonly clientId: string
  /** Told to brokers with ApiVersions (KIP-511). */
  readonly softwareVersion: string
  /** Null: without TLS. */
  readonly tls: TlsSettings | null
  /** Null: without authentication. */
  readonly sasl: SaslSettings | null
  /** Time to connect, with TLS and authentication (socket.connection.setup.timeout.ms). */
  readonly connectTimeoutMs: number
  /** Time for one answer (request.timeout.ms). */
  readonly requestTimeoutMs: number
  /** Time for one call with all its retries (default.api.timeout.ms). */
  readonly callTimeoutMs: number
  /** Largest answer; a longer one closes the connection. */
  readonly maxResponseBytes: number
  /** Rules for advertised addresses that cannot be reached from here. */
  readonly routes: readonly Route[]
  /** Why this API may not be sent, as a sentence; undefined permits it. The one place where a read-only client is read-only. */
  readonly forbids?: (api: ApiName) => string | undefined
  /** Why the cluster with this id may not be used, as a sentence: an address can lead to another cluster one day. */
  readonly refusesCluster?: (clusterId: string | null) => string | undefined
  /** Told of every request that is sent. */
  readonly onRequest?: (api: ApiName) => void
  /** Told of every request that changes something, before it is sent. What it throws keeps the request back. */
  readonly audit?: (write: Write) => void
}

export const defaultSettings: Omit<ClientSettings, 'bootstrap' | 'clientId'> = {
  softwareVersion: '0',
  tls: null,
  sasl: null,
  connectTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  callTimeoutMs: 60_000,
  maxResponseBytes: 128 * 1024 * 1024,
  routes: [],
}

/** `127.0.0.1:9092`, `[::1]:9092` */
export function nameOf({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
