import type { Clock, Millis } from '../base/clock'
import { Emitter, type Listen } from '../base/emitter'
import type { TopicPartitionKey } from '../base/topic-partition'
import type { Codec } from '../records/batch'
import type { Connection } from './serve'

/** Use of one API by one client. */
export interface ApiUse {
  readonly name: string
  version: number
  requests: number
  lastAt: Millis
}

interface Traffic {
  records: number
  bytes: number
  lastAt: Millis
}

/** Bytes and records that a client wrote to or read from one topic. */
export interface TopicUse {
  readonly produced: Traffic
  readonly fetched: Traffic
}

/** How far a client was given a partition: everything before `offset`, and what lies from `from` on at `at`. */
export interface FetchPosition {
  readonly offset: number
  readonly from: number
  readonly at: Millis
  /** `isolation.level` of the request is `read_committed`. */
  readonly committedOnly: boolean
}

interface FetchedLog {
  readonly topic: string
  readonly key: TopicPartitionKey
}

interface FetchedSpan {
  readonly from: number
  readonly next: number
  readonly bytes: number
  readonly committedOnly: boolean
}

/** Groups and producer ids that are remembered of one connection. */
const mostIds = 100

/** The metrics that a client pushed last (KIP-714), as they came. */
export interface ClientTelemetry {
  readonly at: Millis
  readonly codec: Codec
  readonly payload: Buffer
}

/** The newest pause that a quota put on a client, and the sum of all. */
export interface ClientThrottle {
  readonly at: Millis
  readonly pauseMs: Millis
  readonly totalMs: Millis
}

/** The newest error that a client was given. */
export interface ClientError {
  readonly at: Millis
  readonly api: string
  readonly error: string
  readonly text: string
}

/**
 * A connected client as far as it is known. Names come from itself (KIP-511) and are never trusted. Everybody may read it; it changes only
 * through its methods, each of which belongs to one step of serving a request.
 */
export class Client {
  readonly connection: Connection
  readonly apis: ReadonlyMap<string, Readonly<ApiUse>>
  readonly topics: ReadonlyMap<string, TopicUse>
  /** Where it reads, by TopicPartitionKey. */
  readonly positions: ReadonlyMap<string, FetchPosition>
  /** Groups that its requests named: other connections of the same consumer fetch. */
  readonly groupIds: ReadonlySet<string>
  /** Ids with which it produced, the newest last. */
  readonly producerIds: ReadonlySet<bigint>
  /** Called when its connection ends: whoever waits for this client stops. */
  readonly leaving = new Set<() => void>()
  readonly #apis = new Map<string, ApiUse>()
  readonly #topics = new Map<string, TopicUse>()
  readonly #positions = new Map<TopicPartitionKey, FetchPosition>()
  readonly #groupIds = new Set<string>()
  readonly #producerIds = new Set<bigint>()
  #hasEnded = false
  #clientId: string | null = null
  #software = { name: '', version: '' }
  #principal = 'User:ANONYMOUS'
  #isByToken = false
  #bytesIn = 0
  #bytesOut = 0
  #requests = 0
  #lastRequestAt: Millis
  #telemetry: ClientTelemetry | null = null
  #lastError: ClientError | null = null
  #throttle: ClientThrottle | null = null

  constructor(connection: Connection) {
    this.connection = connection
    this.#lastRequestAt = connection.connectedAt
    this.apis = this.#apis
    this.topics = this.#topics
    this.positions = this.#positions
    this.groupIds = this.#groupIds
    this.producerIds = this.#producerIds
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  get clientId(): string | null {
    return this.#clientId
  }

  get softwareName(): string {
    return this.#software.name
  }

  get softwareVersion(): string {
    return this.#software.version
  }

  /** Kafka's principal: `User:ANONYMOUS` until it authenticates. */
  get principal(): string {
    return this.#principal
  }

  /** Authenticated with a delegation token; such a client may not create further tokens. */
  get isByToken(): boolean {
    return this.#isByToken
  }

  get bytesIn(): number {
    return this.#bytesIn
  }

  get bytesOut(): number {
    return this.#bytesOut
  }

  get requests(): number {
    return this.#requests
  }

  get lastRequestAt(): Millis {
    return this.#lastRequestAt
  }

  get telemetry(): ClientTelemetry | null {
    return this.#telemetry
  }

  get throttle(): ClientThrottle | null {
    return this.#throttle
  }

  get lastError(): ClientError | null {
    return this.#lastError
  }

  /** It has logged in, or its certificate names it. */
  authenticated(principal: string, isByToken = false): void {
    this.#principal = principal
    this.#isByToken = isByToken
  }

  /** What it says of its software in ApiVersions 3 and later. */
  identified(name: string, version: string): void {
    this.#software = { name, version }
  }

  requested(api: string, version: number, clientId: string | null, bytes: number, at: Millis): void {
    const use = this.#apis.get(api)
    if (use) {
      use.version = version
      use.requests++
      use.lastAt = at
    } else this.#apis.set(api, { name: api, version, requests: 1, lastAt: at })
    this.#clientId = clientId
    this.#requests++
    this.#bytesIn += bytes
    this.#lastRequestAt = at
  }

  sent(bytes: number): void {
    this.#bytesOut += bytes
  }

  produced(topic: string, records: number, bytes: number, at: Millis): void {
    add(this.#useOf(topic).produced, records, bytes, at)
  }

  /** It read a partition from an offset on, and was given what lies before the next one; `bytes` is 0 when there was nothing yet. */
  fetched({ topic, key }: FetchedLog, given: FetchedSpan, at: Millis): void {
    const { from, next, bytes, committedOnly } = given
    if (bytes > 0 || this.#positions.get(key)?.offset !== from)
      this.#positions.set(key, { offset: next, from, at, committedOnly })
    if (bytes > 0) this.received(topic, bytes, at)
  }

  /** A request of a group. */
  namedGroup(groupId: string): void {
    if (this.#groupIds.size < mostIds) this.#groupIds.add(groupId)
  }

  /** It wrote with a producer id. */
  wroteAs(producerId: bigint): void {
    if (this.#producerIds.delete(producerId) || this.#producerIds.size < mostIds) this.#producerIds.add(producerId)
  }

  /** Records of a topic were sent to it. */
  received(topic: string, bytes: number, at: Millis): void {
    add(this.#useOf(topic).fetched, 0, bytes, at)
  }

  /** Metrics that it pushed (KIP-714). */
  pushed(telemetry: ClientTelemetry): void {
    this.#telemetry = telemetry
  }

  /** A quota let it wait. */
  throttled(pauseMs: Millis, at: Millis): void {
    this.#throttle = { at, pauseMs, totalMs: (this.#throttle?.totalMs ?? 0) + pauseMs }
  }

  failed(error: ClientError): void {
    this.#lastError = error
  }

  /** Its connection ended. */
  ended(): void {
    this.#hasEnded = true
    for (const leave of [...this.leaving]) leave()
    this.leaving.clear()
  }

  #useOf(topic: string): TopicUse {
    let use = this.#topics.get(topic)
    if (!use) this.#topics.set(topic, (use = { produced: { ...noTraffic }, fetched: { ...noTraffic } }))
    return use
  }
}

const noTraffic: Traffic = { records: 0, bytes: 0, lastAt: 0 }

function add(traffic: Traffic, records: number, bytes: number, at: Millis): void {
  traffic.records += records
  traffic.bytes += bytes
  traffic.lastAt = at
}

export type ClientChange = {
  readonly kind: 'connected' | 'disconnected' | 'identified' | 'failed'
  readonly client: Client
}

/** All connected clients. Listeners hear of rare changes; what changes with every request is only counted. */
export class Clients {
  readonly #clock: Clock
  readonly #clients = new Map<number, Client>()
  readonly #changes: Emitter<ClientChange>
  readonly changed: Listen<ClientChange>

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
  }

  connected(connection: Connection): Client {
    const client = new Client(connection)
    this.#clients.set(connection.id, client)
    this.#changes.emit({ kind: 'connected', client })
    return client
  }

  disconnected(connection: Connection): Client | undefined {
    const client = this.#clients.get(connection.id)
    if (!client) return undefined
    this.#clients.delete(connection.id)
    client.ended()
    this.#changes.emit({ kind: 'disconnected', client })
    return client
  }

  find(connectionId: number): Client | undefined {
    return this.#clients.get(connectionId)
  }

  all(): IterableIterator<Client> {
    return this.#clients.values()
  }

  /** What the client says of itself in ApiVersions v3 and later. */
  identify(client: Client, softwareName: string, softwareVersion: string): void {
    client.identified(softwareName, softwareVersion)
    this.#changes.emit({ kind: 'identified', client })
  }

  /** Remembers the newest error that a client was given, for the Clients page. */
  failed(client: Client, api: string, error: string, text: string): void {
    client.failed({ at: this.#clock.now(), api, error, text })
    this.#changes.emit({ kind: 'failed', client })
  }
}
