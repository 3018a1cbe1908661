import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkToken, type Keys } from '../../../src-main/security/jwt'
import { oauthExchange } from '../../../src-main/security/oauth'
import { principalMapper } from '../../../src-main/security/principal'

const at = Date.UTC(2026, 0, 1)
const seconds = at / 1000
const rules = { subjectClaim: 'sub', clockSkewMs: 30_000, audiences: [], issuer: null }
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const unsecured = (claims: object) => `${part({ alg: 'none' })}.${part(claims)}.`
const alice = { sub: 'alice', exp: seconds + 60 }

describe('a token', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keys: NonNullable<Keys> = [
    { ...publicKey.export({ format: 'jwk' }), kid: 'one' },
    { ...ec.publicKey.export({ format: 'jwk' }), kid: 'two' },
  ]
  const signed = (claims: object, kid = 'one') => {
    const isEc = kid === 'two'
    const text = `${part({ alg: isEc ? 'ES256' : 'RS256', kid })}.${part(claims)}`
    const key = isEc ? { key: ec.privateKey, dsaEncoding: 'ieee-p1363' as const } : privateKey
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
  }

  test('is accepted unsecured only where there are no keys, and signed where there are', async () => {
    expect(await checkToken(unsecured(alice), null, rules, at)).toEqual({ subject: 'alice', expiresAt: at + 60_000 })
    expect((await checkToken(signed(alice), keys, rules, at)).subject).toBe('alice')
    expect((await checkToken(signed(alice, 'two'), keys, rules, at)).subject).toBe('alice')
    await expect(checkToken(unsecured(alice), keys, rules, at)).rejects.toThrow('its algorithm is not accepted')
    await expect(checkToken(signed(alice), null, rules, at)).rejects.toThrow('only unsecured tokens')
    await expect(checkToken(signed(alice, 'three'), keys, rules, at)).rejects.toThrow('there is no key three')
    const [head, , tail] = signed(alice).split('.')
    await expect(checkToken(`${head}.${part({ ...alice, sub: 'bob' })}.${tail}`, keys, rules, at)).rejects.toThrow(
      'its signature is wrong',
    )
    await expect(checkToken(`${part({ alg: 'none' })}.${part(alice)}.${tail}`, null, rules, at)).rejects.toThrow(
      'it is not a JSON Web Token',
    )
  })

  test('without the id of its key is accepted when any of the keys signed it', async () => {
    const text = `${part({ alg: 'RS256' })}.${part(alice)}`
    const token = `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
    expect((await checkToken(token, keys, rules, at)).subject).toBe('alice')
    expect((await checkToken(token, [...keys].reverse(), rules, at)).subject).toBe('alice')
    await expect(checkToken(token, keys.slice(1), rules, at)).rejects.toThrow()
    const late = at + 91_000
    await expect(checkToken(token, [...keys].reverse(), rules, late)).rejects.toThrow('it expired at')
  })

  test.each(['HS256', 'HS512'])('signed with a public key as a secret (%s) is rejected', async (alg) => {
    const secret = publicKey.export({ type: 'spki', format: 'pem' })
    const text = `${part({ alg, kid: 'one' })}.${part(alice)}`
    const hash = alg === 'HS256' ? 'sha256' : 'sha512'
    const token = `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`
    await expect(checkToken(token, keys, rules, at)).rejects.toThrow('its algorithm is not accepted')
  })

  test('is accepted as long as the clocks may differ, and no longer', async () => {
    const expiresAt = at + 60_000
    expect((await checkToken(unsecured(alice), null, rules, expiresAt + 29_999)).expiresAt).toBe(expiresAt)
    await expect(checkToken(unsecured(alice), null, rules, expiresAt + 30_000)).rejects.toThrow(
      'it expired at 2026-01-01T00:01:00.000Z',
    )
    expect((await checkToken(unsecured({ ...alice, nbf: seconds + 30 }), null, rules, at)).subject).toBe('alice')
  })

  test('names its subject by the claim that is configured', async () => {
    const claims = { exp: alice.exp, client_id: 'shop', aud: ['web', 'kafka'], iss: 'me' }
    const configured = { ...rules, subjectClaim: 'client_id', audiences: ['kafka'], issuer: 'me' }
    expect((await checkToken(unsecured(claims), null, configured, at)).subject).toBe('shop')
  })

  test.each([
    ['it expired at', { ...alice, exp: seconds - 31 }, {}],
    ['it is not valid yet', { ...alice, nbf: seconds + 31 }, {}],
    ['it has no claim sub', { exp: alice.exp }, {}],
    ['it has no claim sub', { ...alice, sub: '' }, {}],
    ['it has no expiry', { sub: 'alice' }, {}],
    ['it has no expiry', { sub: 'alice', exp: 'soon' }, {}],
    ['it was issued after its expiry', { ...alice, iat: seconds + 61 }, {}],
    ['it is for web, not for kafka', { ...alice, aud: 'web' }, { audiences: ['kafka'] }],
    ['it is for undefined, not for kafka or shop', alice, { audiences: ['kafka', 'shop'] }],
    ['it is from me, not from them', { ...alice, iss: 'me' }, { issuer: 'them' }],
  ])('is rejected: %s', async (why, claims, more) => {
    await expect(checkToken(unsecured(claims), null, { ...rules, ...more }, at)).rejects.toThrow(why)
  })

  test.each(['abc', 'a.b.c', '', `${part({ alg: 'none' })}.bm90IGpzb24.`])('"%s" is not one', async (text) => {
    await expect(checkToken(text, null, rules, at)).rejects.toThrow('it is not a JSON Web Token')
  })
})

describe('OAUTHBEARER', () => {
  const exchange = () => oauthExchange((token) => checkToken(token, null, rules, at))
  const first = (token: string, authorization = '') =>
    Buffer.from(`n,${authorization},\u0001auth=Bearer ${token}\u0001\u0001`)

  test('accepts the subject of a token, until it expires', async () => {
    expect(await exchange().step(first(unsecured(alice)))).toMatchObject({
      kind: 'done',
      user: 'alice',
      expiresAt: at + 60_000,
    })
    expect((await exchange().step(first(unsecured(alice), 'a=alice'))).kind).toBe('done')
    expect((await exchange().step(first(unsecured(alice), 'a=bob'))).kind).toBe('failed')
    expect((await exchange().step(Buffer.from('nonsense'))).kind).toBe('failed')
  })

  test('says that a token is rejected, and ends when the client has acknowledged that (RFC 7628)', async () => {
    const running = exchange()
    const answer = await running.step(first(unsecured({ ...alice, exp: seconds - 99 })))
    expect(answer.kind === 'challenge' && JSON.parse(Buffer.from(answer.reply).toString())).toEqual({
      status: 'invalid_token',
    })
    expect(await running.step(Buffer.from('\u0001'))).toMatchObject({
      kind: 'failed',
      message: '{"status":"invalid_token"}',
    })
  })
})

describe('rules for principals', () => {
  const subject = 'CN=alice,OU=Sales,O=Shop'

  test('the first that fits makes the name (SslPrincipalMapperTest)', () => {
    expect(principalMapper('DEFAULT')(subject)).toBe(subject)
    expect(principalMapper('RULE:^CN=(.*?),OU=Sales.*$/$1/,DEFAULT')(subject)).toBe('alice')
    expect(principalMapper('RULE:^CN=(.*?),.*$/$1@shop/U, DEFAULT')(subject)).toBe('ALICE@SHOP')
    expect(principalMapper('RULE:^OU=(.*)$/$1/,RULE:^CN=(.*?),.*$/$1/L')('CN=Bob,O=X')).toBe('bob')
    // Answers of SslPrincipalMapper of Apache Kafka 4.4.0.
    expect(principalMapper('RULE:CN=(.*?),OU=.*/$1/')(subject)).toBe('alice')
    expect(principalMapper('RULE:^CN=(.*)$/a\\/$1/L')('CN=X')).toBe('a/x')
    expect(principalMapper('RULE:^CN=(.*)$/$2-$1/')('CN=x')).toBe('$2-x')
    expect(principalMapper('RULE:CN=(.)/$1/,DEFAULT')('CN=x,CN=y')).toBe('CN=x,CN=y')
    expect(principalMapper('RULE:^CN=(.*)$/$1/L , RULE:^O=(.*)$/$1/,')('CN=X')).toBe('x')
  })

  test('name nobody whom none fits (NoMatchingRule)', () => {
    expect(principalMapper('RULE:^OU=(.*)$/$1/')(subject)).toBeUndefined()
    expect(principalMapper('')(subject)).toBeUndefined()
  })

  test('what is no rule is refused', () => {
    expect(() => principalMapper('RULE:abc')).toThrow('"RULE:abc" is no rule for principals')
  })
})
