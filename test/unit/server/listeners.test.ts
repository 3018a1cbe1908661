import { afterEach, expect, test } from 'vitest'
import { createLog } from '../../../src-main/base/log'
import { openListeners } from '../../../src-main/listeners'
import { defaultLimits } from '../../../src-main/server/limits'
import { Server } from '../../../src-main/server/server'
import { TestBroker } from '../../support/core'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Warnings of a broker that opens a listener with SASL and one without. */
async function warnings(config: Record<string, string>): Promise<string[]> {
  const broker = new TestBroker(config)
  ends.push(() => broker.dispose())
  const { workspace, clock, core } = broker
  const lines: string[] = []
  const log = createLog(
    'listeners',
    'warn',
    ({ text }) => lines.push(text),
    () => 0,
  )
  const server = new Server({ broker: broker.broker, limits: defaultLimits, clock, log })
  ends.push(() => server.stop())
  const at = { hosts: ['127.0.0.1'], port: 0, advertise: null }
  await openListeners(
    [
      { ...at, name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT' },
      { ...at, name: 'TOKENS', securityProtocol: 'SASL_PLAINTEXT' },
    ],
    { server, workspace, configs: core.configs, clock, log },
  )
  return lines
}

const oauth = {
  'sasl.enabled.mechanisms': 'PLAIN, OAUTHBEARER',
  'sasl.oauthbearer.jwks.endpoint.url': 'file:///keys.json',
}
const issuer = { 'sasl.oauthbearer.expected.issuer': 'us' }
const audience = { 'sasl.oauthbearer.expected.audience': 'kafka' }

test('a listener that takes tokens of any issuer or audience says so when it opens', async () => {
  expect(await warnings({ ...oauth, ...audience })).toEqual([
    'listener TOKENS accepts tokens of any issuer: set sasl.oauthbearer.expected.issuer',
  ])
  expect(await warnings(oauth)).toEqual([
    'listener TOKENS accepts tokens of any issuer and any audience: set sasl.oauthbearer.expected.issuer and sasl.oauthbearer.expected.audience',
  ])
})

test('one that checks both, or takes no such tokens, does not', async () => {
  expect(await warnings({ ...oauth, ...audience, ...issuer })).toEqual([])
  expect(await warnings({ ...oauth, 'listener.name.tokens.sasl.enabled.mechanisms': 'PLAIN' })).toEqual([])
  expect(await warnings({ 'sasl.enabled.mechanisms': 'OAUTHBEARER' })).toEqual([])
})

test('one with rules for principals that cannot be used is not opened, as in Kafka', async () => {
  const broker = new TestBroker({ 'listener.name.ssl.ssl.principal.mapping.rules': 'RULE:^CN=(.*)$/$1/X' })
  ends.push(() => broker.dispose())
  const { workspace, clock, core } = broker
  const log = createLog('listeners', 'warn', () => {}, Date.now)
  const server = new Server({ broker: broker.broker, limits: defaultLimits, clock, log })
  ends.push(() => server.stop())
  const listener = { name: 'SSL', securityProtocol: 'SSL', hosts: ['127.0.0.1'], port: 0, advertise: null } as const
  await expect(openListeners([listener], { server, workspace, configs: core.configs, clock, log })).rejects.toThrow(
    'ssl.principal.mapping.rules of the listener SSL cannot be used: "RULE:^CN=(.*)$/$1/X" is no rule for principals',
  )
  expect(server.listeners).toEqual([])
})
