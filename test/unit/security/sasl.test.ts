import { describe, expect, test } from 'vitest'
import { plainExchange } from '../../../src-main/security/plain'
import { credentialOf, saltPassword, scramExchange } from '../../../src-main/security/scram'

describe('PLAIN', () => {
  const say = (text: string) =>
    plainExchange((user) => (user === 'alice' ? 'secret' : undefined)).step(Buffer.from(text))

  test('the right password', () => {
    expect(say('\0alice\0secret')).toMatchObject({ kind: 'done', user: 'alice' })
    expect(say('alice\0alice\0secret')).toMatchObject({ kind: 'done', user: 'alice' })
  })

  test('anything else is refused, an unknown user in the same words as a wrong password', () => {
    const message = 'Authentication failed: Invalid username or password'
    expect(say('\0alice\0wrong')).toMatchObject({ kind: 'failed', message, why: 'the password of alice is wrong' })
    expect(say('\0bob\0secret')).toMatchObject({ kind: 'failed', message, why: 'there is no user bob' })
    expect(say('bob\0alice\0secret').kind).toBe('failed')
    const messageOf = (text: string) => {
      const step = say(text)
      return step.kind === 'failed' ? step.message : undefined
    }
    expect(messageOf('alice')).toBe('Invalid SASL/PLAIN response: expected 3 tokens, got 1')
    expect(messageOf('a\0b\0c\0d\0e')).toBe('Invalid SASL/PLAIN response: expected 3 tokens, got 4')
    expect(messageOf('\0\0secret')).toBe('Authentication failed: username not specified')
    expect(messageOf('\0alice\0')).toBe('Authentication failed: password not specified')
  })
})

describe('SCRAM', () => {
  // The exchange of RFC 7677, section 3.
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  const credential = credentialOf('sha256', salt, 4096, saltPassword('sha256', 'pencil', salt, 4096))
  const nonce = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const open = () => scramExchange('sha256', (user) => (user === 'user' ? credential : undefined), { nonce })
  const first = Buffer.from('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
  const last =
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ='

  test('the exchange of RFC 7677', () => {
    const exchange = open()
    const challenge = exchange.step(first)
    expect(challenge.kind === 'challenge' && Buffer.from(challenge.reply).toString()).toBe(
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    )
    const done = exchange.step(Buffer.from(last))
    expect(done).toMatchObject({ kind: 'done', user: 'user' })
    expect(done.kind === 'done' && Buffer.from(done.reply).toString()).toBe(
      'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    )
  })

  test('a wrong proof, another nonce and an unknown user are refused', () => {
    const wrong = open()
    wrong.step(first)
    expect(wrong.step(Buffer.from(last.replace('p=dH', 'p=dI')))).toMatchObject({
      kind: 'failed',
      why: 'the password of user is wrong',
    })
    const other = open()
    other.step(first)
    expect(other.step(Buffer.from(last.replace('NEkqO%', 'NEkqO&')))).toMatchObject({ kind: 'failed' })
    expect(open().step(Buffer.from('n,a=root,n=user,r=abc'))).toMatchObject({
      kind: 'failed',
      message: 'Authentication failed: Client requested an authorization id that is different from username',
    })
    expect(open().step(Buffer.from('n,a=user,n=user,r=abc')).kind).toBe('challenge')
    expect(open().step(Buffer.from('n,,n=nobody,r=abc'))).toMatchObject({ kind: 'failed' })
    expect(open().step(Buffer.from('nonsense'))).toMatchObject({ kind: 'failed' })
  })
})
