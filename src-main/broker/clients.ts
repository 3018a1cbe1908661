import { setMaxListeners } from 'node:events'
import type { Clock, Millis } from '../base/clock'
import { Emitter, type Listen } from '../base/emitter'
import type { Codec } from '../records/batch'
import type { Connection } from './serve'

/** Use of one API by one client. */
export interface ApiUse {
  readonly name: string
  version: number
  requests: number
  lastAt: Millis
}

/** Bytes and records that a client wrote to or read from one topic. */
export interface TopicUse {
  produced: { records: number; bytes: number; lastAt: Millis }
  /** Records of fetched batches, counted by their headers: a batch is never opened to count. */
  fetched: { records: number; bytes: number; lastAt: Millis }
}

/** A connected client as far as it is known. Names come from itself (KIP-511) and are never trusted. */
export interface Client {
  readonly connection: Connection
  /** Aborted when the connection ends: whoever waits for this client stops. */
  readonly closed: AbortSignal
  clientId: string | null
  softwareName: string
  softwareVersion: string
  /** Kafka's principal: `User:ANONYMOUS` until it authenticates. */
  principal: string
  /** It showed a delegation token, which may not beget another. */
  isByToken: boolean
  readonly apis: Map<string, ApiUse>
  readonly topics: Map<string, TopicUse>
  /** Where it fetched last, by `topic:partition`. */
  readonly positions: Map<string, number>
  bytesIn: number
  bytesOut: number
  requests: number
  lastRequestAt: Millis
  /** The metrics that it pushed last (KIP-714). */
  telemetry: { readonly at: Millis; readonly codec: Codec; readonly payload: Buffer } | null
  lastError: { readonly at: Millis; readonly api: string; readonly error: string; readonly text: string } | null
}

export type ClientChange = {
  readonly kind: 'connected' | 'disconnected' | 'identified' | 'failed'
  readonly client: Client
}

/** Everyone who is connected. What changes with every request is only counted; listeners hear of what is rare. */
export class Clients {
  readonly #clock: Clock
  readonly #clients = new Map<number, Client>()
  readonly #ends = new Map<number, AbortController>()
  readonly #changes: Emitter<ClientChange>
  readonly changed: Listen<ClientChange>

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
  }

  connected(connection: Connection): Client {
    const ended = new AbortController()
    // Each waiting fetch listens; a client may have many.
    setMaxListeners(0, ended.signal)
    const client: Client = {
      connection,
      closed: ended.signal,
      clientId: null,
      softwareName: '',
      softwareVersion: '',
      principal: 'User:ANONYMOUS',
      isByToken: false,
      apis: new Map(),
      topics: new Map(),
      positions: new Map(),
      bytesIn: 0,
      bytesOut: 0,
      requests: 0,
      lastRequestAt: connection.connectedAt,
      telemetry: null,
      lastError: null,
    }
    this.#clients.set(connection.id, client)
    this.#ends.set(connection.id, ended)
    this.#changes.emit({ kind: 'connected', client })
    return client
  }

  disconnected(connection: Connection): Client | undefined {
    const client = this.#clients.get(connection.id)
    if (!client) return undefined
    this.#clients.delete(connection.id)
    this.#ends.get(connection.id)?.abort()
    this.#ends.delete(connection.id)
    this.#changes.emit({ kind: 'disconnected', client })
    return client
  }

  find(connectionId: number): Client | undefined {
    return this.#clients.get(connectionId)
  }

  all(): IterableIterator<Client> {
    return this.#clients.values()
  }

  get count(): number {
    return this.#clients.size
  }

  /** What the client says of itself in ApiVersions v3 and later. */
  identify(client: Client, softwareName: string, softwareVersion: string): void {
    client.softwareName = softwareName
    client.softwareVersion = softwareVersion
    this.#changes.emit({ kind: 'identified', client })
  }

  requested(client: Client, api: string, version: number, clientId: string | null, bytes: number): void {
    const at = this.#clock.now()
    let use = client.apis.get(api)
    if (!use) client.apis.set(api, (use = { name: api, version, requests: 0, lastAt: at }))
    use.version = version
    use.requests++
    use.lastAt = at
    client.clientId = clientId
    client.requests++
    client.bytesIn += bytes
    client.lastRequestAt = at
  }

  /** Remembers the newest error that a client was given, for the person who wonders why it does not work. */
  failed(client: Client, api: string, error: string, text: string): void {
    client.lastError = { at: this.#clock.now(), api, error, text }
    this.#changes.emit({ kind: 'failed', client })
  }

  topic(client: Client, topic: string): TopicUse {
    let use = client.topics.get(topic)
    if (!use) {
      const none = { records: 0, bytes: 0, lastAt: 0 }
      client.topics.set(topic, (use = { produced: { ...none }, fetched: { ...none } }))
    }
    return use
  }
}
