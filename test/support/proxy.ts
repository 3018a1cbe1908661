import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { systemClock } from '../../src-main/base/clock'

/** What a proxy stops at: the first request of an API that it sees from now on, before the broker has it, or when it has answered. */
export interface Cut {
  readonly apiKey: number
  readonly when: 'asked' | 'answered'
}

/**
 * Stands between clients and a broker (tell the broker to advertise its port). At a cut the frame goes no further and both connections are
 * closed: a request that never arrived, or an answer that was lost.
 */
export class KafkaProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #brokerPort: () => number
  #cut: (Cut & { readonly reached: () => void }) | undefined
  #link: Link | undefined
  #freeAt = 0
  /** On their way over a slow link, for each socket in the order in which they were sent. */
  readonly #underWay = new Map<Socket, Buffer[]>()

  private constructor(brokerPort: () => number) {
    this.#brokerPort = brokerPort
    this.#server = createServer((client) => this.#join(client))
  }

  static async start(brokerPort: () => number): Promise<KafkaProxy> {
    const proxy = new KafkaProxy(brokerPort)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  /** From now on frames take their time in both directions. */
  slow(link: Link): void {
    this.#link = link
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Resolves when it is reached; `then` runs before anything else passes. */
  cut(cut: Cut, then: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#cut = {
        ...cut,
        reached: () => {
          this.#cut = undefined
          for (const socket of this.#sockets) socket.destroy()
          then().then(resolve, reject)
        },
      }
    })
  }

  dispose(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #join(client: Socket): void {
    const broker = connect(this.#brokerPort(), '127.0.0.1')
    const asked = new Map<number, number>()
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        this.#underWay.delete(socket)
        other.destroy()
      })
    }
    eachFrame(client, (frame) => {
      const apiKey = frame.readInt16BE(4)
      asked.set(frame.readInt32BE(8), apiKey)
      this.#pass(broker, frame, apiKey, 'asked')
    })
    eachFrame(broker, (frame) => this.#pass(client, frame, asked.get(frame.readInt32BE(4)), 'answered'))
  }

  /**
   * One after the other: what is on its way holds up what follows. A timer lets the oldest pass, not its own: two timers that are due at
   * about the same time fire in any order, and TCP keeps it.
   */
  #later(to: Socket, frame: Buffer, { delayMs, bytesPerSecond }: Link): void {
    const now = systemClock.now()
    this.#freeAt = Math.max(now, this.#freeAt) + (frame.length / bytesPerSecond) * 1000
    const queue = this.#underWay.get(to) ?? []
    this.#underWay.set(to, queue)
    queue.push(frame)
    systemClock.at(this.#freeAt + delayMs, () => {
      const oldest = queue.shift()
      if (oldest && !to.destroyed) to.write(oldest)
    })
  }

  #pass(to: Socket, frame: Buffer, apiKey: number | undefined, when: Cut['when']): void {
    if (this.#cut?.apiKey === apiKey && this.#cut?.when === when) this.#cut.reached()
    else if (this.#link) this.#later(to, frame, this.#link)
    else if (!to.destroyed) to.write(frame)
  }
}

/** A link with a delay, and a rate that all connections share. */
export interface Link {
  readonly delayMs: number
  readonly bytesPerSecond: number
}

/** Frames with their length in front. */
function eachFrame(socket: Socket, take: (frame: Buffer) => void): void {
  let held = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
      const end = 4 + held.readInt32BE(0)
      const frame = held.subarray(0, end)
      held = held.subarray(end)
      take(frame)
    }
  })
}
