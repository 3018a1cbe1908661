import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBootstrap, readClientConfig } from '../../../src-main/client/config/client-config'
import { readJaas, readProperties, SettingsError } from '../../../src-main/client/config/properties'
import { trustStore } from '../../../src-main/security/jks'

const now = () => 1_767_225_600_000
const read = (text: string) => readClientConfig(text, now)

describe('properties', () => {
  it('are read as java.util.Properties reads them', () => {
    const text = [
      '# a comment = no',
      '! neither',
      'a=1',
      'b : 2',
      'c 3',
      'd=one \\',
      '   two',
      'e\\=f=g\\u0041\\t.',
      '  indented = x = y ',
      'empty=',
      'a=last',
    ].join('\r\n')
    expect([...readProperties(text)]).toEqual([
      ['a', 'last'],
      ['b', '2'],
      ['c', '3'],
      ['d', 'one two'],
      ['e=f', 'gA\t.'],
      ['indented', 'x = y '],
      ['empty', ''],
    ])
  })

  it('of librdkafka have no escapes', () => {
    const found = readProperties('sasl.username=a\\b\nsasl.password=p=\\w:\n')
    expect(found.get('sasl.username')).toBe('a\\b')
    expect(found.get('sasl.password')).toBe('p=\\w:')
  })
})

describe('sasl.jaas.config', () => {
  it('gives the module and its options', () => {
    const { module, options } = readJaas(
      'org.apache.kafka.common.security.plain.PlainLoginModule required username="a\\"b" password=\'c d\' x=y;',
    )
    expect(module).toBe('PlainLoginModule')
    expect(Object.fromEntries(options)).toEqual({ username: 'a"b', password: 'c d', x: 'y' })
  })

  it('that is broken is refused without showing a password', () => {
    expect(() => readJaas('PlainLoginModule username="a"')).toThrow(SettingsError)
    for (const text of ['x.Y required password="secret', 'x.Y required "secret";']) {
      expect(() => readJaas(text)).toThrow(/^(?!.*secret)/)
    }
  })
})

describe('bootstrap.servers', () => {
  it('are hosts with ports', () => {
    expect(readBootstrap('a:9092, [::1]:9093,PLAINTEXT://b:1')).toEqual([
      { host: 'a', port: 9092 },
      { host: '::1', port: 9093 },
      { host: 'b', port: 1 },
    ])
    for (const text of ['', 'a', 'a:0', 'a:70000', ':1']) expect(() => readBootstrap(text)).toThrow(SettingsError)
  })
})

describe('the configuration of a client', () => {
  let folder: string
  const file = (name: string, content: string | Buffer) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ottla-config-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('in the words of Java', async () => {
    const ca = file('ca.pem', '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n')
    const { settings, ignored } = read(
      [
        'bootstrap.servers=kafka:9093',
        'client.id=shop',
        'security.protocol=SASL_SSL',
        `ssl.truststore.location=${ca}`,
        'ssl.truststore.type=PEM',
        'ssl.endpoint.identification.algorithm=',
        'sasl.mechanism=SCRAM-SHA-512',
        'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\',
        '  username="alice" password="secret";',
        'default.api.timeout.ms=5000',
        'ssl.cipher.suites=TLS_X',
        'acks=all',
      ].join('\n'),
    )
    expect(settings).toMatchObject({
      bootstrap: [{ host: 'kafka', port: 9093 }],
      clientId: 'shop',
      callTimeoutMs: 5000,
      tls: { verify: 'chain', material: { ca: expect.stringContaining('BEGIN CERTIFICATE') } },
      sasl: { mechanism: 'SCRAM-SHA-512' },
    })
    expect(await settings.sasl?.credentials()).toEqual({
      mechanism: 'SCRAM-SHA-512',
      user: 'alice',
      password: 'secret',
    })
    expect(ignored).toEqual(['ssl.cipher.suites'])
  })

  it('in the words of librdkafka', async () => {
    const ca = file('ca.pem', '-----BEGIN CERTIFICATE-----\n')
    const { settings, ignored } = read(
      [
        'metadata.broker.list=kafka:9093',
        'security.protocol=sasl_ssl',
        'sasl.mechanisms=PLAIN',
        'sasl.username=$ConnectionString',
        'sasl.password=Endpoint=sb://x/;Key=a\\b==',
        `ssl.ca.location=${ca}`,
        'enable.ssl.certificate.verification=false',
      ].join('\n'),
    )
    expect(settings).toMatchObject({ bootstrap: [{ host: 'kafka', port: 9093 }], tls: { verify: 'none' } })
    expect(await settings.sasl?.credentials()).toMatchObject({
      user: '$ConnectionString',
      password: 'Endpoint=sb://x/;Key=a\\b==',
    })
    expect(ignored).toEqual([])
  })

  it('with a JKS trusts the certificates in it', () => {
    const store = file('trust.jks', trustStore('ca', Buffer.from('certificate'), 'changeit', now()))
    const { settings } = read(
      `security.protocol=SSL\nssl.truststore.location=${store}\nssl.truststore.password=changeit`,
    )
    expect(settings.tls?.material.ca).toEqual([
      `-----BEGIN CERTIFICATE-----\n${Buffer.from('certificate').toString('base64')}\n-----END CERTIFICATE-----\n`,
    ])
  })

  it('without security settings is plain', () => {
    expect(read('ssl.truststore.location=/nowhere').settings).toEqual({ tls: null, sasl: null })
  })

  it('with an unsecured token makes one that begins now', async () => {
    const { settings } = read(
      'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=OAUTHBEARER\nsasl.jaas.config=x.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="alice" extension_a="b";',
    )
    const credentials = await settings.sasl?.credentials()
    if (credentials?.mechanism !== 'OAUTHBEARER') throw new Error('no token')
    expect(JSON.parse(Buffer.from(credentials.token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      sub: 'alice',
      iat: now() / 1000,
    })
    expect([...credentials.extensions]).toEqual([['a', 'b']])
  })

  it.each([
    ['security.protocol=TLS', 'it can be PLAINTEXT, SSL'],
    ['security.protocol=SASL_SSL\nsasl.mechanism=GSSAPI', 'sasl.mechanism is GSSAPI; it can be PLAIN'],
    ['security.protocol=SASL_SSL\nsasl.mechanism=PLAIN', 'PLAIN needs a user'],
    ['security.protocol=SSL\nssl.truststore.location=/no/such', 'ssl.truststore.location cannot be read'],
    ['security.protocol=SSL\nssl.ca.location=/dev/null', 'neither PEM, JKS nor PKCS12'],
    ['security.protocol=SSL\nssl.certificate.pem=x', 'needs both'],
    ['request.timeout.ms=soon', 'request.timeout.ms is "soon"'],
    [
      'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=a.ScramLoginModule required username="a" password="b";',
      'sasl.jaas.config names ScramLoginModule',
    ],
  ])('%j is refused with a sentence', (text, sentence) => {
    expect(() => read(text)).toThrow(sentence)
  })
})
