import { X509Certificate } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { certificatesOf } from '../../../src-main/broker/security/certificates'
import { clientAuthOf } from '../../../src-main/broker/security/listener-configs'
import { TestBroker } from '../../support/core'

let broker: TestBroker
beforeEach(() => {
  broker = new TestBroker({
    'ssl.client.auth': 'required',
    'listener.name.inside.ssl.client.auth': 'requested',
  })
})
afterEach(() => broker.dispose())

const of = (hosts: readonly string[]) => certificatesOf(broker.workspace, broker.clock.now(), hosts)

test('the certificate holds for every name by which clients come, and is kept while that is so', () => {
  const first = of(['127.0.0.1', '10.1.2.3', 'broker.example'])
  const { subjectAltName = '' } = new X509Certificate(first.server.cert)
  for (const name of ['DNS:localhost', 'DNS:host.docker.internal', 'DNS:broker.example', 'IP Address:10.1.2.3']) {
    expect(subjectAltName).toContain(name)
  }
  expect(of(['broker.example', '10.1.2.3']).server.cert).toBe(first.server.cert)
  const other = of(['broker.example'])
  expect(other.server.cert).not.toBe(first.server.cert)
  expect(new X509Certificate(other.server.cert).subjectAltName).not.toContain('10.1.2.3')
  expect(other.authority).toBe(first.authority)
})

test('it is made anew before it ends', () => {
  const { server, authority } = of([])
  const days = (server.endsAt - broker.clock.now()) / 86_400_000
  broker.clock.advance((days - 31) * 86_400_000)
  expect(of([]).server.cert).toBe(server.cert)
  broker.clock.advance(2 * 86_400_000)
  const renewed = of([])
  expect(renewed.server.cert).not.toBe(server.cert)
  expect(new X509Certificate(renewed.server.cert).verify(new X509Certificate(authority).publicKey)).toBe(true)
})

test('ssl.client.auth is for listeners of TLS alone; where users log in, only what names the listener counts', () => {
  const asked = (name: string, securityProtocol: 'SSL' | 'SASL_SSL' | 'PLAINTEXT') =>
    clientAuthOf(broker.core.configs, { name, securityProtocol })
  expect(asked('SSL', 'SSL')).toBe('required')
  expect(asked('SASL_SSL', 'SASL_SSL')).toBe('none')
  expect(asked('INSIDE', 'SASL_SSL')).toBe('requested')
  expect(asked('PLAINTEXT', 'PLAINTEXT')).toBe('none')
})
