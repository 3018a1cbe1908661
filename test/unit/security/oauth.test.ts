import { generateKeyPairSync, sign } from 'node:crypto'
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
  const keys: Keys = [
    { ...publicKey.export({ format: 'jwk' }), kid: 'one' },
    { ...ec.publicKey.export({ format: 'jwk' }), kid: 'two' },
  ]
  const signed = (claims: object, kid = 'one') => {
    const isEc = kid === 'two'
    const text = `${part({ alg: isEc ? 'ES256' : 'RS256', kid })}.${part(claims)}`
    const key = isEc ? { key: ec.privateKey, dsaEncoding: 'ieee-p1363' as const } : privateKey
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
  }

  test('counts unsecured only where there are no keys, and signed where there are', () => {
    expect(checkToken(unsecured(alice), null, rules, at)).toEqual({ subject: 'alice', expiresAt: at + 60_000 })
    expect(checkToken(signed(alice), keys, rules, at).subject).toBe('alice')
    expect(checkToken(signed(alice, 'two'), keys, rules, at).subject).toBe('alice')
    expect(() => checkToken(unsecured(alice), keys, rules, at)).toThrow('its algorithm none is not known')
    expect(() => checkToken(signed(alice), null, rules, at)).toThrow('only unsecured tokens')
    expect(() => checkToken(signed(alice, 'three'), keys, rules, at)).toThrow('there is no key three')
    const [head, , tail] = signed(alice).split('.')
    expect(() => checkToken(`${head}.${part({ ...alice, sub: 'bob' })}.${tail}`, keys, rules, at)).toThrow(
      'its signature is wrong',
    )
  })

  test.each([
    ['it expired at', { ...alice, exp: seconds - 31 }, {}],
    ['it is not valid yet', { ...alice, nbf: seconds + 31 }, {}],
    ['it has no claim sub', { exp: alice.exp }, {}],
    ['it has no expiry', { sub: 'alice' }, {}],
    ['it is for web, not for kafka', { ...alice, aud: 'web' }, { audiences: ['kafka'] }],
    ['it is from me, not from them', { ...alice, iss: 'me' }, { issuer: 'them' }],
  ])('does not count: %s', (why, claims, more) => {
    expect(() => checkToken(unsecured(claims), null, { ...rules, ...more }, at)).toThrow(why)
  })

  test('that is none is refused in words', () => {
    expect(() => checkToken('abc', null, rules, at)).toThrow('three parts')
    expect(() => checkToken('a.b.c', null, rules, at)).toThrow('its header is no JSON object')
  })
})

describe('OAUTHBEARER', () => {
  const exchange = () => oauthExchange((token) => checkToken(token, null, rules, at))
  const first = (token: string, authorization = '') =>
    Buffer.from(`n,${authorization},\u0001auth=Bearer ${token}\u0001\u0001`)

  test('lets the subject of a token in, until it expires', () => {
    expect(exchange().step(first(unsecured(alice)))).toMatchObject({
      kind: 'done',
      user: 'alice',
      expiresAt: at + 60_000,
    })
    expect(exchange().step(first(unsecured(alice), 'a=alice')).kind).toBe('done')
    expect(exchange().step(first(unsecured(alice), 'a=bob')).kind).toBe('failed')
    expect(exchange().step(Buffer.from('nonsense')).kind).toBe('failed')
  })

  test('says that a token does not count, and ends when the client has heard it (RFC 7628)', () => {
    const running = exchange()
    const told = running.step(first(unsecured({ ...alice, exp: seconds - 99 })))
    expect(told.kind === 'challenge' && JSON.parse(Buffer.from(told.reply).toString())).toEqual({
      status: 'invalid_token',
    })
    expect(running.step(Buffer.from('\u0001'))).toMatchObject({ kind: 'failed', message: '{"status":"invalid_token"}' })
  })
})

describe('rules for principals', () => {
  const subject = 'CN=alice,OU=Sales,O=Shop'

  test('the first that fits makes the name (SslPrincipalMapperTest)', () => {
    expect(principalMapper('DEFAULT')(subject)).toBe(subject)
    expect(principalMapper('RULE:^CN=(.*?),OU=Sales.*$/$1/,DEFAULT')(subject)).toBe('alice')
    expect(principalMapper('RULE:^CN=(.*?),.*$/$1@shop/U, DEFAULT')(subject)).toBe('ALICE@SHOP')
    expect(principalMapper('RULE:^OU=(.*)$/$1/,RULE:^CN=(.*?),.*$/$1/L')('CN=Bob,O=X')).toBe('bob')
    expect(principalMapper('RULE:^OU=(.*)$/$1/')(subject)).toBe(subject)
  })

  test('what is no rule is refused', () => {
    expect(() => principalMapper('RULE:abc')).toThrow('"RULE:abc" is no rule for principals')
  })
})
