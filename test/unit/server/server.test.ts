import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { heldBytes, own } from '../../../src-main/base/held-bytes'
import type { Log } from '../../../src-main/base/log'
import type { SecurityProtocol } from '../../../src-main/base/security-protocol'
import { noteUnpacked } from '../../../src-main/base/unpacked-bytes'
import type { Broker, Connection, Peer, Served } from '../../../src-main/broker/serve'
import { defaultLimits, type ServerLimits } from '../../../src-main/server/limits'
import { Server } from '../../../src-main/server/server'

/** Answers when the test says so. */
class TestBroker implements Broker {
  readonly open = new Map<number, Connection>()
  readonly served: {
    text: string
    answer(text: string | null): void
    give(bytes: Buffer): void
    refuse(error: Error): void
  }[] = []
  readonly turnedAway: string[] = []
  readonly unread: string[] = []
  pipelined = false
  /** How long it takes to serve one request. */
  tookMs = 0
  /** What it unpacks to serve one request. */
  unpackedBytes = 0
  /** How long a connection that is not let in waits. */
  waitMs = 0
  pauseMs = 0
  /** Bytes of a frame, on listeners with SASL. */
  limitBytes = Number.POSITIVE_INFINITY
  isLast = false
  #waiting: (() => void)[] = []

  opened(connection: Connection): void {
    this.open.set(connection.id, connection)
    this.#wake()
  }

  closed(connection: Connection): void {
    this.open.delete(connection.id)
    this.#wake()
  }

  frameLimit(): number {
    return this.limitBytes
  }

  unreadable({ id }: Connection, { message }: Error): void {
    this.unread.push(`${id}: ${message}`)
  }

  admits(): number {
    return this.waitMs
  }

  refused({ remoteAddress }: Peer, what: string, why: string): void {
    this.turnedAway.push(`${what} from ${remoteAddress}: ${why}`)
    this.#wake()
  }

  serve(_: Connection, frame: Buffer): Served {
    const response = new Promise<Uint8Array[] | null>((resolve, reject) => {
      this.served.push({
        text: frame.toString(),
        answer: (text) => resolve(text === null ? null : [Buffer.from(text)]),
        give: (bytes) => resolve([bytes]),
        refuse: reject,
      })
    })
    clock.advance(this.tookMs)
    noteUnpacked(this.unpackedBytes)
    this.#wake()
    return { response, pipelined: this.pipelined, afterwards: this }
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

let broker: TestBroker
let clock: ManualClock
let server: Server
let lines: string[]
const clients: Socket[] = []

const log: Log = {
  debug() {},
  info() {},
  warn: (text) => void lines.push(text),
  error: (text) => void lines.push(text),
}

beforeEach(() => {
  lines = []
  clock = new ManualClock()
  broker = new TestBroker()
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await server.stop()
})

async function start(
  limits: Partial<ServerLimits> = {},
  hosts = ['127.0.0.1'],
  securityProtocol: SecurityProtocol = 'PLAINTEXT',
): Promise<number> {
  server = new Server({ broker, limits: { ...defaultLimits, ...limits }, clock, log })
  const listener = await server.listen({ name: securityProtocol, securityProtocol, hosts, port: 0 })
  return listener.addresses[0]!.port
}

async function dial(port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect(port, host)
  clients.push(socket)
  await once(socket, 'connect')
  return socket
}

function frame(text: string): Buffer {
  const buffer = Buffer.alloc(4 + text.length)
  buffer.writeInt32BE(text.length)
  buffer.write(text, 4)
  return buffer
}

function owned(bytes: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(bytes)
  own(buffer)
  return buffer
}

/** What the client receives until it has as many bytes as the frames have. */
async function receive(socket: Socket, ...texts: string[]): Promise<void> {
  const expected = Buffer.concat(texts.map(frame))
  let received = Buffer.alloc(0)
  while (received.length < expected.length) {
    const [chunk] = await once(socket, 'data')
    received = Buffer.concat([received, chunk as Buffer])
  }
  expect(received.toString()).toBe(expected.toString())
}

describe('Server', () => {
  it('binds one free port in both families and says what the client dialled', async () => {
    const port = await start({}, ['127.0.0.1', '::1'])
    await dial(port, '127.0.0.1')
    await dial(port, '::1')
    await broker.until(() => broker.open.size === 2)
    const dialled = [...broker.open.values()].map((c) => [c.listener, c.localAddress, c.localPort])
    expect(dialled).toEqual([
      ['PLAINTEXT', '127.0.0.1', port],
      ['PLAINTEXT', '::1', port],
    ])
  })

  it('names the port that is taken', async () => {
    const port = await start()
    const second = new Server({ broker, limits: defaultLimits, clock, log })
    await expect(
      second.listen({ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', hosts: ['127.0.0.1'], port }),
    ).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use by another program.`)
    await second.stop()
  })

  it('serves the next request when the one before it is answered', async () => {
    const client = await dial(await start())
    client.write(Buffer.concat([frame('one'), frame('two')]))
    await broker.until(() => broker.served.length > 0)
    broker.served[0]!.answer('1')
    await receive(client, '1')
    await broker.until(() => broker.served.length === 2)
    broker.served[1]!.answer('2')
    await receive(client, '2')
  })

  it.each([
    ['take long', { tookMs: 20 }],
    ['unpack megabytes, which are freed in the next turn', { unpackedBytes: 5_000_000 }],
  ])('lets others have a turn when requests of one connection %s', async (_, cost) => {
    Object.assign(broker, { pipelined: true }, cost)
    const port = await start()
    const [greedy, other] = [await dial(port), await dial(port)]
    const first = new Promise<void>((resolve) => void broker.until(() => broker.served.length === 1).then(resolve))
    greedy.write(Buffer.concat([frame('one'), frame('two'), frame('three')]))
    await first
    expect(broker.served.map(({ text }) => text)).toEqual(['one'])
    other.write(frame('mine'))
    await broker.until(() => broker.served.length === 4)
    for (const { text, answer } of broker.served) answer(text)
    await Promise.all([receive(greedy, 'one', 'two', 'three'), receive(other, 'mine')])
  })

  it('serves pipelined requests at once and answers them in their order', async () => {
    broker.pipelined = true
    const client = await dial(await start())
    client.write(Buffer.concat([frame('one'), frame('two'), frame('three')]))
    await broker.until(() => broker.served.length === 3)
    broker.served[2]!.answer('3')
    broker.served[1]!.answer(null)
    broker.served[0]!.answer('1')
    await receive(client, '1', '3')
  })

  it('keeps a client waiting that used more than its quota, whatever else is answered meanwhile', async () => {
    const client = await dial(await start())
    broker.pipelined = true
    client.write(frame('one'))
    await broker.until(() => broker.served.length === 1)
    broker.pipelined = false
    client.write(frame('two'))
    await broker.until(() => broker.served.length === 2)
    broker.pauseMs = 1000
    broker.served[0]!.answer('1')
    await receive(client, '1')
    broker.pauseMs = 0
    broker.served[1]!.answer('2')
    await receive(client, '2')
    client.write(frame('three'))
    const other = await dial(Number(client.remotePort))
    other.write(frame('other'))
    await broker.until(() => broker.served.length === 3)
    expect(broker.served[2]!.text).toBe('other')
    clock.advance(1000)
    await broker.until(() => broker.served.length === 4)
    expect(broker.served[3]!.text).toBe('three')
  })

  it('keeps a connection waiting that is one too many in its time, and then closes it', async () => {
    const port = await start()
    broker.waitMs = 500
    const client = await dial(port)
    await broker.until(() => broker.turnedAway.length === 1)
    expect(broker.turnedAway).toEqual([
      'connection from 127.0.0.1: connection_creation_rate: too many connections from 127.0.0.1',
    ])
    expect([broker.open.size, client.closed]).toEqual([0, false])
    clock.advance(500)
    await once(client, 'close')
  })

  it('keeps only so many of those waiting, and others when they are gone', async () => {
    const port = await start({ maxDelayed: 2 })
    broker.waitMs = 500
    const [first, second] = [await dial(port), await dial(port)]
    await broker.until(() => broker.turnedAway.length === 2)
    const third = await dial(port)
    await once(third, 'close')
    expect([first.closed, second.closed]).toEqual([false, false])
    clock.advance(500)
    await Promise.all([once(first, 'close'), once(second, 'close')])
    const [fourth, fifth] = [await dial(port), await dial(port)]
    await broker.until(() => broker.turnedAway.length === 5)
    expect([fourth.closed, fifth.closed]).toEqual([false, false])
    clock.advance(500)
    await Promise.all([once(fourth, 'close'), once(fifth, 'close')])
  })

  it('closes the one connection whose request is refused, with one line', async () => {
    const port = await start()
    const [bad, good] = [await dial(port), await dial(port)]
    const badPort = bad.localPort
    bad.write(frame('bad'))
    await broker.until(() => broker.served.length === 1)
    broker.served[0]!.refuse(new Error('Produce v9 request: topicData[0].name at byte 21: 14 bytes declared, 3 left'))
    await once(bad, 'close')
    expect(lines).toEqual([
      `closed 127.0.0.1:${badPort}: Produce v9 request: topicData[0].name at byte 21: 14 bytes declared, 3 left`,
    ])
    good.write(frame('good'))
    await broker.until(() => broker.served.length === 2)
    broker.served[1]!.answer('yes')
    await receive(good, 'yes')
  })

  it.each(['answered', 'refused'] as const)(
    'lets go of all that a client sent that has left before it is %s, and of the answer',
    async (how) => {
      const before = heldBytes()
      const client = await dial(await start())
      broker.pipelined = true
      const large = frame('x'.repeat(1_000_000))
      client.write(Buffer.concat([large, large]))
      await broker.until(() => broker.served.length === 2)
      broker.pipelined = false
      // One that the others wait for, one that waits, and a part of one.
      client.write(Buffer.concat([large, large, large.subarray(0, 500_000)]))
      await broker.until(() => broker.served.length === 3)
      await expect.poll(() => heldBytes() - before).toBeGreaterThanOrEqual(4_000_000)
      client.destroy()
      await broker.until(() => broker.open.size === 0)
      for (const { give, refuse } of broker.served) {
        if (how === 'refused') refuse(new Error('no'))
        else give(owned(1_000_000))
      }
      await expect.poll(() => heldBytes()).toBe(before)
    },
  )

  it('lets go of what it answers and of the request when another request has it closed', async () => {
    const before = heldBytes()
    const client = await dial(await start())
    broker.pipelined = true
    const large = frame('x'.repeat(1_000_000))
    client.write(Buffer.concat([large, large]))
    await broker.until(() => broker.served.length === 2)
    broker.served[1]!.give(owned(1_000_000))
    broker.served[0]!.refuse(new Error('no'))
    await once(client, 'close')
    await expect.poll(() => heldBytes()).toBe(before)
  })

  it('closes a connection whose frame is longer than allowed', async () => {
    const client = await dial(await start({ requestMaxBytes: 10 }))
    client.write(frame('0123456789a'))
    await once(client, 'close')
    expect(lines[0]).toMatch(/the frame says it is 11 bytes long, and 10 is the limit/)
    expect(broker.served).toEqual([])
    expect(broker.unread).toEqual([expect.stringContaining('11 bytes long')])
  })

  it('asks the broker for the limit of each frame where clients log in', async () => {
    const client = await dial(await start({ requestMaxBytes: 20 }, ['127.0.0.1'], 'SASL_PLAINTEXT'))
    client.resume()
    broker.limitBytes = 5
    client.write(frame('12345'))
    await broker.until(() => broker.served.length === 1)
    broker.limitBytes = Number.POSITIVE_INFINITY
    client.write(frame('123456'))
    broker.served[0]!.answer('logged in')
    await broker.until(() => broker.served.length === 2)
    client.write(frame('x'.repeat(21)))
    await once(client, 'close')
    expect(broker.unread).toEqual([expect.stringContaining('21 bytes long, and 20 is the limit')])
    const other = await dial(server.listeners[0]!.addresses[0]!.port)
    broker.limitBytes = 5
    other.write(frame('123456'))
    await once(other, 'close')
    expect(broker.unread[1]).toContain('6 bytes long, and 5 is the limit')
  })

  it('refuses connections beyond max.connections and takes new ones when there is room', async () => {
    const port = await start({ maxConnections: 1 })
    const first = await dial(port)
    await broker.until(() => broker.open.size === 1)
    const second = await dial(port)
    await once(second, 'close')
    expect(lines).toEqual(['refused 127.0.0.1: max.connections is 1'])
    first.destroy()
    await broker.until(() => broker.open.size === 0)
    await dial(port)
    await broker.until(() => broker.open.size === 1)
  })

  it('closes what is idle, and not what waits for an answer', async () => {
    const port = await start({ maxIdleMs: 10_000 })
    const waiting = await dial(port)
    waiting.write(frame('wait'))
    await broker.until(() => broker.served.length === 1)
    const idle = await dial(port)
    await broker.until(() => broker.open.size === 2)
    clock.advance(11_000)
    await once(idle, 'close')
    await broker.until(() => broker.open.size === 1)
    broker.served[0]!.answer('done')
    await receive(waiting, 'done')
  })

  it('serves no further requests of a client that does not read, until it does', async () => {
    const client = await dial(await start())
    const asked = 400
    const answer = 'x'.repeat(200_000)
    let receivedBytes = 0
    client.pause()
    client.on('data', (chunk: Buffer) => (receivedBytes += chunk.length))
    client.pause()
    client.write(Buffer.concat(Array.from({ length: asked }, () => frame('more'))))
    let answered = 0
    const answerAll = () => {
      const before = answered
      while (answered < broker.served.length) broker.served[answered++]!.answer(answer)
      return answered > before
    }
    await broker.until(() => broker.served.length > 0)
    for (let quietTurns = 0; quietTurns < 50; quietTurns++) {
      if (answerAll()) quietTurns = 0
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(broker.served.length).toBeLessThan(asked)
    client.resume()
    while (receivedBytes < asked * (4 + answer.length)) {
      answerAll()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(broker.served.length).toBe(asked)
  })

  it('sends what was answered before it stops', async () => {
    const client = await dial(await start())
    client.write(frame('last'))
    await broker.until(() => broker.served.length === 1)
    broker.served[0]!.answer('bye')
    const received = receive(client, 'bye')
    await Promise.resolve()
    await server.stop()
    await received
    expect(broker.open.size).toBe(0)
  })
})
