import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { systemClock } from '../../../src-main/base/clock'
import { silentLog } from '../../../src-main/base/log'
import { KafkaClient } from '../../../src-main/client/client'
import { readClientConfig } from '../../../src-main/client/config/client-config'
import { ClientError } from '../../../src-main/client/failures'
import { defaultSettings, type TlsSettings } from '../../../src-main/client/settings'
import { defaultLimits } from '../../../src-main/server/limits'
import type { TlsOptions } from '../../../src-main/server/listener'
import { Server } from '../../../src-main/server/server'
import { type Identity, needsOpenssl, TestAuthority } from '../../support/certificates'
import { TestBroker } from '../../support/core'
import { itNeeds } from '../../support/require'

const openssl = [needsOpenssl()]
const keytool = spawnSync('keytool', ['-help']).error ? { missing: 'no keytool' } : {}
let authority: TestAuthority
let other: TestAuthority
let identity: Identity
let served: Identity
let broker: TestBroker
let server: Server
const clients: KafkaClient[] = []

beforeAll(() => {
  if (openssl[0]!.missing) return
  authority = new TestAuthority()
  other = new TestAuthority()
  identity = authority.issue('/CN=Alice')
  served = authority.issue('/CN=localhost')
})
afterAll(() => {
  authority?.dispose()
  other?.dispose()
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.dispose()
  await server.stop()
  await broker.dispose()
})

async function listen(tls: TlsOptions['clientAuth'] | null, port = 0): Promise<number> {
  broker = new TestBroker()
  server = new Server({ broker: broker.broker, limits: defaultLimits, clock: systemClock, log: silentLog })
  const listener = await server.listen({
    name: tls ? 'SSL' : 'PLAINTEXT',
    securityProtocol: tls ? 'SSL' : 'PLAINTEXT',
    hosts: ['127.0.0.1'],
    port,
    ...(tls ? { tls: async () => ({ ...served, ca: authority.cert, clientAuth: tls }) } : {}),
  })
  return listener.addresses[0]!.port
}

/** What the first call ends with; the port is written as PORT. */
async function outcome(port: number, tls: Partial<TlsSettings> | null, host = '127.0.0.1'): Promise<string> {
  const settings = {
    ...defaultSettings,
    clientId: 'tester',
    bootstrap: [{ host, port }],
    tls: tls && { material: {}, serverName: null, verify: 'full' as const, ...tls },
  }
  const client = new KafkaClient(settings, { clock: systemClock })
  clients.push(client)
  try {
    return `${(await client.nodes()).length} node`
  } catch (error) {
    if (error instanceof ClientError) return `${error.problem}: ${error.message}`.replaceAll(String(port), 'PORT')
    throw error
  }
}

describe('a client with TLS', () => {
  itNeeds(openssl, 'trusts the authority that it is given, and no other', async () => {
    const port = await listen('none')
    expect(await outcome(port, { material: { ca: authority.cert } })).toBe('1 node')
    expect(await outcome(port, { material: { ca: other.cert } })).toBe(
      'tls: The certificate of 127.0.0.1:PORT is not signed by a trusted authority: set ssl.truststore.location (Java) or ssl.ca.location (librdkafka) to its authority.',
    )
    expect(await outcome(port, {})).toContain('is not signed by a trusted authority')
    expect(await outcome(port, { verify: 'none' })).toBe('1 node')
  })

  itNeeds([...openssl, keytool], 'trusts the authorities of a PKCS12 store, of keytool and of openssl', async () => {
    const port = await listen('none')
    const folder = mkdtempSync(join(tmpdir(), 'ottla-p12-'))
    const inFolder = (program: string, args: readonly string[]) =>
      execFileSync(program, args, { cwd: folder, stdio: 'pipe' })
    try {
      writeFileSync(join(folder, 'ca.pem'), authority.cert)
      const store = ['-keystore', 'java.jks', '-storepass', 'changeit', '-storetype', 'PKCS12']
      inFolder('keytool', ['-importcert', '-noprompt', '-alias', 'ca', '-file', 'ca.pem', ...store])
      const exported = ['-nokeys', '-in', 'ca.pem', '-out', 'openssl.p12', '-passout', 'pass:changeit']
      inFolder('openssl', ['pkcs12', '-export', ...exported])
      const trusting = (file: string, password: string) => {
        const lines = ['security.protocol=SSL', `ssl.truststore.location=${join(folder, file)}`]
        const { settings } = readClientConfig([...lines, `ssl.truststore.password=${password}`].join('\n'), Date.now)
        return settings.tls
      }
      for (const file of ['java.jks', 'openssl.p12']) {
        expect(await outcome(port, trusting(file, 'changeit'))).toBe('1 node')
        const wrong = outcome(port, trusting(file, 'not the password'))
        await expect(wrong).rejects.toThrow(
          /^ssl\.truststore\.location is a PKCS12 store that cannot be read: (?!.*not the)/,
        )
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  itNeeds(openssl, 'checks the name, unless that is switched off', async () => {
    const port = await listen('none')
    const material = { ca: authority.cert }
    expect(await outcome(port, { material, serverName: 'kafka.example' })).toBe(
      'tls: The certificate of 127.0.0.1:PORT is for another name. ssl.endpoint.identification.algorithm without a value switches this check off.',
    )
    expect(await outcome(port, { material, serverName: 'kafka.example', verify: 'chain' })).toBe('1 node')
    expect(await outcome(port, { material: { ca: other.cert }, verify: 'chain' })).toContain('trusted authority')
  })

  itNeeds(openssl, 'shows its certificate, and is told when one is wanted', async () => {
    const port = await listen('required')
    const material = { ca: authority.cert }
    expect(await outcome(port, { material: { ...material, ...identity } })).toBe('1 node')
    expect(await outcome(port, { material })).toContain(
      'it wants a client certificate that it trusts, set ssl.keystore.location (Java) or ssl.certificate.location (librdkafka).',
    )
  })

  itNeeds([...openssl, keytool], 'shows its certificate of a key store, JKS or PKCS12', async () => {
    const port = await listen('required')
    const folder = mkdtempSync(join(tmpdir(), 'ottla-keys-'))
    const inFolder = (program: string, args: readonly string[]) =>
      execFileSync(program, args, { cwd: folder, stdio: 'pipe' })
    try {
      writeFileSync(join(folder, 'ca.pem'), authority.cert)
      writeFileSync(join(folder, 'alice.pem'), identity.cert + identity.key)
      const named = ['-name', 'alice', '-passout', 'pass:changeit']
      inFolder('openssl', ['pkcs12', '-export', '-in', 'alice.pem', '-out', 'alice.p12', ...named])
      const from = ['-srckeystore', 'alice.p12', '-srcstoretype', 'PKCS12', '-srcstorepass', 'changeit']
      const to = ['-destkeystore', 'alice.jks', '-deststoretype', 'JKS', '-deststorepass', 'store-pass']
      const one = ['-alias', 'alice', '-srckeypass', 'changeit', '-destkeypass', 'key-pass']
      inFolder('keytool', ['-importkeystore', '-noprompt', ...from, ...to, ...one])
      const showing = (file: string, ...more: readonly string[]) => {
        const lines = ['security.protocol=SSL', `ssl.truststore.location=${join(folder, 'ca.pem')}`]
        const store = [`ssl.keystore.location=${join(folder, file)}`, ...more]
        return readClientConfig([...lines, ...store].join('\n'), Date.now).settings.tls
      }
      const jks = ['ssl.keystore.password=store-pass', 'ssl.key.password=key-pass']
      expect(await outcome(port, showing('alice.p12', 'ssl.keystore.password=changeit'))).toBe('1 node')
      expect(await outcome(port, showing('alice.jks', ...jks))).toBe('1 node')
      const wrong = () => showing('alice.jks', 'ssl.keystore.password=store-pass', 'ssl.key.password=hush')
      expect(wrong).toThrow(/^ssl\.keystore\.location cannot be read: the password of its private key is wrong\.$/)
      expect(() => showing('alice.jks')).toThrow('ssl.keystore.location is a JKS store: set its password')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  itNeeds(
    openssl,
    'that is open says when the broker has a certificate of another authority, and goes on with a right one',
    async () => {
      const port = await listen('none')
      const tls = { material: { ca: authority.cert }, serverName: null, verify: 'full' as const }
      const settings = { ...defaultSettings, clientId: 'tester', bootstrap: [{ host: '127.0.0.1', port }], tls }
      const client = new KafkaClient(settings, { clock: systemClock })
      clients.push(client)
      expect(await client.nodes()).toHaveLength(1)
      const [right, wrong] = [served, other.issue('/CN=localhost')]
      served = wrong
      await server.stop()
      await broker.dispose()
      await listen('none', port)
      await expect(client.nodes()).rejects.toThrow(
        `The certificate of 127.0.0.1:${port} is not signed by a trusted authority`,
      )
      served = right
      await server.stop()
      await broker.dispose()
      await listen('none', port)
      expect(await client.nodes()).toHaveLength(1)
    },
  )

  itNeeds(openssl, 'at a listener without TLS says what to set', async () => {
    const port = await listen(null)
    expect(await outcome(port, { material: { ca: authority.cert } })).toBe(
      'tls: 127.0.0.1:PORT does not speak TLS: set security.protocol=PLAINTEXT, or SASL_PLAINTEXT with a user.',
    )
  })
})

describe('a client without TLS', () => {
  itNeeds(openssl, 'at a TLS listener says what to set', async () => {
    const port = await listen('none')
    expect(await outcome(port, null)).toContain('set security.protocol=SSL, or SASL_SSL with a user.')
  })
})
