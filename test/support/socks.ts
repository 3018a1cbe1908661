import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A SOCKS5 proxy (RFC 1928) that connects whatever it is asked for to one port of this machine, and remembers what that was. */
export class SocksProxy {
  /** `kafka.internal:9092` */
  readonly asked: string[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #port: () => number
  readonly #identity: { readonly user: string; readonly password: string } | null
  /** The reply to the next request; 0: it is connected (RFC 1928, 6). */
  reply = 0

  private constructor(port: () => number, identity: { readonly user: string; readonly password: string } | null) {
    this.#port = port
    this.#identity = identity
    this.#server = createServer((socket) => this.#greet(socket))
  }

  static async start(port: () => number, identity: { user: string; password: string } | null = null) {
    const proxy = new SocksProxy(port, identity)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  dispose(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #greet(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
    const method = this.#identity ? 2 : 0
    socket.once('data', (greeting: Buffer) => {
      if (!greeting.subarray(2).includes(method)) return void socket.end(Buffer.from([5, 0xff]))
      socket.write(Buffer.from([5, method]))
      if (this.#identity) socket.once('data', (login: Buffer) => this.#login(socket, login))
      else socket.once('data', (request: Buffer) => this.#connect(socket, request))
    })
  }

  /** RFC 1929. */
  #login(socket: Socket, login: Buffer): void {
    const length = login[1] ?? 0
    const user = login.subarray(2, 2 + length).toString()
    const password = login.subarray(3 + length).toString()
    const isKnown = user === this.#identity?.user && password === this.#identity.password
    socket.write(Buffer.from([1, isKnown ? 0 : 1]))
    if (isKnown) socket.once('data', (request: Buffer) => this.#connect(socket, request))
    else socket.end()
  }

  #connect(socket: Socket, request: Buffer): void {
    const type = request[3]
    const length = type === 3 ? (request[4] ?? 0) : 4
    const start = type === 3 ? 5 : 4
    const address = request.subarray(start, start + length)
    const host = type === 3 ? address.toString() : [...address].join('.')
    this.asked.push(`${host}:${request.readUInt16BE(start + length)}`)
    const answer = Buffer.from([5, this.reply, 0, 1, 0, 0, 0, 0, 0, 0])
    if (this.reply !== 0) return void socket.end(answer)
    const broker = connect(this.#port(), '127.0.0.1')
    this.#sockets.add(broker)
    broker.on('error', () => socket.destroy())
    broker.once('connect', () => {
      socket.write(answer)
      socket.pipe(broker)
      broker.pipe(socket)
    })
  }
}
