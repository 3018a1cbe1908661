import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../base/clock'
import { ipv4OfMapped } from '../base/java-address'
import type { Log } from '../base/log'
import type { Broker, Connection } from '../broker/serve'
import { ClientConnection, type Shared } from './connection'
import { InProcessConnection } from './in-process'
import type { ServerLimits } from './limits'
import { type BoundListener, bindListener, type ListenOptions } from './listener'
import { ReplyBudget } from './reply-budget'
import { RequestBudget } from './request-budget'

export interface ServerOptions {
  readonly broker: Broker
  readonly limits: ServerLimits
  readonly clock: Clock
  readonly log: Log
}

/** Reply bytes that may wait, over all connections, before further fetches wait. */
const unsentLimitBytes = 48 * 1024 * 1024

/** How long a clean stop waits for clients to take their last responses. */
const stopGraceMs = 500

/** The TCP side of the broker: listeners, connections and their limits. */
export class Server {
  readonly #limits: ServerLimits
  readonly #clock: Clock
  readonly #log: Log
  readonly #shared: Shared
  readonly #listeners = new Set<BoundListener>()
  readonly #connections = new Map<number, ClientConnection>()
  readonly #inProcess = new Map<number, InProcessConnection>()
  readonly #perAddress = new Map<string, number>()
  /** Connections that are not let in, and closed in a moment. */
  readonly #delayed = new Set<Socket>()
  #nextId = 1
  #cancelSweep: () => void = () => {}
  #emptied: (() => void) | null = null

  constructor(options: ServerOptions) {
    this.#limits = options.limits
    this.#clock = options.clock
    this.#log = options.log
    this.#shared = {
      broker: options.broker,
      requestMaxBytes: options.limits.requestMaxBytes,
      requests: new RequestBudget(options.limits.queuedRequestBytes, options.clock),
      replies: new ReplyBudget(unsentLimitBytes, options.clock),
      clock: options.clock,
      log: options.log,
    }
    if (options.limits.maxIdleMs >= 0) this.#sweepLater()
  }

  get listeners(): readonly BoundListener[] {
    return [...this.#listeners]
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  /** Begins to take connections; may be called for several listeners, at any time. @throws ListenError */
  async listen(options: ListenOptions): Promise<BoundListener> {
    const bound = await bindListener(
      options,
      (socket, tlsPeer) => this.#accept(socket, tlsPeer, options),
      (text) => this.#log.warn(text),
      (address, why) => {
        const remoteAddress = ipv4OfMapped(address)
        this.#log.warn(`closed ${remoteAddress || 'a client'} before it was known: TLS handshake failed: ${why}`)
        this.#shared.broker.refused({ listener: options.name, remoteAddress }, 'TLS handshake', why)
      },
    )
    const listener: BoundListener = {
      ...bound,
      dispose: () => {
        this.#listeners.delete(listener)
        bound.dispose()
      },
    }
    this.#listeners.add(listener)
    return listener
  }

  /** Connects a client of this process, without a listener and without a socket. */
  openInProcess(): { readonly id: number; readonly stream: Duplex } {
    const id = this.#nextId++
    const facts: Connection = {
      id,
      listener: 'IN_PROCESS',
      securityProtocol: 'PLAINTEXT',
      remoteAddress: '127.0.0.1',
      remotePort: 0,
      localAddress: '127.0.0.1',
      localPort: 0,
      connectedAt: this.#clock.now(),
    }
    const { broker, requestMaxBytes, clock, log } = this.#shared
    const stream = new InProcessConnection(facts, { broker, requestMaxBytes, clock, log })
    this.#inProcess.set(id, stream)
    stream.once('close', () => this.#inProcess.delete(id))
    return { id, stream }
  }

  /** Closes one connection at the user's wish; false when there is none of that id. */
  disconnect(id: number, reason: string): boolean {
    const connection = this.#connections.get(id)
    connection?.end(reason)
    return connection !== undefined
  }

  /** Takes nothing new, sends what was answered, closes every connection. Resolves when all are closed. */
  async stop(): Promise<void> {
    this.#cancelSweep()
    for (const listener of [...this.#listeners]) listener.dispose()
    for (const socket of this.#delayed) socket.destroy()
    for (const stream of this.#inProcess.values()) stream.destroy()
    if (this.#connections.size === 0) return
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve
    })
    for (const connection of this.#connections.values()) connection.finish()
    const timer = setTimeout(() => {
      for (const connection of this.#connections.values()) connection.destroy()
    }, stopGraceMs)
    await emptied
    clearTimeout(timer)
  }

  #accept(socket: Socket, tlsPeer: string | undefined, options: ListenOptions): void {
    const facts = this.#facts(socket, tlsPeer, options)
    const refusal = facts ? this.#refusal(facts.remoteAddress) : 'it was gone before it was served'
    if (!facts || refusal) {
      if (facts && refusal) {
        this.#log.warn(`refused ${facts.remoteAddress}: ${refusal}`)
        this.#shared.broker.refused(facts, 'connection', refusal)
      }
      socket.destroy()
      return
    }
    const waitMs = this.#shared.broker.admits(facts)
    if (waitMs > 0) {
      const why = `connection_creation_rate: too many connections from ${facts.remoteAddress}`
      this.#log.warn(`refused ${facts.remoteAddress}: ${why}`)
      this.#shared.broker.refused(facts, 'connection', why)
      socket.on('error', () => {})
      socket.pause()
      // A client that is hung up on at once comes back at once. A flood of them is not held.
      if (this.#delayed.size >= this.#limits.maxDelayed) return void socket.destroy()
      this.#delayed.add(socket)
      const cancel = this.#clock.at(this.#clock.now() + waitMs, () => socket.destroy())
      socket.on('close', () => {
        cancel()
        this.#delayed.delete(socket)
      })
      return
    }
    const { id, remoteAddress } = facts
    this.#perAddress.set(remoteAddress, (this.#perAddress.get(remoteAddress) ?? 0) + 1)
    const connection = new ClientConnection(socket, facts, this.#shared, () => this.#ended(id, remoteAddress))
    this.#connections.set(id, connection)
  }

  #refusal(remoteAddress: string): string | undefined {
    const { maxConnections, maxConnectionsPerIp } = this.#limits
    if (this.#connections.size >= maxConnections) return `max.connections is ${maxConnections}`
    const ofAddress = this.#perAddress.get(remoteAddress) ?? 0
    return ofAddress >= maxConnectionsPerIp ? `max.connections.per.ip is ${maxConnectionsPerIp}` : undefined
  }

  #ended(id: number, remoteAddress: string): void {
    this.#connections.delete(id)
    const left = this.#perAddress.get(remoteAddress)! - 1
    if (left > 0) this.#perAddress.set(remoteAddress, left)
    else this.#perAddress.delete(remoteAddress)
    if (this.#connections.size === 0) this.#emptied?.()
  }

  /** Undefined when the client hung up in the meantime: the system no longer knows its address. */
  #facts(
    socket: Socket,
    tlsPeer: string | undefined,
    { name, securityProtocol }: ListenOptions,
  ): Connection | undefined {
    const { remoteAddress, remotePort, localAddress, localPort } = socket
    if (!remoteAddress || remotePort === undefined || !localAddress || localPort === undefined) return undefined
    return {
      id: this.#nextId++,
      listener: name,
      securityProtocol,
      remoteAddress: ipv4OfMapped(remoteAddress),
      remotePort,
      localAddress: ipv4OfMapped(localAddress),
      localPort,
      connectedAt: this.#clock.now(),
      ...(tlsPeer === undefined ? {} : { tlsPeer }),
    }
  }

  /** Closes what was idle for longer than `connections.max.idle.ms` (Kafka's Selector does so one at a time). */
  #sweepLater(): void {
    const everyMs = Math.max(1000, Math.floor(this.#limits.maxIdleMs / 10))
    this.#cancelSweep = this.#clock.at(this.#clock.now() + everyMs, () => {
      const deadline = this.#clock.now() - this.#limits.maxIdleMs
      for (const connection of this.#connections.values()) {
        const since = connection.idleSince
        if (since === undefined || since > deadline) continue
        this.#log.debug(`closed ${connection.peer}: idle since ${new Date(since).toISOString()}`)
        connection.destroy()
      }
      this.#sweepLater()
    })
  }
}
