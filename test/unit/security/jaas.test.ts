import { describe, expect, test } from 'vitest'
import { readJaas } from '../../../src-main/security/jaas'
import { TestBroker } from '../../support/core'

const module = 'org.apache.kafka.common.security.plain.PlainLoginModule required'
const users = (options: string) => [...readJaas(`${module} ${options};`)]

describe('sasl.jaas.config is read as Kafka reads it', () => {
  test.each([
    ['double quotes', 'user_a="secret"', 'secret'],
    ['escaped quote and backslash', String.raw`user_a="p\"q\\r"`, String.raw`p"q\r`],
    ['single quotes', "user_a='s3'", 's3'],
    ['a quote of the other kind', `user_a='say "hi"'`, 'say "hi"'],
    ['a bare word', 'user_a=plain-word_1.x', 'plain-word_1.x'],
    ['spaces around the sign', 'user_a = "b"', 'b'],
    ['an octal escape and a tab', String.raw`user_a="\101\t"`, 'A\t'],
    ['a semicolon in quotes', 'user_a="a;b"', 'a;b'],
    ['an empty password', 'user_a=""', ''],
    ['comments', '/* all */ user_a="b" // end\n', 'b'],
  ])('%s', (_name, options, password) => {
    expect(users(options)).toEqual([['user_a', password]])
  })

  test('several options, and several modules', () => {
    expect(users(`user_a="1x"\n user_b='2'`)).toEqual([
      ['user_a', '1x'],
      ['user_b', '2'],
    ])
    expect([...readJaas('A required user_a="1"; B optional user_b="2";').keys()]).toEqual(['user_a', 'user_b'])
  })

  test.each([
    ['no semicolon', `${module} user_a="b"`],
    ['no control flag', 'org.apache.kafka.common.security.plain.PlainLoginModule user_a="b";'],
    ['no value', `${module} user_a=;`],
    ['a number without quotes', `${module} user_a=123;`],
  ])('%s is an error', (_name, config) => {
    expect(() => readJaas(config)).toThrow(Error)
  })
})

test('users of PLAIN log in with such passwords; a config that cannot be read lets nobody in and says so', async () => {
  const login = async (jaas: string, user: string, password: string) => {
    const broker = new TestBroker({ 'sasl.enabled.mechanisms': 'PLAIN', 'sasl.jaas.config': jaas })
    const client = broker.client({ listener: 'SASL_PLAINTEXT' })
    await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })
    const asking = client.ask('SaslAuthenticate', 2, { authBytes: Buffer.from(`\0${user}\0${password}`) })
    // A failed login is answered after a pause.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    broker.clock.advance(1000)
    const { errorCode } = await asking
    const why = broker.core.denials.all()[0]?.why
    await broker.dispose()
    return errorCode === 0 ? 'welcome' : why
  }
  const jaas = String.raw`${module} user_a="p\"q\\r" user_b='s3' user_c=plain;`
  expect(await login(jaas, 'a', String.raw`p"q\r`)).toBe('welcome')
  expect(await login(jaas, 'b', 's3')).toBe('welcome')
  expect(await login(jaas, 'c', 'plain')).toBe('welcome')
  expect(await login(jaas, 'c', 'other')).toBe('the password of c is wrong')
  expect(await login(`${module} user_a=12;`, 'a', '12')).toContain('sasl.jaas.config cannot be read')
})
