import { afterEach, beforeEach, expect, test } from 'vitest'
import { TestBroker, type TestClient } from '../../support/core'

let broker: TestBroker
beforeEach(() => {
  broker = new TestBroker({
    'sasl.jaas.config': 'PlainLoginModule required user_alice="a";',
    'connections.max.reauth.ms': '60000',
    'connection.failed.authentication.delay.ms': '0',
  })
})
afterEach(() => broker.dispose())

const shown = () =>
  broker.core.denials.all().map(({ principal, what, error, why }) => [principal, what, error, why] as const)
const metadata = (client: TestClient) => client.ask('Metadata', 5, { topics: [], allowAutoTopicCreation: false })
const login = async (client: TestClient, text: string) => {
  await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })
  await client.ask('SaslAuthenticate', 1, { authBytes: Buffer.from(text) })
}
const secured = () => broker.client({ listener: 'SASL_PLAINTEXT' })

test('a wrong password, and a mechanism that is not served', async () => {
  await login(secured(), '\0alice\0x')
  await secured().ask('SaslHandshake', 1, { mechanism: 'GSSAPI' })
  expect(shown()).toEqual([
    [
      null,
      'SASL GSSAPI',
      'UNSUPPORTED_SASL_MECHANISM',
      'GSSAPI is not served, but PLAIN, SCRAM-SHA-256, SCRAM-SHA-512',
    ],
    [null, 'SASL PLAIN', 'SASL_AUTHENTICATION_FAILED', 'the password of alice is wrong'],
  ])
})

test('a request before SASL, and one after its end', async () => {
  await expect(metadata(secured())).rejects.toThrow()
  const alice = secured()
  await login(alice, '\0alice\0a')
  broker.clock.advance(60_001)
  await expect(metadata(alice)).rejects.toThrow()
  expect(shown()).toEqual([
    ['User:alice', 'Metadata', null, 'User:alice did not authenticate again in time'],
    [null, 'Metadata', null, 'Metadata came before the client said who it is (SASL)'],
  ])
})

test('who is turned away by the server', () => {
  broker.broker.refused({ listener: 'SSL', remoteAddress: '10.0.0.9' }, 'TLS handshake', 'unknown ca')
  expect(broker.core.denials.all()).toMatchObject([
    { listener: 'SSL', address: '10.0.0.9', what: 'TLS handshake', why: 'unknown ca', error: null, times: 1 },
  ])
})

test('what happens again counts as one, and the oldest are forgotten', () => {
  const turn = (address: string) =>
    broker.broker.refused({ listener: 'SSL', remoteAddress: address }, 'TLS handshake', 'unknown ca')
  turn('a')
  broker.clock.advance(5)
  turn('b')
  turn('a')
  const [newest] = broker.core.denials.all()
  expect(newest).toMatchObject({ address: 'a', times: 2 })
  expect((newest?.at ?? 0) - (newest?.firstAt ?? 0)).toBe(5)
  for (let i = 0; i < 300; i++) turn(`c${i}`)
  expect(broker.core.denials.all()).toHaveLength(200)
})
