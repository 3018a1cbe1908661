import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { createLog } from '../../../src-main/base/log'
import { pkcs12 } from '../../../src-main/broker/security/pkcs12'
import type { ListenerCertificate } from '../../../src-main/contract/security'
import { openListeners } from '../../../src-main/listeners'
import { errorName } from '../../../src-main/protocol/errors'
import { defaultLimits } from '../../../src-main/server/limits'
import { Server } from '../../../src-main/server/server'
import { type Identity, needsOpenssl, TestAuthority } from '../../support/certificates'
import { TestBroker } from '../../support/core'
import { itNeeds } from '../../support/require'

/*
 * What Apache Kafka 4.4.0 answered with an SSL listener: a keystore that cannot be read, or whose certificate is for another name, is
 * INVALID_REQUEST (SslFactory.validateReconfiguration); neither the configs nor the certificate change then.
 */
const openssl = [needsOpenssl()]
/** Windows has none in folders. */
const hasPipes = process.platform !== 'win32'
const keystore = 'listener.name.ssl.ssl.keystore.location'
const truststore = 'listener.name.ssl.ssl.truststore.location'
let authority: TestAuthority
let folder: string
let broker: TestBroker
let server: Server
let end: () => void
let presented: () => readonly ListenerCertificate[]

beforeAll(async () => {
  if (openssl[0]!.missing) return
  authority = new TestAuthority()
  folder = mkdtempSync(join(tmpdir(), 'ottla-keystores-'))
  const first = store('first.pem', authority.issue('/O=Shop/CN=broker'))
  writeFileSync(path('live.pem'), `${first.cert}${first.key}`)
  store('again.pem', authority.issue('/O=Shop/CN=broker'))
  store('case.pem', authority.issue('/O=SHOP/CN=Broker'))
  const elsewhere = store('elsewhere.pem', authority.issue('/O=Shop/CN=elsewhere'))
  store('fewer.pem', authority.issue('/O=Shop/CN=broker', 'DNS:localhost'))
  store('more.pem', authority.issue('/O=Shop/CN=broker', 'DNS:localhost,IP:127.0.0.1,DNS:more.example'))
  writeFileSync(path('mismatch.pem'), `${elsewhere.key}${first.cert}`)
  writeFileSync(path('corrupt.pem'), `${first.key}${first.cert.slice(0, 300)}`)
  writeFileSync(path('text.pem'), 'hello')
  writeFileSync(path('first.p12'), authority.pkcs12(first, 'secret'))
  writeFileSync(path('elsewhere.p12'), authority.pkcs12(elsewhere, 'secret'))
  const chain = [new X509Certificate(elsewhere.cert).raw]
  writeFileSync(path('named.p12'), await pkcs12({ name: 'Elsewhere', key: elsewhere.key, chain }, 'secret'))
  writeFileSync(path('trusted.pem'), authority.cert)
  if (hasPipes) execFileSync('mkfifo', [path('fifo')])
  writeFileSync(path('huge.pem'), '')
  truncateSync(path('huge.pem'), 16 * 1024 * 1024 + 1)
})
afterAll(() => {
  authority?.dispose()
  if (folder) rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  end?.()
  await server?.stop()
  await broker?.dispose()
})

const path = (name: string) => join(folder, name)

function store(name: string, identity: Identity): Identity {
  writeFileSync(path(name), `${identity.cert}${identity.key}`)
  return identity
}

async function open(config: Readonly<Record<string, string>>): Promise<void> {
  broker = new TestBroker(config)
  const { workspace, clock, core } = broker
  const log = createLog('server', 'error', () => {}, Date.now)
  server = new Server({ broker: broker.broker, limits: defaultLimits, clock, log })
  const listener = { name: 'SSL', securityProtocol: 'SSL', hosts: ['127.0.0.1'], port: 0, advertise: null } as const
  const opened = await openListeners([listener], { server, workspace, configs: core.configs, clock, log })
  end = opened.end
  presented = opened.certificates
}

/** `NONE`, or the error and its sentence. A value of `null` deletes. */
async function alter(
  values: Readonly<Record<string, string | null>>,
  { validateOnly = false, broker: resourceName = '1' } = {},
): Promise<string> {
  const configs = Object.entries(values).map(([name, value]) => ({
    name,
    configOperation: value === null ? 1 : 0,
    value,
  }))
  const resources = [{ resourceType: 4, resourceName, configs }]
  const { responses } = await broker.client().ask('IncrementalAlterConfigs', 1, { resources, validateOnly })
  const { errorCode, errorMessage } = responses[0]!
  return errorCode === 0 ? 'NONE' : `${errorName(errorCode)} ${errorMessage}`
}

/** As `alter`, in the old form: what is not named is deleted. */
async function replace(values: Readonly<Record<string, string>>): Promise<string> {
  const configs = Object.entries(values).map(([name, value]) => ({ name, value }))
  const resources = [{ resourceType: 4, resourceName: '1', configs }]
  const { responses } = await broker.client().ask('AlterConfigs', 2, { resources, validateOnly: false })
  return responses[0]!.errorCode === 0 ? 'NONE' : `${errorName(responses[0]!.errorCode)} ${responses[0]!.errorMessage}`
}

const stored = () => Object.fromEntries(broker.core.configs.overrides({ type: 'broker', name: '1' }))
const refused = (why: string) => ({
  asymmetricMatch: (answer: string) =>
    answer.startsWith(refusal) && answer.includes(why) && answer.endsWith(refusalEnd),
  toString: () => `${refusal}…${why}…${refusalEnd}`,
})
const refusal =
  'INVALID_REQUEST Invalid value org.apache.kafka.common.config.ConfigException: Validation of dynamic config update of SSLFactory failed: '
const refusalEnd = ' for configuration Invalid dynamic configuration'
const fingerprintOf = (file: string) => new X509Certificate(readFileSync(path(file))).fingerprint256
/** New connections get it from now on: the listener takes it after the answer. */
const isPresented = (file: string) => expect.poll(() => presented()[0]?.fingerprint).toBe(fingerprintOf(file))

describe('altered keystores', () => {
  itNeeds(openssl, 'are refused when they cannot be read, and nothing changes', async () => {
    await open({ [keystore]: path('first.pem') })
    const before = presented()[0]
    const cases: readonly (readonly [string, string])[] = [
      [path('absent.pem'), 'cannot be read: ENOENT'],
      [path('corrupt.pem'), 'cannot be used'],
      [path('text.pem'), 'neither PEM, JKS nor PKCS12'],
      // Kafka takes a key of another certificate, and no client can connect from then on.
      [path('mismatch.pem'), 'key values mismatch'],
      [folder, 'is not a file'],
      // The broker would wait for somebody to write into it.
      ...(hasPipes ? [[path('fifo'), 'is not a file'] as const] : []),
      [path('huge.pem'), 'is larger than 16 MiB'],
      ['', 'names no file'],
    ]
    for (const [file, why] of cases) {
      expect(await alter({ [keystore]: file })).toEqual(refused(why))
      expect(await replace({ [keystore]: file })).toEqual(refused(why))
    }
    const wrong = { [keystore]: path('first.p12'), 'listener.name.ssl.ssl.keystore.password': 'wrong' }
    expect(await alter(wrong)).toEqual(refused('mac verify failure'))
    expect([stored(), presented()[0]]).toEqual([{}, before])
    expect(await alter({ ...wrong, 'listener.name.ssl.ssl.keystore.password': 'secret' })).toBe('NONE')
  })

  itNeeds(openssl, 'are refused for another name, and taken for more names', async () => {
    await open({ [keystore]: path('first.pem') })
    expect(await alter({ [keystore]: path('elsewhere.pem') })).toEqual(
      refused(
        'org.apache.kafka.common.config.ConfigException: Keystore DistinguishedName does not match:  existing={alias=kafka, DN=CN=broker, O=Shop}, new={alias=kafka, DN=CN=elsewhere, O=Shop}',
      ),
    )
    expect(await alter({ [keystore]: path('fewer.pem') })).toEqual(
      refused(
        'org.apache.kafka.common.config.ConfigException: Keystore SubjectAltNames do not match:  existing={alias=kafka, SAN=[[2, localhost], [7, 127.0.0.1]]}, new={alias=kafka, SAN=[[2, localhost]]}',
      ),
    )
    const password = { 'listener.name.ssl.ssl.keystore.password': 'secret' }
    for (const [file, alias] of [
      ['elsewhere.p12', '1'],
      ['named.p12', 'elsewhere'],
    ] as const) {
      expect(await alter({ ...password, [keystore]: path(file) })).toEqual(
        refused(`existing={alias=kafka, DN=CN=broker, O=Shop}, new={alias=${alias}, DN=CN=elsewhere, O=Shop}`),
      )
    }
    expect(stored()).toEqual({})
    // Names are compared without regard to case (X500Principal).
    for (const file of ['again.pem', 'case.pem', 'more.pem']) {
      expect(await alter({ [keystore]: path(file) })).toBe('NONE')
      await isPresented(file)
    }
    // Back to that of the start, which is for fewer names now.
    expect(await alter({ [keystore]: null })).toEqual(refused('Keystore SubjectAltNames do not match: '))
    expect(stored()).toEqual({ [keystore]: path('more.pem') })
  })

  itNeeds(openssl, 'may be for another name where configs of the start allow it', async () => {
    const allowed = { 'listener.name.ssl.ssl.allow.dn.changes': 'true', 'ssl.allow.san.changes': 'true' }
    await open({ [keystore]: path('more.pem'), ...allowed })
    expect(await alter({ [keystore]: path('elsewhere.pem') })).toBe('NONE')
    await isPresented('elsewhere.pem')
    expect(await alter({ [keystore]: path('fewer.pem') })).toBe('NONE')
    await isPresented('fewer.pem')
  })

  itNeeds(openssl, 'that are only validated are not taken', async () => {
    await open({ [keystore]: path('first.pem') })
    const before = presented()[0]
    expect(await alter({ [keystore]: path('absent.pem') }, { validateOnly: true })).toEqual(refused('ENOENT'))
    expect(await alter({ [keystore]: path('again.pem') }, { validateOnly: true })).toBe('NONE')
    expect([stored(), presented()[0]]).toEqual([{}, before])
  })

  itNeeds(openssl, 'are not added to an open listener without one; nor is a trust store', async () => {
    await open({})
    const added = await alter({ [keystore]: path('first.pem') })
    expect(added).toEqual(
      refused('Cannot add SSL keystore to an existing listener for which no keystore was configured'),
    )
    const trusting = await alter({ [truststore]: path('trusted.pem') })
    expect(trusting).toEqual(
      refused('Cannot add SSL truststore to an existing listener for which no truststore was configured'),
    )
    expect(await alter({ [truststore]: path('text.pem') })).toEqual(refused('neither PEM, JKS nor PKCS12'))
    expect(presented()[0]).toMatchObject({ keystore: null, problem: null })
  })

  itNeeds(openssl, 'are not looked at for listeners that are not open, or when other configs change', async () => {
    await open({ [keystore]: path('live.pem') })
    expect(await alter({ 'listener.name.other.ssl.keystore.location': path('absent.pem') })).toBe('NONE')
    writeFileSync(path('live.pem'), 'broken')
    expect(await alter({ 'log.retention.ms': '1000' })).toBe('NONE')
    // The same value again is no change: the file is read, and the old certificate stays.
    expect(await alter({ [keystore]: path('live.pem') })).toBe('NONE')
    await expect.poll(() => presented()[0]?.problem).toContain('neither PEM, JKS nor PKCS12')
  })

  itNeeds(openssl, 'belong to one broker: as a default of all they are refused', async () => {
    await open({ [keystore]: path('first.pem') })
    const all = (name: string, value: string) => alter({ [name]: value }, { broker: '' })
    expect(await all(keystore, path('again.pem'))).toBe(
      `INVALID_REQUEST Cannot update these configs at default cluster level, broker id must be specified: [${keystore}]`,
    )
    expect(await all('listener.name.ssl.max.connections', '100')).toBe('NONE')
  })
})

describe('what a listener presents', () => {
  itNeeds(
    openssl,
    'is not changed by ssl.client.auth until it is opened again, which Kafka accepts all the same',
    async () => {
      await open({ [keystore]: path('first.pem'), 'listener.name.ssl.ssl.client.auth': 'requested' })
      expect(await alter({ 'listener.name.ssl.ssl.client.auth': 'required', [keystore]: path('again.pem') })).toBe(
        'NONE',
      )
      await isPresented('again.pem')
      expect(presented()[0]?.clientAuth).toBe('requested')
    },
  )

  itNeeds(openssl, 'is told with its names, its times and where it is from', async () => {
    await open({ 'ssl.keystore.location': path('first.p12'), 'ssl.keystore.password': 'secret' })
    const { validFrom, validTo } = new X509Certificate(readFileSync(path('first.pem')))
    expect(presented()).toEqual([
      {
        listener: 'SSL',
        subject: 'CN=broker,O=Shop',
        issuer: 'CN=Test authority',
        names: ['localhost', '127.0.0.1'],
        fingerprint: fingerprintOf('first.pem'),
        startsAt: Date.parse(validFrom),
        endsAt: Date.parse(validTo),
        keystore: { config: 'ssl.keystore.location', location: path('first.p12') },
        clientAuth: 'none',
        truststore: null,
        problem: null,
      },
    ])
  })

  itNeeds(openssl, 'comes from where it was read, not from where configs say that another is', async () => {
    await open({ [keystore]: path('first.pem') })
    // The file was there when the config was altered, and is gone now.
    broker.core.configs.set({ type: 'broker', name: '1' }, new Map([[keystore, path('absent.pem')]]))
    await expect.poll(() => presented()[0]?.problem).toContain('cannot be read: ENOENT')
    expect(presented()[0]?.keystore).toEqual({ config: keystore, location: path('first.pem') })
    broker.core.configs.set({ type: 'broker', name: '1' }, new Map([[keystore, path('again.pem')]]))
    await expect.poll(() => presented()[0]?.keystore).toEqual({ config: keystore, location: path('again.pem') })
    expect(presented()[0]).toMatchObject({ fingerprint: fingerprintOf('again.pem'), problem: null })
  })

  itNeeds(openssl, 'may be a text of PEM, or the certificate of the workspace', async () => {
    const { cert, key } = authority.issue('/CN=text')
    await open({ 'listener.name.ssl.ssl.keystore.certificate.chain': cert, 'listener.name.ssl.ssl.keystore.key': key })
    const config = 'listener.name.ssl.ssl.keystore.certificate.chain'
    expect(presented()[0]).toMatchObject({ subject: 'CN=text', keystore: { config, location: null }, truststore: null })
    end()
    await server.stop()
    await broker.dispose()
    await open({ [truststore]: path('trusted.pem') })
    const trusted = { config: truststore, location: path('trusted.pem') }
    expect(presented()[0]).toMatchObject({ subject: 'CN=localhost', keystore: null, truststore: trusted })
    expect(presented()[0]?.names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', '::1']))
  })
})
