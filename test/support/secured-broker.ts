import { createPrivateKey } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../src-main/base/clock'
import { createLog } from '../../src-main/base/log'
import { clientCertificate } from '../../src-main/broker/security/certificates'
import { Workspace } from '../../src-main/storage'
import { BrokerProcess } from './broker'
import { TestAuthority } from './certificates'
import { takePort } from './ports'
import { TestIssuer } from './tokens'

const protocols = ['sasl_plaintext', 'ssl', 'sasl_ssl'] as const

/**
 * A broker with all four kinds of listeners and an authorizer, and a file of properties with what clients need to come in or to be
 * refused: addresses, certificates in PEM, tokens. Users of PLAIN are admin, alice and bob (`NAME-secret`); admin and `User:CN=Alice` may do all.
 */
export class SecuredBroker {
  private constructor(
    readonly process: BrokerProcess,
    /** The file of properties. */
    readonly stand: string,
    readonly addresses: Readonly<Record<(typeof protocols)[number] | 'plaintext', string>>,
    readonly issuer: TestIssuer,
  ) {}

  /** `configs` are added to those that make it secure. */
  static async start(configs: readonly string[] = []): Promise<SecuredBroker> {
    const taken = await Promise.all(protocols.map(() => takePort()))
    await Promise.all(taken.map(({ release }) => release()))
    const [saslPlaintext, ssl, saslSsl] = taken.map(({ port }) => `127.0.0.1:${port}`) as [string, string, string]
    const issuer = new TestIssuer()
    const jwks = join(issuer.folder, 'jwks.json')
    const all = [
      'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users=User:ANONYMOUS;User:admin;User:CN=Alice',
      'delegation.token.secret.key=secret-of-tokens',
      'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,OAUTHBEARER',
      'sasl.jaas.config=PlainLoginModule required user_admin="admin-secret" user_alice="alice-secret" user_bob="bob-secret";',
      `sasl.oauthbearer.jwks.endpoint.url=file://${jwks}`,
      'sasl.oauthbearer.expected.audience=kafka',
      'sasl.oauthbearer.expected.issuer=test',
      'ssl.client.auth=required',
      ...configs,
    ]
    const broker = await BrokerProcess.start({
      args: [
        ...['--listener', `sasl_plaintext://${saslPlaintext}`],
        ...['--listener', `ssl://${ssl}`, '--listener', `sasl_ssl://${saslSsl}`],
        ...all.flatMap((config) => ['--config', config]),
      ],
    })
    await broker.stop()
    const files = await certificates(broker)
    await broker.startAgain()
    const addresses = { plaintext: broker.address, sasl_plaintext: saslPlaintext, ssl, sasl_ssl: saslSsl }
    const tokens = {
      token: issuer.token('alice'),
      expired: issuer.token('alice', true),
      forged: issuer.forged('alice'),
      stranger: issuer.stranger('alice'),
      unsecured: issuer.unsecured('alice'),
    }
    const lines = Object.entries({ ...addresses, ...files, ...tokens }).map((pair) => pair.join('='))
    const stand = join(broker.folder, 'stand.properties')
    writeFileSync(stand, `${lines.join('\n')}\n`)
    return new SecuredBroker(broker, stand, addresses, issuer)
  }

  async dispose(): Promise<void> {
    await this.process.dispose()
    this.issuer.dispose()
  }
}

/** Files beside the workspace: the authority, another one, Alice's and Bob's certificate with its key, and one of Alice by the other. */
async function certificates({ file, folder }: BrokerProcess): Promise<Record<string, string>> {
  const log = createLog('test', 'error', () => {}, Date.now)
  const workspace = new Workspace({ file, clock: systemClock, log })
  const [alice, bob] = await Promise.all(['Alice', 'Bob'].map((name) => clientCertificate(workspace, name, Date.now())))
  await workspace.dispose()
  const stranger = new TestAuthority()
  const store = (name: string, text: string) => {
    writeFileSync(join(folder, `${name}.pem`), text)
    return join(folder, `${name}.pem`)
  }
  // Java reads PKCS #8 only.
  const pem = ({ key, cert }: { readonly key: string; readonly cert: string }) =>
    `${createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' })}${cert}`
  const made = {
    authority: `${file}.ca.pem`,
    other: store('other', stranger.cert),
    alice: store('alice', pem(alice!)),
    bob: store('bob', pem(bob!)),
    'stranger.pem': store('stranger', pem(stranger.issue('/CN=Alice'))),
  }
  stranger.dispose()
  return made
}
