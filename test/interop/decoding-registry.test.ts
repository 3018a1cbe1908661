import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsOpenssl, TestAuthority } from '../support/certificates'
import { ClusterPages } from '../support/cluster-pages'
import { TestPage } from '../support/page'
import { itNeeds } from '../support/require'

const token = 'a-token'
const order = '{"type":"record","name":"Order","fields":[{"name":"id","type":"long"},{"name":"note","type":"string"}]}'

/** A registry elsewhere, behind TLS with an authority of its own and a bearer token; values are read with it. */
describe('messages are read with a registry elsewhere', () => {
  let authority: TestAuthority
  let home: BrokerProcess
  let folder: string
  let lines: string[]
  let file: string
  let closeProxy: () => void
  let id: number

  beforeAll(async () => {
    if (needsOpenssl().missing) return
    authority = new TestAuthority()
    home = await BrokerProcess.start({ memory: true })
    const registry = home.ready.registry
    const registered = await fetch(`${registry}/subjects/orders-value/versions`, {
      method: 'POST',
      body: JSON.stringify({ schema: order }),
    })
    id = ((await registered.json()) as { id: number }).id
    const proxy = createServer(authority.issue('/CN=localhost'), ({ url, headers }, response) => {
      if (headers.authorization !== `Bearer ${token}`) {
        response.writeHead(401).end('{"error_code":401,"message":"Unauthorized"}')
        return
      }
      fetch(`${registry}${url}`).then(
        async (answer) => response.writeHead(answer.status).end(await answer.text()),
        () => response.writeHead(502).end(),
      )
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    closeProxy = () => {
      proxy.close()
      proxy.closeAllConnections()
    }
    folder = mkdtempSync(join(tmpdir(), 'ottla-decoding-'))
    const ca = join(folder, 'ca.pem')
    writeFileSync(ca, authority.cert)
    lines = [
      `schema.registry.url=https://localhost:${(proxy.address() as AddressInfo).port}`,
      'bearer.auth.credentials.source=STATIC_TOKEN',
      `bearer.auth.token=${token}`,
      `schema.registry.ssl.truststore.location=${ca}`,
    ]
    file = join(folder, 'registry.properties')
    writeFileSync(file, lines.join('\n'))
  }, 60_000)
  afterAll(async () => {
    closeProxy?.()
    await home?.dispose()
    authority?.dispose()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  /** An order as an Avro serializer writes it: zero, the schema's id, 2^53 + 1, "hi". */
  const framed = () => Buffer.from([0, 0, 0, 0, id, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x04, 0x68, 0x69])

  async function produce(address: string): Promise<void> {
    const producer = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).producer()
    await producer.connect()
    await producer.send({ topic: 'orders', messages: [{ value: framed() }] })
    await producer.disconnect()
  }

  const valueIn = async (pages: { readonly ready: { readonly ui: string | null } }) => {
    const page = await TestPage.open(pages)
    const rows = await page.search({ topics: ['orders'] })
    const registry = await page.picture('registry')
    page.close()
    return { value: rows[0]?.value, registry }
  }
  const read = {
    kind: 'avro',
    text: '{"id":9007199254740993,"note":"hi"}',
    schema: { subject: 'orders-value', version: 1 },
  }

  itNeeds([needsOpenssl()], 'that --decoding-registry names, of a broker whose own registry is empty', async () => {
    const broker = await BrokerProcess.start({ memory: true, ui: true, args: ['--decoding-registry', file] })
    try {
      await produce(broker.address)
      const { value, registry } = await valueIn(broker)
      expect(value).toMatchObject(read)
      expect(JSON.stringify(registry)).not.toContain(token)
      expect(registry).toMatchObject({ fixed: expect.anything(), auth: 'bearer', hasSecret: true })
      expect(await (await fetch(`${broker.ready.registry}/subjects`)).json()).toEqual([])
    } finally {
      await broker.dispose()
    }
  })

  itNeeds([needsOpenssl()], "that a cluster's file or --decoding-registry names, of a cluster elsewhere", async () => {
    await produce(home.address)
    for (const [args, more] of [
      [[], lines],
      [['--decoding-registry', file], []],
    ] as const) {
      const pages = await ClusterPages.start(home.address, args, more)
      try {
        expect((await valueIn(pages)).value).toMatchObject(read)
      } finally {
        await pages.stop()
      }
    }
    // Without the authority the value says why it cannot be read.
    const untrusted = lines.filter((line) => !line.includes('truststore'))
    const pages = await ClusterPages.start(home.address, [], untrusted)
    try {
      expect((await valueIn(pages)).value).toMatchObject({ problem: expect.stringContaining('certificate') })
    } finally {
      await pages.stop()
    }
  })
})
