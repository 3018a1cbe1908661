import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { systemClock } from '../../../src-main/base/clock'
import type { Broker, Connection } from '../../../src-main/broker/serve'
import { defaultLimits } from '../../../src-main/server/limits'
import type { BoundListener, TlsOptions } from '../../../src-main/server/listener'
import { Server } from '../../../src-main/server/server'
import { type Identity, needsOpenssl, TestAuthority } from '../../support/certificates'
import { itNeeds } from '../../support/require'

const openssl = [needsOpenssl()]
let authority: TestAuthority
let client: Identity
let served: Identity
let server: Server
let warnings: string[]
let connections: Connection[]
let refused: string[][]

beforeAll(() => {
  if (openssl[0]!.missing) return
  authority = new TestAuthority()
  client = authority.issue('/C=CZ/O=Shop/OU=Post, and parcels/CN=orders')
  served = authority.issue('/CN=localhost')
})
afterAll(() => authority?.dispose())
afterEach(() => server?.stop())

/** Answers every request with itself. */
const echo: Broker = {
  opened: (connection) => void connections.push(connection),
  serve: (_, frame) => ({ response: Promise.resolve([Buffer.from(frame)]), pipelined: true }),
  closed() {},
  frameLimit: () => Number.POSITIVE_INFINITY,
  unreadable() {},
  admits: () => 0,
  refused: ({ listener, remoteAddress }, what, why) => void refused.push([listener, remoteAddress, what, why]),
}

async function listen(clientAuth: TlsOptions['clientAuth']): Promise<BoundListener> {
  warnings = []
  connections = []
  refused = []
  const log = { debug() {}, info() {}, warn: (text: string) => void warnings.push(text), error() {} }
  server = new Server({ broker: echo, limits: defaultLimits, clock: systemClock, log })
  const tls = async () => ({ ...served, ca: authority.cert, clientAuth })
  return await server.listen({ name: 'SSL', securityProtocol: 'SSL', hosts: ['127.0.0.1'], port: 0, tls })
}

function dial(listener: BoundListener, identity?: Identity): TLSSocket {
  const socket = connect({
    host: '127.0.0.1',
    port: listener.addresses[0]!.port,
    ca: authority.cert,
    servername: 'localhost',
    ...identity,
  })
  // Whether the handshake works is what the tests ask; they look at `close`.
  socket.on('error', () => {})
  return socket
}

async function ask(socket: TLSSocket, text: string): Promise<string> {
  const frame = Buffer.alloc(4 + text.length)
  frame.writeInt32BE(text.length)
  frame.write(text, 4)
  socket.write(frame)
  const [answer] = await once(socket, 'data')
  return String(answer.subarray(4))
}

describe('a TLS listener', () => {
  itNeeds(openssl, 'serves requests, and knows the subject of the client certificate as Kafka writes it', async () => {
    const socket = dial(await listen('required'), client)
    expect(await ask(socket, 'letter')).toBe('letter')
    expect(connections.map(({ listener, tlsPeer }) => [listener, tlsPeer])).toEqual([
      ['SSL', 'CN=orders,OU=Post\\, and parcels,O=Shop,C=CZ'],
    ])
    socket.destroy()
  })

  itNeeds(openssl, 'turns away a client without a certificate when one is required, with one line', async () => {
    const socket = dial(await listen('required'))
    await new Promise((resolve) => socket.on('close', resolve))
    expect(connections).toEqual([])
    const why = 'it showed no certificate, and the listener requires one (ssl.client.auth)'
    expect(warnings).toEqual([`closed 127.0.0.1 before it was known: TLS handshake failed: ${why}`])
    expect(refused).toEqual([['SSL', '127.0.0.1', 'TLS handshake', why]])
  })

  itNeeds(openssl, 'says in a sentence why a handshake failed', async () => {
    const { port } = (await listen('none')).addresses[0]!
    // ApiVersions, as a client with security.protocol=PLAINTEXT begins.
    const plaintext = Buffer.from('00000012001200000000000100086f7264657273', 'hex')
    for (const sent of [plaintext, Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
      const socket = connectTcp(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(sent)
      await once(socket, 'close')
    }
    const strict = ['s_client', '-connect', `127.0.0.1:${port}`, '-verify_return_error']
    for (const args of [[], ['-CAfile', authority.file, '-verify_hostname', 'elsewhere']]) {
      await once(spawn('openssl', [...strict, ...args], { stdio: 'ignore' }), 'exit')
    }
    const other =
      'it does not trust the authority of this certificate, or the certificate is not for the name that it connected to'
    await expect
      .poll(() => refused.map(([, , , why]) => why))
      .toEqual([
        'it does not speak TLS: security.protocol of the client must be that of the listener',
        'it speaks HTTP, not TLS',
        'it does not trust the authority of this certificate',
        other,
      ])
  })

  itNeeds(openssl, 'takes no certificate of a stranger, but none when it is only requested', async () => {
    const other = new TestAuthority()
    const stranger = other.issue('/CN=stranger')
    other.dispose()
    for (const clientAuth of ['requested', 'required'] as const) {
      const socket = dial(await listen(clientAuth), stranger)
      await new Promise((resolve) => socket.on('close', resolve))
      expect(connections).toEqual([])
      const why = 'its certificate is not of an authority that is trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE)'
      expect(refused).toEqual([['SSL', '127.0.0.1', 'TLS handshake', why]])
      await server.stop()
    }
    const socket = dial(await listen('requested'))
    expect(await ask(socket, 'letter')).toBe('letter')
    expect(connections[0]!.tlsPeer).toBeUndefined()
    socket.destroy()
  })

  itNeeds(openssl, 'uses a new certificate for new connections when it is renewed', async () => {
    const listener = await listen('none')
    const before = dial(listener)
    await once(before, 'secureConnect')
    served = authority.issue('/CN=localhost')
    await listener.renewTls()
    const after = dial(listener)
    await once(after, 'secureConnect')
    expect(after.getPeerCertificate().serialNumber).not.toBe(before.getPeerCertificate().serialNumber)
    expect(await ask(before, 'still open')).toBe('still open')
    before.destroy()
    after.destroy()
  })
})
