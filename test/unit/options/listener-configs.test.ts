import { expect, test } from 'vitest'
import { loopbackHosts, parseListener } from '../../../src-main/options/listener'
import { listenerConfigs } from '../../../src-main/options/listener-configs'

const plaintext = {
  name: 'PLAINTEXT',
  securityProtocol: 'PLAINTEXT' as const,
  hosts: loopbackHosts,
  port: 9092,
  advertise: null,
}

test('a listener that advertises nothing is listed where it is bound', () => {
  expect([...listenerConfigs([plaintext])]).toEqual([['listeners', 'PLAINTEXT://localhost:9092']])
  expect([...listenerConfigs([{ ...plaintext, hosts: ['::'] }])]).toEqual([['listeners', 'PLAINTEXT://[::]:9092']])
})

test('with one advertised address all listeners are advertised, and own names are mapped', () => {
  const own = parseListener('LAN=sasl_ssl://0.0.0.0:9094')
  if (!own) throw new Error('the listener cannot be read')
  const lan = { ...own, advertise: { host: 'broker.example', port: 19094 } }
  expect([...listenerConfigs([plaintext, lan])]).toEqual([
    ['listeners', 'PLAINTEXT://localhost:9092,LAN://0.0.0.0:9094'],
    ['advertised.listeners', 'PLAINTEXT://localhost:9092,LAN://broker.example:19094'],
    ['listener.security.protocol.map', 'PLAINTEXT:PLAINTEXT,LAN:SASL_SSL'],
  ])
})
