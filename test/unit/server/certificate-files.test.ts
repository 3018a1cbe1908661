import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { createLog } from '../../../src-main/base/log'
import { CertificateWatch } from '../../../src-main/certificate-watch'
import type { ListenerCertificate } from '../../../src-main/contract/security'
import { certificateConfigs, fingerprintOf } from '../../../src-main/listener-certificates'
import { openListeners } from '../../../src-main/listeners'
import { parseHostPort } from '../../../src-main/options/listener'
import { defaultLimits } from '../../../src-main/server/limits'
import { Server } from '../../../src-main/server/server'
import { type Identity, needsOpenssl, TestAuthority } from '../../support/certificates'
import { TestBroker } from '../../support/core'
import { itNeeds } from '../../support/require'

const openssl = [needsOpenssl()]
let authority: TestAuthority
let other: TestAuthority
let first: Identity
let second: Identity
let ours: Identity
let theirs: Identity
let folder: string
let broker: TestBroker
let server: Server
let lines: string[]
let presented: () => readonly ListenerCertificate[]
const ends: (() => void)[] = []
const sockets: TLSSocket[] = []

beforeAll(() => {
  if (openssl[0]!.missing) return
  ;[authority, other] = [new TestAuthority(), new TestAuthority()]
  // A certificate takes the place of another of the same name.
  first = authority.issue('/O=Shop/CN=broker')
  second = authority.issue('/O=Shop/CN=broker')
  ours = authority.issue('/CN=ours')
  theirs = other.issue('/CN=theirs')
})
afterAll(() => {
  authority?.dispose()
  other?.dispose()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-stores-'))
  lines = []
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const end of ends.splice(0)) end()
  await server?.stop()
  await broker?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const path = (name: string) => join(folder, name)
const pem = ({ cert, key }: Identity) => `${cert}${key}`
const log = createLog(
  'server',
  'info',
  ({ text }) => lines.push(text),
  () => 0,
)

/** A listener with the stores of these configs; its port. */
async function open(config: Readonly<Record<string, string>>): Promise<number> {
  broker = new TestBroker(config)
  const { workspace, clock, core } = broker
  server = new Server({ broker: broker.broker, limits: defaultLimits, clock, log })
  const listener = { name: 'SSL', securityProtocol: 'SSL', hosts: ['127.0.0.1'], port: 0, advertise: null } as const
  const parts = { server, workspace, configs: core.configs, clock, log }
  const { lines: opened, certificates, end } = await openListeners([listener], parts)
  presented = certificates
  ends.push(end)
  return parseHostPort(opened[0]?.addresses[0] ?? '')?.port ?? 0
}

/** Which certificate a new connection gets. */
async function certificateAt(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, ca: authority.cert, servername: 'localhost' })
  sockets.push(socket)
  await once(socket, 'secureConnect')
  return nameOf(socket.getPeerCertificate())
}

function nameOf({ fingerprint256 }: Pick<X509Certificate, 'fingerprint256'>): string {
  const known = Object.entries({ first, second })
  const found = known.find(([, { cert }]) => new X509Certificate(cert).fingerprint256 === fingerprint256)
  return found?.[0] ?? fingerprint256
}

/** What the log says of a client with a certificate that writes HTTP: that, or why its handshake failed. */
async function closedBecause(port: number, identity: Identity): Promise<string> {
  const before = lines.length
  const socket = connect({ host: '127.0.0.1', port, ca: authority.cert, servername: 'localhost', ...identity })
  sockets.push(socket)
  socket.on('error', () => {})
  socket.write('GET / HTTP/1.1\r\n\r\n')
  await once(socket, 'close')
  await expect.poll(() => lines.length).toBeGreaterThan(before)
  const said = lines.slice(before).join()
  return said.includes('looks like HTTP') ? 'HTTP' : (/handshake failed: (.*)$/.exec(said)?.[1] ?? said)
}

/** Time passes until it is so. */
async function eventually(look: () => Promise<unknown> | unknown, wanted: unknown): Promise<void> {
  await expect
    .poll(
      async () => {
        broker.clock.advance(1000)
        return await look()
      },
      { timeout: 30_000 },
    )
    .toEqual(wanted)
}

describe('the stores of a TLS listener', () => {
  itNeeds(openssl, 'are the files that its configs name; a replaced file is used without a restart', async () => {
    writeFileSync(path('server.pem'), pem(first))
    const port = await open({ 'ssl.keystore.location': path('server.pem'), 'ssl.keystore.type': 'PEM' })
    expect(await certificateAt(port)).toBe('first')
    const kept = sockets[0]!
    // As certbot and cert-manager do: a new file takes the name.
    writeFileSync(path('new.pem'), pem(second))
    renameSync(path('new.pem'), path('server.pem'))
    await eventually(() => certificateAt(port), 'second')
    expect(lines.filter((line) => line.includes('certificate'))).toEqual([
      'listener SSL: new connections get the new certificate',
    ])
    // What was open stays open, with what it got.
    expect([kept.destroyed, nameOf(kept.getPeerCertificate())]).toEqual([false, 'first'])
  })

  itNeeds(openssl, 'stay as they were when the new file is broken, which is said once', async () => {
    writeFileSync(path('server.pem'), pem(first))
    const port = await open({ 'listener.name.ssl.ssl.keystore.location': path('server.pem') })
    // The key of another certificate.
    writeFileSync(path('server.pem'), `${second.cert}${first.key}`)
    const said = () => lines.filter((line) => line.includes('keeps its certificate'))
    await eventually(() => said().length, 1)
    // The page shows it, as long as it is so.
    expect(presented()[0]?.problem).toMatch(/^The stores of ssl\.keystore\.location cannot be used: .*mismatch/)
    expect(said()[0]).toMatch(
      /^listener SSL keeps its certificate: The stores of ssl\.keystore\.location cannot be used: .*mismatch/,
    )
    expect(await certificateAt(port)).toBe('first')
    rmSync(path('server.pem'))
    await eventually(() => said().length, 2)
    expect(said()[1]).toContain('ssl.keystore.location cannot be read: ENOENT')
    expect(await certificateAt(port)).toBe('first')
    writeFileSync(path('server.pem'), pem(second))
    await eventually(() => certificateAt(port), 'second')
    expect(said()).toHaveLength(2)
    expect(presented()[0]?.problem).toBe(null)
    // Clients that know the broker by its name would be cut off: Kafka takes no such file either.
    writeFileSync(path('server.pem'), pem(authority.issue('/O=Shop/CN=elsewhere')))
    await eventually(() => said().length, 3)
    expect(said()[2]).toContain('Keystore DistinguishedName does not match:')
    expect(await certificateAt(port)).toBe('second')
  })

  itNeeds(openssl, 'are read when a file has not changed for two looks: not while it is being written', async () => {
    writeFileSync(path('server.pem'), pem(first))
    const port = await open({ 'ssl.keystore.location': path('server.pem') })
    const given = certificateConfigs(broker.core.configs, 'SSL')
    const opened = {
      identity: { name: 'SSL', securityProtocol: 'SSL' },
      bound: server.listeners[0]!,
      fingerprint: await fingerprintOf(given),
    } as const
    const watch = new CertificateWatch([opened], {
      configs: broker.core.configs,
      tryStores: () => Promise.resolve(),
      clock: broker.clock,
      log,
    })
    ends.push(() => watch.dispose())
    const whole = pem(second)
    writeFileSync(path('server.pem'), whole.slice(0, 100))
    await watch.look()
    writeFileSync(path('server.pem'), whole)
    await watch.look()
    expect(await certificateAt(port)).toBe('first')
    await watch.look()
    expect(await certificateAt(port)).toBe('second')
    expect(lines.filter((line) => line.includes('keeps'))).toEqual([])
  })

  itNeeds(openssl, 'are read at once when a config is altered (KIP-226), and are PEM texts too', async () => {
    writeFileSync(path('server.pem'), pem(first))
    const port = await open({ 'ssl.keystore.location': path('server.pem') })
    writeFileSync(path('other.pem'), pem(second))
    const alter = (value: string | null) =>
      broker.core.configs.set(
        { type: 'broker', name: '1' },
        new Map([['listener.name.ssl.ssl.keystore.location', value]]),
      )
    alter(path('other.pem'))
    await expect.poll(() => certificateAt(port)).toBe('second')
    alter(null)
    await expect.poll(() => certificateAt(port)).toBe('first')
    await server.stop()
    await broker.dispose()
    const texts = { 'ssl.keystore.certificate.chain': second.cert, 'ssl.keystore.key': second.key }
    expect(await certificateAt(await open(texts))).toBe('second')
  })

  itNeeds(openssl, 'say which clients are trusted, also after the authority was replaced', async () => {
    writeFileSync(path('server.pem'), pem(first))
    writeFileSync(path('trusted.pem'), authority.cert)
    const port = await open({
      'ssl.keystore.location': path('server.pem'),
      'ssl.truststore.location': path('trusted.pem'),
      'ssl.client.auth': 'required',
    })
    const both = async () => [await closedBecause(port, ours), await closedBecause(port, theirs)]
    const untrusted = expect.stringContaining('its certificate is not of an authority that is trusted here')
    expect(await both()).toEqual(['HTTP', untrusted])
    writeFileSync(path('trusted.pem'), other.cert)
    await eventually(both, [untrusted, 'HTTP'])
  })

  itNeeds(openssl, 'that cannot be read keep the broker from starting, with a sentence', async () => {
    await expect(open({ 'ssl.keystore.location': path('absent.jks') })).rejects.toThrow(
      'ssl.keystore.location cannot be read: ENOENT',
    )
  })
})
