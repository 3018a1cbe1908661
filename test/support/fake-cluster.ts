import { duplexPair } from 'node:stream'
import type { ManualClock } from '../../src-main/base/clock'
import { KafkaClient } from '../../src-main/client/client'
import type { Dial } from '../../src-main/client/dial'
import { type ClientSettings, defaultSettings } from '../../src-main/client/settings'
import {
  type ApiName,
  apiByKey,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
} from '../../src-main/protocol/api-types'
import { decodeBody, decodeResponse, encodeResponse, readRequest } from '../../src-main/protocol/frame'
import { FrameReader } from '../../src-main/protocol/frame-reader'
import { TestBroker, type TestClient } from './core'

/** A request as it arrives at a node of the fake cluster. */
export interface Asked<N extends ApiName = ApiName> {
  readonly node: number
  readonly name: N
  readonly version: number
  readonly correlationId: number
  readonly body: RequestOf<N>
  /** The answer of the embedded broker, which all nodes share. */
  readonly serve: () => Promise<ResponseOf<N>>
}

/** What becomes of a request: an answer, bytes that are none, the end of the connection, or nothing at all. */
export type Reply = { readonly body: unknown } | { readonly bytes: Buffer } | 'close' | 'silence'

type Hook = (asked: Asked) => Promise<Reply> | Reply

/**
 * Nodes over one embedded broker, without sockets: streams in memory, a clock that is moved by hand. A hook per API changes what
 * the nodes answer.
 */
export class FakeCluster {
  readonly clock: ManualClock
  readonly asked: { readonly node: number; readonly name: ApiName; readonly version: number }[] = []
  readonly dialled: number[] = []
  readonly broker: TestBroker
  readonly nodes: readonly number[]
  readonly #received: (ApiName | undefined)[] = []
  readonly #hooks = new Map<ApiName, Hook>()
  /** Connections whose next frame is a SASL token without a header. */
  readonly #rawNext = new Set<TestClient>()
  readonly #down = new Set<number>()
  readonly #clients: KafkaClient[] = []
  readonly #ends = new Set<() => void>()

  readonly #listener: string
  /** Answers that wait for the end of a round trip. */
  #held: (() => void)[] | undefined

  /** @param listener that all connections come to; of Kafka's own names each means its protocol */
  constructor(nodes: readonly number[] = [1], config: Record<string, string> = {}, listener = 'PLAINTEXT') {
    this.nodes = nodes
    this.#listener = listener
    this.broker = new TestBroker(config)
    this.clock = this.broker.clock
    this.on('Metadata', async ({ serve }) => {
      const answer = await serve()
      return {
        body: { ...answer, brokers: nodes.map((nodeId) => ({ nodeId, host: 'node', port: nodeId, rack: null })) },
      }
    })
    this.on('FindCoordinator', async ({ serve, version }) => {
      const answer = await serve()
      const at = { nodeId: nodes[0] as number, host: 'node', port: nodes[0] as number }
      return {
        body:
          version >= 4
            ? { ...answer, coordinators: answer.coordinators.map((one) => ({ ...one, ...at })) }
            : { ...answer, ...at },
      }
    })
  }

  /** Answers this API in the test's own way, until the next call for it. */
  on<N extends ApiName>(name: N, hook: (asked: Asked<N>) => Promise<Reply> | Reply): void {
    this.#hooks.set(name, hook as unknown as Hook)
  }

  /** Connections to this node are refused, and those that are open end. */
  stop(node: number): void {
    this.#down.add(node)
    for (const end of this.#ends) end()
  }

  startAgain(node: number): void {
    this.#down.delete(node)
  }

  readonly dial: Dial = async ({ port }) => {
    this.dialled.push(port)
    if (this.#down.has(port)) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    const [ours, theirs] = duplexPair()
    const served = this.broker.client({ listener: this.#listener })
    const end = () => theirs.destroy()
    this.#ends.add(end)
    theirs.on('close', () => {
      this.#ends.delete(end)
      ours.destroy()
    })
    ours.on('close', end)
    // One after the other: answers leave in the order of the requests.
    let last: Promise<unknown> = Promise.resolve()
    const reader = new FrameReader(1 << 24, (frame) => {
      const copy = Buffer.from(frame)
      this.#received.push(apiByKey(copy.readInt16BE(0))?.name)
      last = last
        .then(() => this.#answer(port, served, copy))
        .then(
          (bytes) => {
            const send = () => {
              if (bytes === 'close') theirs.destroy()
              else if (bytes && !theirs.destroyed) theirs.write(bytes)
            }
            if (this.#held) this.#held.push(send)
            else send()
          },
          () => theirs.destroy(),
        )
    })
    theirs.on('data', (chunk: Buffer) => reader.push(chunk))
    return ours
  }

  client(settings: Partial<ClientSettings> = {}): KafkaClient {
    const client = new KafkaClient(
      {
        ...defaultSettings,
        clientId: 'tester',
        bootstrap: this.nodes.map((node) => ({ host: 'node', port: node })),
        ...settings,
      },
      { clock: this.clock, dial: this.dial, random: () => 0 },
    )
    this.#clients.push(client)
    return client
  }

  /** Lets time pass until the promise has an outcome: retries and deadlines come one after the other. */
  async settle<T>(promise: Promise<T>, stepMs = 50): Promise<T> {
    let isOver = false
    const over = () => {
      isOver = true
    }
    promise.then(over, over)
    while (!isOver) {
      for (let i = 0; i < 20 && !isOver; i++) await new Promise((resolve) => setImmediate(resolve))
      if (!isOver) this.clock.advance(stepMs)
    }
    return await promise
  }

  /**
   * Counts the round trips that a promise needs: answers wait until nothing more is asked, and then arrive together. Time stands still.
   *
   * @returns for each round trip the APIs that were asked, e.g. `Fetch`
   */
  async roundTrips(promise: Promise<unknown>): Promise<string[]> {
    let isOver = false
    const over = () => {
      isOver = true
    }
    promise.then(over, over)
    const trips: string[] = []
    this.#held = []
    for (;;) {
      const { length: begin } = this.asked
      await this.quiet()
      if (isOver || this.#held.length === 0) break
      trips.push([...new Set(this.asked.slice(begin).map(({ name }) => name))].sort().join(', '))
      for (const send of this.#held.splice(0)) send()
    }
    this.#held = undefined
    if (!isOver) throw new Error(`it waits for something else after ${trips.join('; ')}`)
    return trips
  }

  /** Waits until nothing more is asked while time stands still. */
  async quiet(): Promise<void> {
    for (let idle = 0, { length } = this.asked; idle < 50; idle++) {
      await new Promise((resolve) => setImmediate(resolve))
      if (this.asked.length !== length) [idle, length] = [0, this.asked.length]
    }
  }

  /** How many requests of an API have arrived, answered or not. */
  received(name: ApiName): number {
    return this.#received.filter((one) => one === name).length
  }

  /** The requests of one API, as `node vVERSION`. */
  requests(name: ApiName): string[] {
    return this.asked.filter((one) => one.name === name).map(({ node, version }) => `${node} v${version}`)
  }

  async dispose(): Promise<void> {
    for (const client of this.#clients) client.dispose()
    await this.broker.dispose()
  }

  async #answer(node: number, served: TestClient, frame: Buffer): Promise<Buffer | 'close' | undefined> {
    if (this.#rawNext.delete(served)) return framed(Buffer.concat((await served.serve(frame)) ?? []))
    const name = apiByKey(frame.readInt16BE(0))?.name
    const version = frame.readInt16BE(2)
    const correlationId = frame.readInt32BE(4)
    if (!name) return 'close'
    if (name === 'SaslHandshake' && version === 0) this.#rawNext.add(served)
    this.asked.push({ node, name, version })
    const serve = async () => {
      const chunks = await served.serve(frame)
      if (!chunks) throw new Error('there was no response')
      return Buffer.concat(chunks)
    }
    const hook = this.#hooks.get(name)
    if (!hook) return framed(await serve())
    const read = readRequest(frame, () => true)
    if ('unserved' in read) return 'close'
    const reply = await hook({
      node,
      name,
      version,
      correlationId,
      body: decodeBody(name, version, frame, read.bodyOffset),
      serve: async () => decodeResponse(name, version, await serve()).body,
    })
    if (reply === 'close') return 'close'
    if (reply === 'silence') return undefined
    if ('bytes' in reply) return reply.bytes
    return framed(Buffer.concat(encodeResponse(name, version, correlationId, reply.body as ResponseInput<ApiName>)))
  }
}

export function framed(frame: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(frame.byteLength)
  return Buffer.concat([length, frame])
}
