import { createHash, createHmac } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { saltPassword } from '../../../src-main/security/scram'
import { TestBroker, type TestClient } from '../../support/core'

let broker: TestBroker
afterEach(() => broker.dispose())

/** Who fails is told at once: the clock of these tests stands still. */
const atOnce = { 'connection.failed.authentication.delay.ms': '0' }
const jaas = 'PlainLoginModule required user_alice="a" user_bob="b";'
const plain = (user: string, password: string) => Buffer.from(`\0${user}\0${password}`)
const metadata = (client: TestClient) => client.ask('Metadata', 5, { topics: [], allowAutoTopicCreation: false })

async function login(client: TestClient, mechanism: string, ...messages: readonly Uint8Array[]) {
  await client.ask('SaslHandshake', 1, { mechanism })
  let last = await client.ask('SaslAuthenticate', 1, { authBytes: messages[0] as Uint8Array })
  for (const message of messages.slice(1)) last = await client.ask('SaslAuthenticate', 1, { authBytes: message })
  return last
}

/** What was asked before has come as far as it can without the clock. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('who a client is', () => {
  test('a wrong password is told after a while, and ends the connection', async () => {
    broker = new TestBroker({ 'sasl.jaas.config': jaas })
    const client = broker.client({ listener: 'SASL_PLAINTEXT' })
    await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })
    const served = client.served('SaslAuthenticate', 1, { authBytes: plain('alice', 'x') })
    let isTold = false
    const told = served.response.then(() => (isTold = true))
    await turn()
    broker.clock.advance(99)
    await turn()
    expect(isTold).toBe(false)
    broker.clock.advance(1)
    await told
    expect(served.afterwards?.isLast).toBe(true)
    await expect(metadata(client)).rejects.toThrow('before the client said who it is')
  })

  test('it must say so again in time, and as the same (KIP-368)', async () => {
    broker = new TestBroker({ ...atOnce, 'sasl.jaas.config': jaas, 'connections.max.reauth.ms': '60000' })
    const client = broker.client({ listener: 'SASL_PLAINTEXT' })
    expect(await login(client, 'PLAIN', plain('alice', 'a'))).toMatchObject({
      errorCode: 0,
      sessionLifetimeMs: 60_000n,
    })
    broker.clock.advance(59_000)
    await metadata(client)
    expect((await login(client, 'PLAIN', plain('bob', 'b'))).errorMessage).toBe(
      'Cannot change principals during re-authentication from User.alice: User.bob',
    )
    // Not again within a second.
    expect((await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })).errorCode).toBe(34)
    broker.clock.advance(1000)
    expect((await login(client, 'PLAIN', plain('alice', 'a'))).errorCode).toBe(0)
    broker.clock.advance(60_001)
    const late = 'User:alice did not authenticate again in time'
    await expect(metadata(client)).rejects.toThrow(late)
    await expect(client.ask('ApiVersions', 0, {})).rejects.toThrow(late)
    await expect(client.ask('SaslAuthenticate', 1, { authBytes: plain('alice', 'a') })).rejects.toThrow(late)
    // As late as that it may still do so (Apache Kafka 4.4.0).
    expect((await login(client, 'PLAIN', plain('alice', 'a'))).errorCode).toBe(0)
  })

  test('without an end to it, it may not say so again; nor by another mechanism', async () => {
    broker = new TestBroker({ ...atOnce, 'sasl.jaas.config': jaas })
    const client = broker.client({ listener: 'SASL_PLAINTEXT' })
    await login(client, 'PLAIN', plain('alice', 'a'))
    expect((await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })).errorCode).toBe(34)
    await broker.dispose()
    broker = new TestBroker({ ...atOnce, 'sasl.jaas.config': jaas, 'plain.connections.max.reauth.ms': '60000' })
    const other = broker.client({ listener: 'SASL_PLAINTEXT' })
    await login(other, 'PLAIN', plain('alice', 'a'))
    expect((await login(other, 'SCRAM-SHA-256', Buffer.from('n,,n=alice,r=abc'))).errorMessage).toBe(
      "SASL mechanism 'SCRAM-SHA-256' requested by client is not supported for re-authentication of mechanism 'PLAIN'",
    )
  })

  test('a lifetime that is no number is none', async () => {
    const config = { 'listener.name.sasl_plaintext.plain.connections.max.reauth.ms': 'soon' }
    broker = new TestBroker({ ...atOnce, 'sasl.jaas.config': jaas, ...config })
    const client = broker.client({ listener: 'SASL_PLAINTEXT' })
    const answer = await login(client, 'PLAIN', plain('alice', 'a'))
    expect(answer).toMatchObject({ errorCode: 0, sessionLifetimeMs: 0n })
    await metadata(client)
  })

  test('a listener has users and mechanisms of its own, whatever it is named', async () => {
    broker = new TestBroker({
      ...atOnce,
      'sasl.jaas.config': jaas,
      'listener.name.inside.plain.sasl.jaas.config': 'PlainLoginModule required user_carol="c";',
      'listener.name.inside.sasl.enabled.mechanisms': 'PLAIN',
    })
    const inside = () => broker.client({ listener: 'INSIDE', securityProtocol: 'SASL_PLAINTEXT' })
    expect((await login(inside(), 'PLAIN', plain('carol', 'c'))).errorCode).toBe(0)
    expect((await login(inside(), 'PLAIN', plain('alice', 'a'))).errorCode).toBe(58)
    const { errorCode, mechanisms } = await inside().ask('SaslHandshake', 1, { mechanism: 'SCRAM-SHA-256' })
    expect([errorCode, mechanisms]).toEqual([33, ['PLAIN']])
    await expect(metadata(inside())).rejects.toThrow('before the client said who it is')
  })

  test('nothing else comes in the middle of an exchange', async () => {
    broker = new TestBroker({ 'sasl.jaas.config': jaas })
    const client = broker.client({ listener: 'SASL_PLAINTEXT' })
    await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })
    await expect(metadata(client)).rejects.toThrow('Metadata came in the middle of the SASL exchange')
  })

  test('what may come before an exchange is an error in the middle of it, told after a while', async () => {
    broker = new TestBroker({ 'sasl.jaas.config': jaas })
    for (const api of ['ApiVersions', 'SaslHandshake'] as const) {
      const client = broker.client({ listener: 'SASL_PLAINTEXT' })
      await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })
      const asked = api === 'ApiVersions' ? client.ask(api, 0, {}) : client.ask(api, 1, { mechanism: 'PLAIN' })
      let isTold = false
      void asked.then(() => (isTold = true))
      await turn()
      broker.clock.advance(99)
      await turn()
      expect(isTold).toBe(false)
      broker.clock.advance(1)
      expect((await asked).errorCode).toBe(34)
    }
    expect(broker.core.denials.all()).toMatchObject([
      { what: 'SaslHandshake', error: 'ILLEGAL_SASL_STATE' },
      { what: 'ApiVersions', error: 'ILLEGAL_SASL_STATE' },
    ])
  })

  test('tokens of SaslHandshake 0 come as they are', async () => {
    broker = new TestBroker({ 'sasl.jaas.config': jaas })
    const client = broker.client({ listener: 'SASL_PLAINTEXT' })
    await client.ask('SaslHandshake', 0, { mechanism: 'PLAIN' })
    const answer = await client.serve(plain('alice', 'a'))
    expect(Buffer.concat(answer ?? [])).toEqual(Buffer.alloc(0))
    await metadata(client)
    const other = broker.client({ listener: 'SASL_PLAINTEXT' })
    await other.ask('SaslHandshake', 0, { mechanism: 'PLAIN' })
    // Passwords are not tried faster this way.
    const wrong = other.serve(plain('alice', 'x')).then(
      () => 'served',
      (error: Error) => error.message,
    )
    let isClosed = false
    void wrong.then(() => (isClosed = true))
    await turn()
    broker.clock.advance(99)
    await turn()
    expect(isClosed).toBe(false)
    broker.clock.advance(1)
    expect(await wrong).toBe('the password of alice is wrong')
  })

  test('tokens that prove nothing count only where that was asked for', async () => {
    broker = new TestBroker({ ...atOnce, 'sasl.enabled.mechanisms': 'OAUTHBEARER' })
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = `${part({ alg: 'none' })}.${part({ sub: 'alice', exp: broker.clock.now() / 1000 + 60 })}.`
    const client = broker.client({ listener: 'SASL_PLAINTEXT' })
    const first = Buffer.from(`n,,\u0001auth=Bearer ${token}\u0001\u0001`)
    expect(await login(client, 'OAUTHBEARER', first)).toMatchObject({ errorCode: 0, sessionLifetimeMs: 60_000n })
    const other = broker.client({ listener: 'SASL_PLAINTEXT' })
    const { mechanisms } = await other.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })
    expect(mechanisms).toEqual(['OAUTHBEARER'])
    const usual = new TestBroker(atOnce)
    const offered = await usual
      .client({ listener: 'SASL_PLAINTEXT' })
      .ask('SaslHandshake', 1, { mechanism: 'OAUTHBEARER' })
    expect(offered).toMatchObject({ errorCode: 33, mechanisms: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] })
    await usual.dispose()
  })

  test('a certificate names it (ssl.principal.mapping.rules)', () => {
    broker = new TestBroker({ 'ssl.principal.mapping.rules': 'RULE:^CN=(.*?),.*$/$1/L' })
    const { connection } = broker.client({ listener: 'SSL', tlsPeer: 'CN=Alice,O=Shop' })
    expect(broker.core.clients.find(connection.id)?.principal).toBe('User:alice')
  })

  test.each([
    ['RULE:^OU=(.*)$/$1/', 'no rule of ssl.principal.mapping.rules fits CN=Alice,O=Shop'],
    [
      'RULE:(/x/',
      'ssl.principal.mapping.rules cannot be used: Invalid regular expression: /^(?:()$/: Unterminated group',
    ],
  ])('a certificate that the rules %s make no name of is not served', async (rules, why) => {
    broker = new TestBroker({ 'ssl.principal.mapping.rules': rules })
    const client = broker.client({ listener: 'SSL', tlsPeer: 'CN=Alice,O=Shop' })
    await expect(metadata(client)).rejects.toThrow(why)
    expect(broker.core.denials.all()).toMatchObject([{ what: 'Metadata', why, principal: null }])
    // Without a certificate nobody is named.
    await metadata(broker.client({ listener: 'SSL' }))
  })

  test('its frames are short until then (sasl.server.max.receive.size)', async () => {
    broker = new TestBroker({ ...atOnce, 'sasl.jaas.config': jaas, 'connections.max.reauth.ms': '60000' })
    const limitOf = ({ connection }: TestClient) => broker.broker.frameLimit(connection)
    const client = broker.client({ listener: 'SASL_PLAINTEXT' })
    expect(limitOf(client)).toBe(524_288)
    expect((await login(client, 'PLAIN', plain('alice', 'x'))).errorCode).toBe(58)
    expect(limitOf(client)).toBe(524_288)
    await login(client, 'PLAIN', plain('alice', 'a'))
    expect(limitOf(client)).toBe(Number.POSITIVE_INFINITY)
    broker.clock.advance(30_000)
    // Not when it authenticates again.
    await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })
    expect(limitOf(client)).toBe(Number.POSITIVE_INFINITY)
    expect(limitOf(broker.client())).toBe(Number.POSITIVE_INFINITY)
  })
})

test('SCRAM users are described, each once (ScramImage)', async () => {
  broker = new TestBroker()
  const users = ['a', 'b', 'a'].map((name) => ({ name }))
  expect(await broker.client().ask('DescribeUserScramCredentials', 0, { users })).toMatchObject({
    errorCode: 0,
    errorMessage: '',
    results: [
      {
        user: 'a',
        errorCode: 92,
        errorMessage: 'Cannot describe SCRAM credentials for the same user twice in a single request: a',
      },
      { user: 'b', errorCode: 91, errorMessage: 'Attempt to describe a user credential that does not exist: b' },
    ],
  })
})

describe('delegation tokens', () => {
  const secret = { ...atOnce, 'sasl.jaas.config': jaas, 'delegation.token.secret.key': 'secret' }
  const create = (client: TestClient, fields = {}) =>
    client.ask('CreateDelegationToken', 3, {
      ownerPrincipalType: null,
      ownerPrincipalName: null,
      renewers: [],
      maxLifetimeMs: -1n,
      ...fields,
    })
  const known = async (user = 'alice', password = 'a') => {
    const client = broker.client({ listener: 'SASL_PLAINTEXT' })
    await login(client, 'PLAIN', plain(user, password))
    return client
  }

  /** The messages of a SCRAM client (RFC 5802) with the token extension. */
  async function loginByToken(tokenId: string, password: string) {
    const client = broker.client({ listener: 'SASL_PLAINTEXT' })
    const bare = `n=${tokenId.replaceAll('=', '=3D')},r=abc,tokenauth=true`
    const challenge = await login(client, 'SCRAM-SHA-256', Buffer.from(`n,,${bare}`))
    if (challenge.errorCode !== 0) return { client, errorCode: challenge.errorCode }
    const serverFirst = Buffer.from(challenge.authBytes).toString()
    const [, nonce = '', salt = ''] = /^r=([^,]+),s=([^,]+)/.exec(serverFirst) ?? []
    const salted = saltPassword('sha256', password, Buffer.from(salt, 'base64'), 4096)
    const clientKey = createHmac('sha256', salted).update('Client Key').digest()
    const stored = createHash('sha256').update(clientKey).digest()
    const end = `c=biws,r=${nonce}`
    const signature = createHmac('sha256', stored).update(`${bare},${serverFirst},${end}`).digest()
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] as number))).toString('base64')
    const authBytes = Buffer.from(`${end},p=${proof}`)
    const { errorCode, sessionLifetimeMs } = await client.ask('SaslAuthenticate', 1, { authBytes })
    return { client, errorCode, sessionLifetimeMs }
  }

  test('are made, shown instead of a password, renewed, described and ended', async () => {
    broker = new TestBroker(secret)
    const alice = await known()
    const made = await create(alice)
    expect(made).toMatchObject({ errorCode: 0, principalName: 'alice', tokenRequesterPrincipalName: 'alice' })
    const password = Buffer.from(made.hmac).toString('base64')
    const { client, errorCode, sessionLifetimeMs } = await loginByToken(made.tokenId, password)
    expect(errorCode).toBe(0)
    expect(broker.core.clients.find(client.connection.id)?.principal).toBe('User:alice')
    expect(sessionLifetimeMs).toBe(made.expiryTimestampMs - BigInt(broker.clock.now()))
    // A token begets no token.
    expect((await create(client)).errorCode).toBe(64)
    expect((await loginByToken(made.tokenId, 'other')).errorCode).toBe(58)
    broker.clock.advance(1000)
    const renewed = await alice.ask('RenewDelegationToken', 2, { hmac: made.hmac, renewPeriodMs: -1n })
    expect(renewed).toMatchObject({ errorCode: 0, expiryTimestampMs: made.expiryTimestampMs + 1000n })
    const { tokens } = await alice.ask('DescribeDelegationToken', 3, { owners: null })
    expect(tokens).toMatchObject([{ tokenId: made.tokenId, principalName: 'alice' }])
    const bob = await known('bob', 'b')
    expect((await bob.ask('ExpireDelegationToken', 2, { hmac: made.hmac, expiryTimePeriodMs: -1n })).errorCode).toBe(63)
    expect((await alice.ask('ExpireDelegationToken', 2, { hmac: made.hmac, expiryTimePeriodMs: -1n })).errorCode).toBe(
      0,
    )
    expect((await loginByToken(made.tokenId, password)).errorCode).toBe(58)
  })

  test('end in time, and are not for everybody', async () => {
    broker = new TestBroker({ ...secret, 'delegation.token.expiry.time.ms': '1000' })
    const alice = await known()
    const { hmac, tokenId } = await create(alice)
    broker.clock.advance(1001)
    expect((await alice.ask('RenewDelegationToken', 2, { hmac, renewPeriodMs: -1n })).errorCode).toBe(66)
    expect((await loginByToken(tokenId, Buffer.from(hmac).toString('base64'))).errorCode).toBe(58)
    expect((await create(broker.client())).errorCode).toBe(64)
    expect((await create(alice, { renewers: [{ principalType: 'Group', principalName: 'x' }] })).errorCode).toBe(67)
    expect((await alice.ask('RenewDelegationToken', 2, { hmac: Buffer.alloc(3), renewPeriodMs: -1n })).errorCode).toBe(
      62,
    )
  })

  test('need a secret', async () => {
    broker = new TestBroker({ 'sasl.jaas.config': jaas })
    expect((await create(await known())).errorCode).toBe(61)
    const renewers = [{ principalType: 'Group', principalName: 'x' }]
    expect((await create(await known(), { renewers })).errorCode).toBe(67)
  })

  test('are described by each of those that have to do with them (TokenInformation.ownerOrRenewer)', async () => {
    broker = new TestBroker(secret)
    const alice = await known()
    const { tokenId } = await create(alice, { renewers: [{ principalType: 'User', principalName: 'bob' }] })
    const described = async (client: TestClient, ...names: readonly string[]) => {
      const owners = names.map((principalName) => ({ principalType: 'User', principalName }))
      const { tokens } = await client.ask('DescribeDelegationToken', 3, { owners })
      return tokens.map((token) => token.tokenId)
    }
    const bob = await known('bob', 'b')
    for (const client of [alice, bob]) {
      expect(await described(client, 'alice')).toEqual([tokenId])
      expect(await described(client, 'bob')).toEqual([tokenId])
      expect(await described(client, 'carol')).toEqual([])
      expect(await described(client)).toEqual([])
    }
  })

  test('that have ended are told so to everybody, and then are not known any more', async () => {
    broker = new TestBroker({ ...secret, 'delegation.token.expiry.time.ms': '1000' })
    const [alice, bob] = [await known(), await known('bob', 'b')]
    const { hmac } = await create(alice)
    const renewal = async (client: TestClient) =>
      (await client.ask('RenewDelegationToken', 2, { hmac, renewPeriodMs: -1n })).errorCode
    expect(await renewal(bob)).toBe(63)
    broker.clock.advance(1001)
    // Renewal and expiry look in different orders (DelegationTokenControlManager).
    expect([await renewal(bob), await renewal(alice)]).toEqual([66, 66])
    const expiry = await bob.ask('ExpireDelegationToken', 2, { hmac, expiryTimePeriodMs: 1n })
    expect(expiry.errorCode).toBe(63)
    broker.clock.advance(600_000)
    await broker.core.commits.settled
    expect(await renewal(alice)).toBe(62)
  })
})
