import { afterEach, describe, expect, it } from 'vitest'
import { ClientError } from '../../../src-main/client/failures'
import type { SaslSettings } from '../../../src-main/client/settings'
import type { Credentials } from '../../../src-main/security/client-exchange'
import { clientExchange } from '../../../src-main/security/client-exchange'
import { plainExchange } from '../../../src-main/security/plain'
import { credentialOf, saltPassword, scramExchange } from '../../../src-main/security/scram'
import { FakeCluster } from '../../support/fake-cluster'

let cluster: FakeCluster
afterEach(() => cluster?.dispose())

const users = { 'sasl.jaas.config': 'x required user_alice="alice-secret";', 'sasl.enabled.mechanisms': 'PLAIN' }
const sasl = (credentials: Credentials): SaslSettings => ({
  mechanism: credentials.mechanism,
  credentials: async () => credentials,
})
const alice = (password: string) => sasl({ mechanism: 'PLAIN', user: 'alice', password })

/** What the first call ends with: the number of nodes, or the problem and its sentence. */
async function outcome(settings: SaslSettings | null): Promise<string> {
  const client = cluster.client({ sasl: settings })
  try {
    return `${(await cluster.settle(client.nodes())).length} node`
  } catch (error) {
    if (error instanceof ClientError) return `${error.problem}: ${error.message}`
    throw error
  }
}

describe('authentication', () => {
  it('with PLAIN: the right password, and a wrong one, which is tried once', async () => {
    cluster = new FakeCluster([1], users, 'SASL_PLAINTEXT')
    expect(await outcome(alice('alice-secret'))).toBe('1 node')
    const before = cluster.dialled.length
    expect(await outcome(alice('wrong'))).toBe(
      'authentication: node:1 refused the authentication with PLAIN: Authentication failed: Invalid username or password.',
    )
    expect(cluster.dialled.length - before).toBe(1)
  })

  it('with a mechanism that the listener does not offer says which it does', async () => {
    cluster = new FakeCluster([1], users, 'SASL_PLAINTEXT')
    expect(await outcome(sasl({ mechanism: 'SCRAM-SHA-256', user: 'alice', password: 'x' }))).toBe(
      'authentication: node:1 refused the authentication with SCRAM-SHA-256: UNSUPPORTED_SASL_MECHANISM, it offers PLAIN.',
    )
  })

  it('on a listener without SASL says what to set', async () => {
    cluster = new FakeCluster()
    expect(await outcome(alice('alice-secret'))).toBe(
      'authentication: node:1 refused the authentication with PLAIN: this listener has no SASL, set security.protocol=PLAINTEXT or SSL.',
    )
  })

  it('that is left out ends at once, in a sentence that says what to set', async () => {
    cluster = new FakeCluster([1], users, 'SASL_PLAINTEXT')
    expect(await outcome(null)).toBe(
      'closed: node:1 answered ApiVersions and closed the connection at Metadata. If it asks for a user, set security.protocol=SASL_PLAINTEXT, sasl.mechanism and sasl.jaas.config.',
    )
    expect(cluster.dialled).toHaveLength(1)
  })

  it('is repeated on the same connection before the session ends (KIP-368)', async () => {
    cluster = new FakeCluster([1], { ...users, 'connections.max.reauth.ms': '60000' }, 'SASL_PLAINTEXT')
    let asked = 0
    const client = cluster.client({
      sasl: {
        mechanism: 'PLAIN',
        credentials: async () => {
          asked++
          return { mechanism: 'PLAIN', user: 'alice', password: 'alice-secret' }
        },
      },
    })
    await cluster.settle(client.nodes())
    const { length: connections } = cluster.dialled
    cluster.clock.advance(50_000)
    await cluster.settle(client.nodes())
    expect(asked).toBe(1)
    cluster.clock.advance(5000)
    await cluster.settle(Promise.all([client.nodes(), client.nodes()]))
    expect(asked).toBe(2)
    // The first session would have ended by now.
    cluster.clock.advance(10_000)
    await cluster.settle(client.nodes())
    expect(cluster.dialled.length).toBe(connections)
  })

  it('that fails when it is repeated is told, and the next call connects again', async () => {
    cluster = new FakeCluster([1], { ...users, 'connections.max.reauth.ms': '60000' }, 'SASL_PLAINTEXT')
    let password = 'alice-secret'
    const client = cluster.client({
      sasl: { mechanism: 'PLAIN', credentials: async () => ({ mechanism: 'PLAIN', user: 'alice', password }) },
    })
    await cluster.settle(client.nodes())
    password = 'wrong'
    cluster.clock.advance(55_000)
    await expect(cluster.settle(client.nodes())).rejects.toThrow('Invalid username or password')
    password = 'alice-secret'
    expect(await cluster.settle(client.nodes())).toHaveLength(1)
  })

  it('with raw tokens, where the broker has SaslHandshake 0 only', async () => {
    cluster = new FakeCluster([1], users, 'SASL_PLAINTEXT')
    cluster.on('ApiVersions', async ({ serve }) => {
      const answer = await serve()
      const apiKeys = answer.apiKeys
        .filter(({ apiKey }) => apiKey !== 36)
        .map((one) => (one.apiKey === 17 ? { ...one, maxVersion: 0 } : one))
      return { body: { ...answer, apiKeys } }
    })
    expect(await outcome(alice('alice-secret'))).toBe('1 node')
    expect(await outcome(alice('wrong'))).toContain('authentication: node:1 refused the authentication with PLAIN')
  })
})

describe('the exchange of a client', () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')

  it('of SCRAM is that of RFC 7677', () => {
    const credentials = { mechanism: 'SCRAM-SHA-256', user: 'user', password: 'pencil' } as const
    const exchange = clientExchange(credentials, { nonce: 'rOprNGfwEbeRWgbNEkqO' })
    expect(exchange.first().toString()).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
    const challenge = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'
    expect(exchange.next(Buffer.from(challenge))?.toString()).toBe(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    )
    expect(exchange.next(Buffer.from('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='))).toBeNull()
  })

  it.each(['sha256', 'sha512'] as const)('of SCRAM fits the server, also for names with commas (%s)', async (hash) => {
    const credential = credentialOf(hash, salt, 4096, saltPassword(hash, 'p,w', salt, 4096))
    const server = scramExchange(hash, (user) => (user === 'a=b,c' ? credential : undefined))
    const mechanism = hash === 'sha256' ? 'SCRAM-SHA-256' : 'SCRAM-SHA-512'
    const client = clientExchange({ mechanism, user: 'a=b,c', password: 'p,w' })
    const challenge = server.step(await client.first())
    if (challenge.kind !== 'challenge') throw new Error(challenge.kind)
    const done = server.step(client.next(Buffer.from(challenge.reply)) as Buffer)
    if (done.kind !== 'done') throw new Error(done.kind)
    expect(client.next(Buffer.from(done.reply))).toBeNull()
  })

  it('of SCRAM does not trust a server that does not know the password', () => {
    const open = () =>
      clientExchange({ mechanism: 'SCRAM-SHA-256', user: 'user', password: 'pencil' }, { nonce: 'abc' })
    const first = `r=abcdef,s=${salt.toString('base64')},i=4096`
    const lying = open()
    lying.first()
    lying.next(Buffer.from(first))
    expect(() => lying.next(Buffer.from(`v=${Buffer.alloc(32).toString('base64')}`))).toThrow('its signature is wrong')
    expect(() => open().next(Buffer.from(first.replace('r=abc', 'r=xyz')))).toThrow('the nonce of another client')
    expect(() => open().next(Buffer.from(first.replace('4096', '99999999')))).toThrow('99999999 iterations')
    expect(() => open().next(Buffer.from('hello'))).toThrow('not one of SCRAM')
    expect(() => open().next(Buffer.from('e=other-error'))).toThrow('the server answered other-error')
  })

  it('of PLAIN fits the server', async () => {
    const client = clientExchange({ mechanism: 'PLAIN', user: 'alice', password: 'secret' })
    const server = plainExchange((user) => (user === 'alice' ? 'secret' : undefined))
    expect(server.step(await client.first())).toMatchObject({ kind: 'done', user: 'alice' })
  })

  it('of OAUTHBEARER carries extensions, and acknowledges a failure with one byte', async () => {
    const extensions = new Map([['logicalCluster', 'lkc-1']])
    const client = clientExchange({ mechanism: 'OAUTHBEARER', token: 'a.b.c', extensions })
    expect(String(await client.first())).toBe('n,,\u0001auth=Bearer a.b.c\u0001logicalCluster=lkc-1\u0001\u0001')
    expect(client.next(Buffer.from('{"status":"invalid_token"}'))?.toString()).toBe('\u0001')
    expect(client.next(Buffer.alloc(0))).toBeNull()
  })
})
