import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { silentLog } from '../../src-main/base/log'
import { createTopics } from '../../src-main/client/admin/topics'
import { KafkaClient } from '../../src-main/client/client'
import { Producer } from '../../src-main/client/producer'
import { readRoutes } from '../../src-main/client/routes'
import { type ClientSettings, defaultSettings } from '../../src-main/client/settings'
import { connect } from '../../src-main/contract/client'
import { serve } from '../../src-main/contract/server'
import { createDesk } from '../../src-main/desk/desk'
import { remoteSource } from '../../src-main/desk/remote/remote'
import { WriteLock } from '../../src-main/desk/remote/write-lock'
import { defaultLimits } from '../../src-main/server/limits'
import { Server } from '../../src-main/server/server'
import { memoryWires } from '../../src-main/wires/memory'
import { needsOpenssl, TestAuthority } from '../support/certificates'
import { start, TestBroker } from '../support/core'
import { KafkaProxy } from '../support/proxy'
import { itNeeds } from '../support/require'
import { SocksProxy } from '../support/socks'

const path = process.env.PATH ?? ''
let broker: TestBroker
let server: Server
let port: number
let folder: string
let authority: TestAuthority | undefined
const clients: KafkaClient[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-tunnels-'))
  broker = new TestBroker()
  server = new Server({ broker: broker.broker, limits: defaultLimits, clock: systemClock, log: silentLog })
  const bound = await server.listen({ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', hosts: ['127.0.0.1'], port: 0 })
  port = bound.addresses[0]?.port ?? 0
})
beforeEach(() => {
  process.env.PATH = `${folder}${delimiter}${path}`
})
afterEach(() => {
  process.env.PATH = path
  for (const client of clients.splice(0)) client.dispose()
})
afterAll(async () => {
  authority?.dispose()
  await server.stop()
  await broker.dispose()
  rmSync(folder, { recursive: true, force: true })
})

/** A client whose broker has a name that nobody here knows. */
function clientOf(rules: string, settings: Partial<ClientSettings> = {}): KafkaClient {
  const bootstrap = [{ host: 'kafka-0.kafka.prod.svc', port: 9092 }]
  const client = new KafkaClient(
    { ...defaultSettings, clientId: 'tester', bootstrap, routes: readRoutes(rules), ...settings },
    { clock: systemClock },
  )
  clients.push(client)
  return client
}

/** A program of this name on the PATH: JavaScript that sees its arguments, which are noted. */
function program(name: string, body: string): () => string[] {
  const log = join(folder, `${name}.log`)
  rmSync(log, { force: true })
  const text = [
    `#!${process.execPath}`,
    "const { appendFileSync } = require('node:fs')",
    "const { connect, createServer } = require('node:net')",
    'const args = process.argv.slice(2)',
    `appendFileSync(${JSON.stringify(log)}, args.join(' ') + '\\n')`,
    `const broker = () => connect(${port}, '127.0.0.1')`,
    body,
  ].join('\n')
  writeFileSync(join(folder, name), text)
  chmodSync(join(folder, name), 0o755)
  return () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [])
}

describe('SOCKS5', () => {
  test('carries every connection, with the names that the cluster advertises', async () => {
    const proxy = await SocksProxy.start(() => port)
    const client = clientOf(`*=socks5://127.0.0.1:${proxy.port}`)
    await createTopics(client, [{ name: 'over-socks', partitions: 1 }])
    expect((await client.topics(['over-socks'])).map(({ name }) => name)).toEqual(['over-socks'])
    // The first is the bootstrap server; the node has the address that the broker saw.
    expect(proxy.asked[0]).toBe('kafka-0.kafka.prod.svc:9092')
    expect(new Set(proxy.asked.slice(1))).toEqual(new Set([`127.0.0.1:${port}`]))
    proxy.dispose()
  })

  test('with a user, and what the proxy refuses is told', async () => {
    const proxy = await SocksProxy.start(() => port, { user: 'me', password: 'a@b' })
    expect(await clientOf(`*=socks5://me:a%40b@127.0.0.1:${proxy.port}`).nodes()).toHaveLength(1)
    const wrong = clientOf(`*=socks5://me:other@127.0.0.1:${proxy.port}`).nodes()
    await expect(wrong).rejects.toThrow(
      /^socks5:\/\/127\.0\.0\.1:\d+ did not connect to kafka-0\.kafka\.prod\.svc:9092: .*[Aa]uthentication/,
    )
    proxy.reply = 5
    await expect(clientOf(`*=socks5://me:a%40b@127.0.0.1:${proxy.port}`).nodes()).rejects.toThrow(/ConnectionRefused/)
    const { port: closed } = proxy
    proxy.dispose()
    await expect(clientOf(`*=socks5://127.0.0.1:${closed}`).nodes()).rejects.toThrow(
      /There is no SOCKS proxy at 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
    )
  })

  itNeeds([needsOpenssl()], 'keeps the names of TLS', async () => {
    authority = new TestAuthority()
    const identity = authority.issue('/CN=localhost')
    const ca = authority.cert
    const bound = await server.listen({
      name: 'SSL',
      securityProtocol: 'SSL',
      hosts: ['127.0.0.1'],
      port: 0,
      tls: async () => ({ ...identity, ca, clientAuth: 'none' as const }),
    })
    const proxy = await SocksProxy.start(() => bound.addresses[0]?.port ?? 0)
    const rules = `*=socks5://127.0.0.1:${proxy.port}`
    const tls = { material: { ca }, serverName: null, verify: 'full' as const }
    // The certificate is for localhost: nobody listens at its port 1 but the proxy.
    expect(await clientOf(rules, { tls, bootstrap: [{ host: 'localhost', port: 1 }] }).nodes()).toHaveLength(1)
    await expect(clientOf(rules, { tls }).nodes()).rejects.toThrow(
      'The certificate of kafka-0.kafka.prod.svc:9092 is for another name.',
    )
    proxy.dispose()
  })
})

test('a slow link (200 ms, 1 MB/s) shows the first page, and everything that a page asks', async () => {
  const proxy = await KafkaProxy.start(() => port)
  const writer = new KafkaClient(
    { ...defaultSettings, clientId: 'writer', bootstrap: [{ host: '127.0.0.1', port }] },
    { clock: systemClock },
  )
  clients.push(writer)
  await createTopics(writer, [{ name: 'slow', partitions: 12 }])
  const producer = new Producer(writer)
  const value = Buffer.alloc(1000, 'x')
  for (let partition = 0; partition < 12; partition++) {
    const records = Array.from({ length: 50 }, (_, i) => ({ key: null, value, timestamp: start + i }))
    await producer.sendTo('slow', partition, records)
  }
  proxy.slow({ delayMs: 200, bytesPerSecond: 1_000_000 })
  // Every node is dialled at the proxy.
  const client = clientOf(`*=127.0.0.1:${proxy.port}`)
  const lock = new WriteLock({ name: 'slow', stage: null, writing: 'never' }, systemClock)
  const faults: unknown[] = []
  const onError = (error: unknown) => void faults.push(error)
  const source = await remoteSource({ client, lock, clock: systemClock, onError })
  const run = { version: '0', addresses: [], listeners: [], registryUrl: null }
  const desk = createDesk({ source, clock: systemClock, onError, ...run })
  const [here, there] = memoryWires()
  serve(there, desk.handlers, onError)
  const page = connect(here, (work) => setImmediate(work))
  const rows = await new Promise<number>((resolve, reject) => {
    let count = 0
    const search = { topics: ['slow'], partitions: null, from: 'newest', value: null, until: null } as const
    const filter = {
      groupId: null,
      limit: 100,
      committed: false,
      find: '',
      script: '',
      conditions: [],
      after: null,
    } as const
    page.feed(
      'messages.search',
      { ...search, ...filter, follow: null, columns: [] },
      {
        items: (items) => {
          for (const item of items) if (item.kind === 'rows') count += item.rows.length
        },
        failed: (message) => reject(new Error(message)),
        done: () => resolve(count),
      },
    )
  })
  expect(rows).toBe(100)
  const topics = await new Promise<readonly string[]>((resolve, reject) => {
    page.feed('topics', undefined, {
      items: ([lines]) => lines && resolve(lines.map(({ name }) => name)),
      failed: (message) => reject(new Error(message)),
    })
  })
  expect(topics).toContain('slow')
  expect(faults).toEqual([])
  desk.dispose()
  proxy.dispose()
})

describe('ssh -W', () => {
  test('carries every connection by its standard input and output', async () => {
    const calls = program('ssh', 'const to = broker(); process.stdin.pipe(to); to.pipe(process.stdout)')
    const client = clientOf('*=ssh://me@bastion:2222')
    expect(await client.nodes()).toHaveLength(1)
    await client.topics(null)
    expect(calls()[0]).toBe('-W kafka-0.kafka.prod.svc:9092 -p 2222 -- me@bastion')
    expect(calls().at(-1)).toBe(`-W 127.0.0.1:${port} -p 2222 -- me@bastion`)
  })

  test('says what ssh said when it ends, and that it is not there', async () => {
    program('ssh', "process.stderr.write('me@bastion: Permission denied (publickey).\\n'); process.exit(255)")
    await expect(clientOf('*=ssh://me@bastion').nodes()).rejects.toThrow(
      'ssh: me@bastion: Permission denied (publickey).',
    )
    process.env.PATH = join(folder, 'nothing')
    await expect(clientOf('*=ssh://bastion').nodes()).rejects.toThrow('ssh is not installed, or not on the PATH.')
  })
})

describe('kubectl port-forward', () => {
  const forward = [
    'const server = createServer((socket) => { const to = broker(); socket.pipe(to); to.pipe(socket)',
    "  socket.on('error', () => {}); to.on('error', () => {}) })",
    "server.listen(0, '127.0.0.1', () => console.log('Forwarding from 127.0.0.1:' + server.address().port + ' -> 9092'))",
  ].join('\n')

  test('reaches the pod that the name of a broker means', async () => {
    const calls = program('kubectl', forward)
    expect(await clientOf('*.svc=k8s://stage').nodes()).toHaveLength(1)
    expect(calls()).toEqual(['--context stage --namespace prod port-forward --address 127.0.0.1 pod/kafka-0 :9092'])
  })

  test('says what kubectl said when it ends', async () => {
    program(
      'kubectl',
      'process.stderr.write(\'Error from server (NotFound): pods "kafka-0" not found\\n\'); process.exit(1)',
    )
    await expect(clientOf('*.svc=k8s://').nodes()).rejects.toThrow(
      'kubectl: Error from server (NotFound): pods "kafka-0" not found.',
    )
  })
})
