import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp } from '../../src-main/app'
import { systemClock } from '../../src-main/base/clock'
import { silentLog } from '../../src-main/base/log'
import { readServeOptions } from '../../src-main/options/command-line'
import { decodeResponse, encodeRequest } from '../../src-main/protocol/frame'
import { BrokerProcess } from '../support/broker'
import { type Identity, needsOpenssl, TestAuthority } from '../support/certificates'
import { TestPage } from '../support/page'
import { takePort } from '../support/ports'
import { itNeeds } from '../support/require'

let broker: BrokerProcess
let page: TestPage

beforeEach(async () => {
  broker = await BrokerProcess.start({ ui: true })
  page = await TestPage.open(broker)
})
afterEach(async () => {
  page.close()
  await broker.dispose()
})

/** Where a client that dialled a port is told to go: its Metadata. */
async function brokersAt(port: number): Promise<{ host: string; port: number }[]> {
  const request = Buffer.concat(encodeRequest('Metadata', 4, 1, 'test', { topics: [] }))
  const length = Buffer.alloc(4)
  length.writeInt32BE(request.length)
  const socket = connect(port, '127.0.0.1')
  socket.write(Buffer.concat([length, request]))
  let held = Buffer.alloc(0)
  while (held.length < 4 || held.length < 4 + held.readInt32BE(0)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    held = Buffer.concat([held, chunk])
  }
  socket.destroy()
  const { brokers } = decodeResponse('Metadata', 4, held.subarray(4)).body
  return brokers.map(({ host, port: told }) => ({ host, port: told }))
}

async function startWith(settings: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) await page.ask('settings.set', { name, value })
  await broker.stop()
  await broker.startAgain()
  page = await TestPage.open(broker)
}

describe('a TLS listener with a certificate of its own', () => {
  itNeeds([needsOpenssl()], 'gives new connections the file that replaced it, while it runs', async () => {
    const authority = new TestAuthority()
    const folder = mkdtempSync(join(tmpdir(), 'ottla-store-'))
    const file = join(folder, 'server.pem')
    const write = ({ cert, key }: Identity) => writeFileSync(file, `${cert}${key}`)
    const [first, second] = [authority.issue('/CN=broker'), authority.issue('/CN=broker')]
    write(first)
    const args = ['--listener', 'ssl://127.0.0.1:0', '--config', `ssl.keystore.location=${file}`, '--no-plaintext']
    const secured = await BrokerProcess.start({ memory: true, args })
    const presented = async () => {
      const socket = connectTls({ host: '127.0.0.1', port: secured.port, ca: authority.cert, servername: 'localhost' })
      await once(socket, 'secureConnect')
      const { fingerprint256 } = socket.getPeerCertificate()
      socket.destroy()
      return fingerprint256
    }
    try {
      expect(await presented()).toBe(new X509Certificate(first.cert).fingerprint256)
      write(second)
      await expect.poll(presented, { timeout: 30_000 }).toBe(new X509Certificate(second.cert).fingerprint256)
    } finally {
      await secured.dispose()
      authority.dispose()
      rmSync(folder, { recursive: true })
    }
  })
})

describe('an app with pages of its own', () => {
  it('opens a port for metrics alone, where they are wanted', async () => {
    const given = ['--memory', '--port', '0', '--no-registry']
    const options = { ...readServeOptions(given, {}, '/default.ottla'), uiPort: null, metrics: true }
    const entriesFolder = resolve(__dirname, '../../out/main')
    const app = await startApp(options, { clock: systemClock, logOf: () => silentLog, entriesFolder })
    try {
      expect(app.ui).toBeNull()
      const { origin } = new URL(app.metrics ?? '')
      const statuses = [app.metrics ?? '', `${origin}/metrics`, `${origin}/`].map(
        async (url) => (await fetch(url)).status,
      )
      expect(await Promise.all(statuses)).toEqual([200, 401, 404])
    } finally {
      await app.stop()
    }
  })
})

describe('listeners of the settings', () => {
  it('are there from the next start on, and tell clients what they should', async () => {
    const containers = await takePort()
    const asking = await takePort()
    await Promise.all([containers.release(), asking.release()])
    await startWith({
      'ottla.containers': String(containers.port),
      'ottla.listeners': `sasl_plaintext://127.0.0.1:${asking.port}`,
    })
    const { listeners, addresses } = await page.picture('workspace')
    expect(listeners).toMatchObject([
      { name: 'PLAINTEXT', isOpen: false, advertised: null, problem: null },
      { name: 'SASL_PLAINTEXT', isOpen: false, addresses: [`127.0.0.1:${asking.port}`], problem: null },
      { name: 'CONTAINERS', isOpen: true, advertised: `host.docker.internal:${containers.port}`, problem: null },
    ])
    expect(addresses).toContain(`0.0.0.0:${containers.port}`)
    expect(await brokersAt(containers.port)).toEqual([{ host: 'host.docker.internal', port: containers.port }])
    expect(await brokersAt(broker.port)).toEqual([{ host: '127.0.0.1', port: broker.port }])
  })

  it('serve metrics from the next start on, and say where', async () => {
    await startWith({ 'ottla.metrics': 'true' })
    const { metrics } = broker.ready
    expect(metrics).toMatch(/\/metrics\?token=/)
    expect((await fetch(metrics ?? '')).status).toBe(200)
    const line = (await page.picture('settings')).find(({ name }) => name === 'ottla.metrics')
    expect(line).toMatchObject({ value: 'true', address: metrics, problem: null })
  })

  it('do not keep the broker from starting, and say why they are not there', async () => {
    const taken = await takePort()
    await startWith({ 'ottla.listeners': `plaintext://127.0.0.1:1,sasl_plaintext://127.0.0.1:${taken.port}` })
    const { listeners, addresses } = await page.picture('workspace')
    expect(listeners[1]).toMatchObject({
      name: 'SASL_PLAINTEXT',
      problem: `Port ${taken.port} on 127.0.0.1 is in use by another program.`,
    })
    expect(addresses.some((address) => address.endsWith(`:${taken.port}`))).toBe(false)
    await taken.release()
  })

  it('are overridden by what the start says, and the settings say so', async () => {
    const lines = await page.picture('settings')
    expect(lines.find(({ name }) => name === 'ottla.port')?.fixed).toMatch(
      /^Set on the command line or in the environment/,
    )
    expect(lines.find(({ name }) => name === 'ottla.containers')?.fixed).toBeNull()
    await expect(page.ask('settings.set', { name: 'ottla.interfaces', value: 'some' })).rejects.toThrow(
      'some is not a value for ottla.interfaces.',
    )
  })
})
