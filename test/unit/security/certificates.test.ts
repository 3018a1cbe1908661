import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { certificatesOf, clientCertificate, storePassword } from '../../../src-main/broker/security/certificates'
import { clientAuthOf } from '../../../src-main/broker/security/listener-configs'
import { subjectOf } from '../../../src-main/server/peer-name'
import { needsOpenssl } from '../../support/certificates'
import { TestBroker } from '../../support/core'
import { itNeeds } from '../../support/require'

let broker: TestBroker
beforeEach(() => {
  broker = new TestBroker({
    'ssl.client.auth': 'required',
    'listener.name.inside.ssl.client.auth': 'requested',
  })
})
afterEach(() => broker.dispose())

const of = (hosts: readonly string[]) => certificatesOf(broker.workspace, broker.clock.now(), hosts)

test('the certificate is valid for every name by which clients come, and is kept while that is so', async () => {
  const first = await of(['127.0.0.1', '10.1.2.3', 'broker.example'])
  const { subjectAltName = '' } = new X509Certificate(first.server.cert)
  for (const name of ['DNS:localhost', 'DNS:host.docker.internal', 'DNS:broker.example', 'IP Address:10.1.2.3']) {
    expect(subjectAltName).toContain(name)
  }
  expect((await of(['broker.example', '10.1.2.3'])).server.cert).toBe(first.server.cert)
  const other = await of(['broker.example'])
  expect(other.server.cert).not.toBe(first.server.cert)
  expect(new X509Certificate(other.server.cert).subjectAltName).not.toContain('10.1.2.3')
  expect(other.authority).toBe(first.authority)
})

test('it is issued again before it ends', async () => {
  const { server, authority } = await of([])
  const days = (server.endsAt - broker.clock.now()) / 86_400_000
  broker.clock.advance((days - 31) * 86_400_000)
  expect((await of([])).server.cert).toBe(server.cert)
  broker.clock.advance(2 * 86_400_000)
  const renewed = await of([])
  expect(renewed.server.cert).not.toBe(server.cert)
  expect(new X509Certificate(renewed.server.cert).verify(new X509Certificate(authority).publicKey)).toBe(true)
})

test('two that ask at the same time get certificates of one authority', async () => {
  const [one, two] = await Promise.all([of([]), clientCertificate(broker.workspace, 'orders', broker.clock.now())])
  const authority = new X509Certificate(one.authority)
  expect(new X509Certificate(two.cert).verify(authority.publicKey)).toBe(true)
  expect((await of([])).authority).toBe(one.authority)
})

test('certificates say what they are for (RFC 5280)', async () => {
  const now = broker.clock.now()
  const { authority, server } = await of(['::1', 'broker.example'])
  const client = await clientCertificate(broker.workspace, 'Shop, "north"', now)
  const [root, leaf, user] = [authority, server.cert, client.cert].map((pem) => new X509Certificate(pem))
  expect(root!.ca).toBe(true)
  expect([leaf!.ca, user!.ca]).toEqual([false, false])
  expect(leaf!.checkIssued(root!) && user!.checkIssued(root!)).toBe(true)
  expect(leaf!.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'])
  expect(user!.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  expect(leaf!.checkIP('::1') && leaf!.checkHost('broker.example')).toBe('broker.example')
  expect(user!.checkPrivateKey(createPrivateKey(client.key))).toBe(true)
  expect(subjectOf(user!.raw)).toBe('CN=Shop\\, \\"north\\"')
  expect(new Date(leaf!.validFrom).getTime()).toBe(Math.floor((now - 86_400_000) / 1000) * 1000)
  // Positive, and of its own.
  expect(new Set([root, leaf, user].map((one) => one!.serialNumber)).size).toBe(3)
  expect([root, leaf, user].every((one) => /^01[0-9A-F]{30}$/.test(one!.serialNumber))).toBe(true)
})

itNeeds([needsOpenssl()], 'OpenSSL accepts them in its strictest mode, as Python 3.13 asks for', async () => {
  const now = Date.now()
  const { authority, server } = await certificatesOf(broker.workspace, now, [])
  const client = await clientCertificate(broker.workspace, 'orders', now)
  const folder = mkdtempSync(join(tmpdir(), 'ottla-certificates-'))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const leaves = [file('server.pem', server.cert), file('client.pem', client.cert)]
  const args = ['verify', '-x509_strict', '-CAfile', file('authority.pem', authority), ...leaves]
  expect(execFileSync('openssl', args, { encoding: 'utf8' })).toBe(leaves.map((leaf) => `${leaf}: OK\n`).join(''))
  rmSync(folder, { recursive: true })
})

itNeeds([needsOpenssl()], 'a PKCS12 holds key and certificates, as OpenSSL reads it', async () => {
  const client = await clientCertificate(broker.workspace, 'Ünï', broker.clock.now())
  const read = (...args: readonly string[]) =>
    execFileSync('openssl', ['pkcs12', '-passin', `pass:${storePassword}`, ...args], {
      input: client.pkcs12,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  const key = /-----BEGIN PRIVATE KEY-----[\s\S]+-----END PRIVATE KEY-----\n/.exec(read('-nodes', '-nocerts'))?.[0]
  expect(key).toBe(client.key)
  const certificates = read('-nokeys').match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)
  const { authority } = await of([])
  expect(certificates?.map((pem) => new X509Certificate(pem).fingerprint256)).toEqual(
    [client.cert, authority].map((pem) => new X509Certificate(pem).fingerprint256),
  )
  expect(() =>
    execFileSync('openssl', ['pkcs12', '-passin', 'pass:other', '-nodes'], {
      input: client.pkcs12,
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  ).toThrow(/mac verify/i)
})

test('ssl.client.auth is for listeners of TLS alone; where users log in, only what names the listener counts', () => {
  const asked = (name: string, securityProtocol: 'SSL' | 'SASL_SSL' | 'PLAINTEXT') =>
    clientAuthOf(broker.core.configs, { name, securityProtocol })
  expect(asked('SSL', 'SSL')).toBe('required')
  expect(asked('SASL_SSL', 'SASL_SSL')).toBe('none')
  expect(asked('INSIDE', 'SASL_SSL')).toBe('requested')
  expect(asked('PLAINTEXT', 'PLAINTEXT')).toBe('none')
})
