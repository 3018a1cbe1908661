import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { createLog } from '../../src-main/base/log'
import { authorityTrustStore, clientCertificate } from '../../src-main/broker/security/certificates'
import { Workspace } from '../../src-main/storage'
import { BrokerProcess } from '../support/broker'
import { needsOpenssl } from '../support/certificates'
import { needsJava, runJava } from '../support/java'
import { takePort } from '../support/ports'
import { needsPython, runPython } from '../support/python'
import { itNeeds } from '../support/require'
import { SecuredBroker } from '../support/secured-broker'

const clients = join(__dirname, 'clients')

let broker: BrokerProcess | undefined
afterEach(async () => {
  await broker?.dispose()
  broker = undefined
})

/** A broker with one more listener, and the address of that. */
async function start(protocol: string, configs: readonly string[]) {
  const taken = await takePort()
  await taken.release()
  const address = `127.0.0.1:${taken.port}`
  broker = await BrokerProcess.start({
    args: ['--listener', `${protocol}://${address}`, ...configs.flatMap((config) => ['--config', config])],
  })
  return { address, broker }
}

describe('OAUTHBEARER', () => {
  const confluent = [needsPython('current', 'confluent_kafka', '2.11.1')]

  itNeeds(confluent, 'lets librdkafka in with an unsecured token, where that was asked for', async () => {
    const { address } = await start('sasl_plaintext', ['sasl.enabled.mechanisms=OAUTHBEARER'])
    expect(await runPython('current', join(clients, 'oauth.py'), [address])).toBe('in 1\n')
  })

  itNeeds(confluent, 'refuses such a token where tokens must be signed', async () => {
    const keys = 'file:///no/such/keys.json'
    const { address } = await start('sasl_plaintext', [
      'sasl.enabled.mechanisms=OAUTHBEARER',
      `sasl.oauthbearer.jwks.endpoint.url=${keys}`,
    ])
    expect(await runPython('current', join(clients, 'oauth.py'), [address])).toBe('out _AUTHENTICATION\n')
  })
})

describe('certificates of clients', () => {
  itNeeds(
    [needsJava()],
    'are asked for, and name the client by rules; a stranger is refused',
    async () => {
      const { address, broker } = await start('ssl', [
        'ssl.client.auth=required',
        'ssl.principal.mapping.rules=RULE:^CN=(.*?)$/$1/L,DEFAULT',
        'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users=User:alice;User:ANONYMOUS',
      ])
      await broker.stop()
      const workspace = new Workspace({
        file: broker.file,
        clock: systemClock,
        log: createLog('test', 'error', () => {}, Date.now),
      })
      const file = (name: string, bytes: Buffer) => {
        writeFileSync(join(broker.folder, name), bytes)
        return join(broker.folder, name)
      }
      const trust = file('trust.jks', await authorityTrustStore(workspace, Date.now()))
      const alice = file('alice.p12', (await clientCertificate(workspace, 'Alice', Date.now())).pkcs12)
      const bob = file('bob.p12', (await clientCertificate(workspace, 'Bob', Date.now())).pkcs12)
      await workspace.dispose()
      const stranger = new Workspace({ clock: systemClock, log: createLog('test', 'error', () => {}, Date.now) })
      const other = file('other.jks', await authorityTrustStore(stranger, Date.now()))
      await stranger.dispose()
      await broker.startAgain()
      const client = join(clients, 'SecureClient.java')
      expect(await runJava(client, [address, trust, alice])).toBe('in 1, created\n')
      expect(await runJava(client, [address, trust])).toMatch(/^out (SslAuthenticationException|TimeoutException)/)
      expect(await runJava(client, [address, other, alice])).toBe('out SslAuthenticationException\n')
      // Bob comes in, and is not alice: he may make no topic.
      expect(await runJava(client, [address, trust, bob])).toBe('in 1, out TopicAuthorizationException\n')
    },
    120_000,
  )
})

describe('users, tokens and quotas', () => {
  let secured: SecuredBroker | undefined
  afterEach(async () => {
    await secured?.dispose()
    secured = undefined
  })

  itNeeds(
    [needsJava(), needsOpenssl()],
    'hold for the client of Java: ACLs of certificates, delegation tokens, authentication again in time, a pause for who sends too much',
    async () => {
      secured = await SecuredBroker.start(['connections.max.reauth.ms=2000'])
      const output = await runJava(join(clients, 'Secured.java'), [secured.stand])
      expect(output.trim().split('\n')).toEqual([
        'certificate of a super user -> created',
        'certificate without rights -> TopicAuthorizationException',
        'certificate with the right to this topic -> created',
        'certificate without the right to that topic -> TopicAuthorizationException',
        'by token -> created',
        'by token with a wrong HMAC -> SaslAuthenticationException',
        'a token by a token -> UnsupportedByAuthenticationException',
        'tokens seen by their owner -> 1',
        'tokens seen by their renewer -> 1',
        'tokens seen by others -> 0',
        'renewed by its renewer -> true',
        'renewed by others -> DelegationTokenOwnerMismatchException',
        'expired by others -> DelegationTokenOwnerMismatchException',
        'expired by its renewer -> true',
        'by an expired token -> SaslAuthenticationException',
        'tokens that are left -> 0',
        'authenticated again -> twice, failed 0',
        'not throttled -> true',
        'read, not throttled -> true',
        'throttled -> true',
        'read, throttled -> true',
      ])
    },
    120_000,
  )
})
