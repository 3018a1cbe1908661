import type { Clock, Millis } from '../base/clock'
import type { Disposable } from '../base/disposable'
import { zeroUuid } from '../base/uuid'
import type { ApiName, ResponseOf } from '../protocol/api-types'
import { errorName } from '../protocol/errors'
import type { AskOptions, Body, Connection } from './connection'
import { Connections, type Lane } from './connections'
import { type Coordinator, Coordinators, coordinatorName } from './coordinators'
import { type Dial, dialTcp } from './dial'
import { ClientError, check, KafkaError, type Recovery } from './failures'
import { MetadataCache, type Node, type TopicMetadata } from './metadata'
import { retry } from './retry'
import { routedDial } from './routes'
import type { ClientSettings } from './settings'

/** The broker that a request is for. */
export type Destination =
  | { readonly to: 'any' }
  | { readonly to: 'controller' }
  | { readonly to: 'node'; readonly nodeId: number }
  | ({ readonly to: 'coordinator' } & Coordinator)

export interface CallOptions extends AskOptions {
  readonly lane?: Lane
}

export interface ClientParts {
  readonly clock: Clock
  /** By default TCP. */
  readonly dial?: Dial
  /** From 0 to 1: the order in which bootstrap servers and nodes are tried. */
  readonly random?: () => number
}

/** A Kafka client on one cluster: finds the broker for each request, and asks again where that can help. */
export class KafkaClient implements Disposable {
  readonly clock: Clock
  readonly settings: ClientSettings
  readonly metadata: MetadataCache
  readonly #connections: Connections
  readonly #coordinators = new Coordinators()
  readonly #random: () => number
  #hasAnswered = false
  #isDisposed = false

  constructor(settings: ClientSettings, { clock, dial = dialTcp, random = Math.random }: ClientParts) {
    this.clock = clock
    this.settings = settings
    this.metadata = new MetadataCache(clock)
    this.#random = random
    this.#connections = new Connections({
      settings,
      clock,
      dial: routedDial(dial, settings.routes, settings.bootstrap),
    })
  }

  get isDisposed(): boolean {
    return this.#isDisposed
  }

  /** When a call that begins now has to be over. */
  deadline(): Millis {
    return this.clock.now() + this.settings.callTimeoutMs
  }

  /**
   * Sends a request to the right broker, once.
   *
   * @throws ClientError when there is no answer; errors inside the answer are the caller's to check
   */
  async ask<N extends ApiName>(
    destination: Destination,
    name: N,
    body: Body<N>,
    options: CallOptions = {},
  ): Promise<ResponseOf<N>> {
    const connection = await this.connection(destination, options.lane ?? 'main')
    const answer = await connection.ask(name, body, options)
    this.#hasAnswered = true
    return answer
  }

  /**
   * Runs `attempt` until it succeeds, fails for good, or the time of a call is over. Stale metadata and coordinators are
   * forgotten between attempts.
   */
  retry<T>(attempt: () => Promise<T>, deadline = this.deadline()): Promise<T> {
    return retry(this.clock, deadline, (recovery) => this.#recover(recovery), attempt)
  }

  /** An open connection to a destination, e.g. to look at its versions. */
  async connection(destination: Destination, lane: Lane = 'main'): Promise<Connection> {
    if (destination.to === 'any') return await this.#anyConnection(lane)
    return await this.#connections.to(target(await this.find(destination)), lane)
  }

  /** The broker that a destination means now. @throws KafkaError, ClientError */
  async find(destination: Exclude<Destination, { readonly to: 'any' }>): Promise<Node> {
    switch (destination.to) {
      case 'controller':
        return await this.#controller()
      case 'node':
        return await this.#node(destination.nodeId)
      case 'coordinator':
        return await this.#coordinator(destination)
    }
  }

  /** All brokers of the cluster, asked for again each time. */
  async nodes(): Promise<Node[]> {
    return await this.retry(async () => {
      await this.#askMetadata([])
      return [...this.metadata.nodes.values()].sort((a, b) => a.id - b.id)
    })
  }

  /**
   * The metadata of topics, from the cache where it is recent; null asks for all topics. No topic is created by asking.
   *
   * @param isNew the topics have just been created: a broker that does not know them yet is asked again
   * @throws KafkaError for the first topic that cannot be described
   */
  async topics(names: readonly string[] | null, { isNew = false } = {}): Promise<TopicMetadata[]> {
    const topics = await this.describeTopics(names)
    const failed = topics.find(({ error }) => error !== 'NONE')
    if (failed) {
      const isFinal = failed.error === 'UNKNOWN_TOPIC_OR_PARTITION' && !isNew
      throw new KafkaError(failed.error, `Topic ${failed.name} cannot be described`, { isFinal })
    }
    return topics
  }

  /**
   * As `topics`, with the error of each topic as a value.
   *
   * @param maxAgeMs age up to which the cache is good enough; by default that of metadata.max.age.ms
   */
  async describeTopics(
    names: readonly string[] | null,
    { maxAgeMs, lane }: { readonly maxAgeMs?: number; readonly lane?: Lane } = {},
  ): Promise<TopicMetadata[]> {
    const known = names?.map((name) => this.metadata.topic(name, maxAgeMs))
    if (known?.every((topic) => topic !== undefined)) return known
    return await this.retry(() => this.#askMetadata(names, lane))
  }

  dispose(): void {
    this.#isDisposed = true
    this.#connections.dispose()
  }

  /**
   * A first connection that fails is reported at once: only a broker that was there may come back. One that closes it at the first request
   * does not serve us, for want of a user.
   */
  #recover(recovery: Exclude<Recovery, 'none'>): boolean {
    if (recovery === 'metadata') this.metadata.forgetTopics()
    if (recovery === 'metadata' || recovery === 'coordinator') this.#coordinators.forget()
    return this.#hasAnswered
  }

  async #askMetadata(names: readonly string[] | null, lane: Lane = 'main'): Promise<TopicMetadata[]> {
    const connection = await this.#anyConnection(lane)
    const version = connection.versions.pick('Metadata')
    // Before version 4 asking for a topic by its name creates it; before version 1 an empty list means all.
    const askAll = names === null || (version !== undefined && version < 4)
    const answer = await connection.ask('Metadata', (chosen) => ({
      topics: askAll ? (chosen === 0 ? [] : null) : names.map((name) => ({ name })),
      allowAutoTopicCreation: chosen < 4,
    }))
    this.#hasAnswered = true
    check(answer.errorCode, 'The metadata of the cluster cannot be read')
    const refusal = this.settings.refusesCluster?.(answer.clusterId)
    if (refusal !== undefined) throw new ClientError('notPermitted', refusal)
    const topics = this.metadata.take(answer)
    this.#connections.adopt(this.metadata.nodes.values())
    if (names === null) return topics
    // In the order in which they were asked for, whatever that of the answer is.
    const wanted = new Map(topics.map((topic) => [topic.name, topic]))
    return names.map((name) => wanted.get(name) ?? unknownTopic(name))
  }

  /** Any node that answers; the bootstrap servers while no node is known or none can be reached. */
  async #anyConnection(lane: Lane): Promise<Connection> {
    const known = [...this.metadata.nodes.values()]
    let last: unknown
    for (const node of this.#shuffled(known)) {
      try {
        return await this.#connections.to(target(node), lane)
      } catch (error) {
        if (!isConnectionLoss(error)) throw error
        last = error
      }
    }
    this.metadata.forgetNodes()
    for (const server of this.#shuffled(this.settings.bootstrap)) {
      try {
        return await this.#connections.to({ ...server, nodeId: null }, lane)
      } catch (error) {
        last = error
      }
    }
    throw last
  }

  async #controller(): Promise<Node> {
    if (this.metadata.controllerId < 0) await this.#askMetadata([])
    const node = this.metadata.nodes.get(this.metadata.controllerId)
    if (!node) throw new KafkaError('NOT_CONTROLLER', 'The controller of the cluster cannot be found')
    return node
  }

  async #node(nodeId: number): Promise<Node> {
    if (!this.metadata.nodes.has(nodeId)) await this.#askMetadata([])
    const node = this.metadata.nodes.get(nodeId)
    if (!node) throw new KafkaError('BROKER_NOT_AVAILABLE', `Node ${nodeId} is not in the cluster now`)
    return node
  }

  async #coordinator(of: Coordinator): Promise<Node> {
    const known = this.#coordinators.of(of)
    if (known) return known
    const answer = await (await this.#anyConnection('main')).ask('FindCoordinator', (version) =>
      version >= 4
        ? { keyType: of.keyType === 'group' ? 0 : 1, coordinatorKeys: [of.key] }
        : { key: of.key, keyType: of.keyType === 'group' ? 0 : 1 },
    )
    const found = answer.coordinators.find(({ key }) => key === of.key) ?? answer
    if (found.errorCode !== 0) {
      throw new KafkaError(errorName(found.errorCode), `The coordinator of ${coordinatorName(of)} cannot be found`, {
        detail: found.errorMessage,
      })
    }
    return this.#coordinators.take(of, { id: found.nodeId, host: found.host, port: found.port, rack: null })
  }

  #shuffled<T>(things: readonly T[]): T[] {
    return things
      .map((thing) => ({ thing, order: this.#random() }))
      .sort((a, b) => a.order - b.order)
      .map(({ thing }) => thing)
  }
}

function isConnectionLoss(error: unknown): boolean {
  return error instanceof ClientError && ['unreachable', 'closed', 'timeout'].includes(error.problem)
}

function target({ id, host, port }: Node) {
  return { nodeId: id, host, port }
}

function unknownTopic(name: string): TopicMetadata {
  return { name, id: zeroUuid, isInternal: false, partitions: [], error: 'UNKNOWN_TOPIC_OR_PARTITION' }
}
