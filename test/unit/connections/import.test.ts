import { describe, expect, it } from 'vitest'
import { readConnections } from '../../../src-main/connections/import/read'

/** What is stored of the only connection of a file. */
function only(text: string, fileName = 'x.properties') {
  const found = readConnections(text, fileName)
  expect(found).toHaveLength(1)
  const [{ name, kind, stage, settings, rows }] = found as [(typeof found)[number]]
  return { name, kind, stage, settings: Object.fromEntries(settings), rows }
}

const notUnderstood = (rows: ReturnType<typeof only>['rows']) =>
  rows.filter(({ readAs }) => readAs.length === 0).map(({ given }) => given)

describe('a client.properties of Java', () => {
  it('is read with its user taken out of the JAAS configuration', () => {
    const read = only(
      [
        'bootstrap.servers=kafka-1.example:9093,kafka-2.example:9093',
        'security.protocol=SASL_SSL',
        'sasl.mechanism=SCRAM-SHA-512',
        'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\',
        '  username="alice" password="a\\\\"b";',
        'ssl.truststore.location=/etc/ca.pem',
        'ssl.cipher.suites=TLS_AES_128_GCM_SHA256',
        'key.deserializer=org.apache.kafka.common.serialization.StringDeserializer',
        'ottla.name=payments',
        'ottla.stage=Production',
      ].join('\n'),
    )
    expect(read).toMatchObject({ name: 'payments', kind: 'client.properties', stage: 'production' })
    expect(read.settings).toEqual({
      'bootstrap.servers': 'kafka-1.example:9093,kafka-2.example:9093',
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.username': 'alice',
      'sasl.password': 'a"b',
      'ssl.truststore.location': '/etc/ca.pem',
    })
    expect(notUnderstood(read.rows)).toEqual(['ssl.cipher.suites', 'key.deserializer'])
  })

  it('keeps a JAAS configuration that is more than a user, and refuses Kerberos with its reason', () => {
    const token = 'ScramLoginModule required username="id" password="hmac" tokenauth="true";'
    expect(only(`bootstrap.servers=a:1\nsasl.jaas.config=${token}`).settings['sasl.jaas.config']).toBe(token)
    const kerberos = only(
      'bootstrap.servers=a:1\nsasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true;',
    )
    expect(kerberos.rows.at(-1)).toMatchObject({ readAs: [], note: 'Kerberos (GSSAPI) is not supported.' })
  })

  it('shows a value only when it is no secret', () => {
    const { rows } = only(
      [
        'bootstrap.servers=a:1',
        'sasl.jaas.config=OAuthBearerLoginModule required clientId="app" clientSecret="hush" scope="kafka";',
        'ssl.keystore.key=-----BEGIN PRIVATE KEY----- hush',
        'ssl.key.password=hush',
        'schema.registry.url=https://user:hush@registry.example',
      ].join('\n'),
    )
    expect(JSON.stringify(rows)).not.toContain('hush')
    expect(rows.find(({ given }) => given === 'bootstrap.servers')?.value).toBe('a:1')
  })

  it('does not take a reference of another tool for a value', () => {
    const reference = ['$', '{env:KAFKA_PASSWORD}'].join('')
    const { settings, rows } = only(`bootstrap.servers=a:1\nsasl.password=${reference}`)
    expect(settings).toEqual({ 'bootstrap.servers': 'a:1' })
    expect(rows[1]).toMatchObject({
      given: 'sasl.password',
      readAs: [],
      note: `It refers to ${reference}, which only the other tool resolves. Enter sasl.password itself.`,
    })
  })
})

it('a configuration of librdkafka or kcat is read under the names of Java', () => {
  const read = only(
    [
      '# kcat',
      'metadata.broker.list=a:9093',
      'security.protocol=sasl_ssl',
      'sasl.mechanisms=PLAIN',
      'sasl.username=bob',
      'sasl.password=x',
      'ssl.ca.location=/ca.pem',
    ].join('\n'),
    '/home/me/.config/kcat.conf',
  )
  expect(read).toMatchObject({ name: 'a', kind: 'librdkafka configuration' })
  expect(read.settings).toEqual({
    'bootstrap.servers': 'a:9093',
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'PLAIN',
    'sasl.username': 'bob',
    'sasl.password': 'x',
    'ssl.truststore.location': '/ca.pem',
  })
})

it('rpk.yaml is read profile by profile', () => {
  const found = readConnections(
    `version: 6
current_profile: prod
profiles:
  - name: local
    kafka_api:
      brokers: [127.0.0.1:9092]
    admin_api:
      addresses: [127.0.0.1:9644]
  - name: prod
    description: the big one
    kafka_api:
      brokers:
        - rp-0.example:9092
        - rp-1.example:9092
      tls: {}
      sasl:
        user: alice
        password: hush
        mechanism: SCRAM-SHA-512
    schema_registry:
      addresses: [rp-0.example:8081]
      tls: {}
`,
    'rpk.yaml',
  )
  expect(found.map(({ name, settings }) => [name, Object.fromEntries(settings)])).toEqual([
    ['local', { 'bootstrap.servers': '127.0.0.1:9092', 'security.protocol': 'PLAINTEXT' }],
    [
      'prod',
      {
        'bootstrap.servers': 'rp-0.example:9092,rp-1.example:9092',
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'SCRAM-SHA-512',
        'sasl.username': 'alice',
        'sasl.password': 'hush',
        'schema.registry.url': 'https://rp-0.example:8081',
      },
    ],
  ])
  expect(notUnderstood(found[0]?.rows ?? [])).toEqual(['profiles[0].admin_api.addresses'])
})

it('kafka-ui.yaml is read with properties that are nested or have dots', () => {
  const found = readConnections(
    `kafka:
  clusters:
    - name: flat
      bootstrapServers: a:9092
      properties:
        security.protocol: SASL_SSL
        sasl.mechanism: PLAIN
        sasl.jaas.config: org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p";
      schemaRegistry: https://registry.example
      schemaRegistryAuth: { username: ru, password: rp }
      readOnly: true
      masking: [{ type: REMOVE }]
    - name: nested
      bootstrapServers: b:9092
      properties: { security: { protocol: SSL } }
      ssl: { truststoreLocation: /trust.jks, truststorePassword: tp, verify: false }
`,
    'application.yml',
  )
  expect(found.map(({ name, kind }) => [name, kind])).toEqual([
    ['flat', 'kafka-ui cluster'],
    ['nested', 'kafka-ui cluster'],
  ])
  expect(Object.fromEntries(found[0]?.settings ?? [])).toEqual({
    'bootstrap.servers': 'a:9092',
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'PLAIN',
    'sasl.username': 'u',
    'sasl.password': 'p',
    'schema.registry.url': 'https://registry.example',
    'schema.registry.basic.auth.user.info': 'ru:rp',
  })
  expect(notUnderstood(found[0]?.rows ?? [])).toEqual([
    'kafka.clusters[0].readOnly',
    'kafka.clusters[0].masking[0].type',
  ])
  expect(Object.fromEntries(found[1]?.settings ?? [])).toEqual({
    'bootstrap.servers': 'b:9092',
    'security.protocol': 'SSL',
    'ssl.truststore.location': '/trust.jks',
    'ssl.truststore.password': 'tp',
    'enable.ssl.certificate.verification': 'false',
  })
})

it('the YAML of AKHQ, kafkactl and Redpanda Console is read', () => {
  const [akhq] = readConnections(
    'akhq:\n  connections:\n    my-cluster:\n      properties:\n        bootstrap.servers: "a:9092"\n      schema-registry:\n        url: "http://r:8081"\n',
    'application.yml',
  )
  expect([akhq?.name, ...(akhq?.settings ?? [])]).toEqual([
    'my-cluster',
    ['bootstrap.servers', 'a:9092'],
    ['schema.registry.url', 'http://r:8081'],
  ])
  const [context] = readConnections(
    'contexts:\n  prod:\n    brokers:\n      - a:9092\n    tls:\n      enabled: true\n      ca: /ca.pem\n    sasl:\n      enabled: true\n      mechanism: scram-sha512\n      username: u\n      password: p\n    kubernetes:\n      enabled: false\ncurrent-context: prod\n',
    'config.yml',
  )
  expect(Object.fromEntries(context?.settings ?? [])).toEqual({
    'bootstrap.servers': 'a:9092',
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.username': 'u',
    'sasl.password': 'p',
    'ssl.truststore.location': '/ca.pem',
  })
  expect(notUnderstood(context?.rows ?? [])).toEqual(['contexts.prod.kubernetes.enabled'])
  const [panda] = readConnections(
    'kafka:\n  brokers: ["a:9092"]\n  sasl:\n    enabled: true\n    mechanism: OAUTHBEARER\n    oauth:\n      clientId: i\n      clientSecret: s\n      tokenEndpoint: https://idp/token\n',
    'redpanda-console-config.yaml',
  )
  expect(Object.fromEntries(panda?.settings ?? [])).toEqual({
    'bootstrap.servers': 'a:9092',
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.client.id': 'i',
    'sasl.oauthbearer.client.secret': 's',
    'sasl.oauthbearer.token.endpoint.url': 'https://idp/token',
  })
})

it.each([
  ['', 'empty'],
  ['{"a": 1}', 'JSON without a connection'],
  ['just words', 'words'],
  ['a: &a [x]\n'.repeat(3) + 'b: *a', 'broken YAML'],
  [
    `a: &a [1,1,1,1,1,1,1,1,1]\n${'bcdefgh'
      .split('')
      .map((n, i) => `${n}: &${n} [${`*${'abcdefg'[i]},`.repeat(9)}]`)
      .join('\n')}`,
    'aliases that grow without end',
  ],
])('a file without a connection is refused in a sentence: %#', (text) => {
  expect(() => readConnections(text, 'x')).toThrow('No connection was found.')
})
