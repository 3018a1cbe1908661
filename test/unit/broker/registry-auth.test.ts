import { afterEach, beforeEach, expect, test } from 'vitest'
import { BasicAuth } from '../../../src-main/broker/registry/basic-auth'
import { credentialOf, type ScramHash, saltPassword } from '../../../src-main/security/scram'
import { TestBroker } from '../../support/core'

let broker: TestBroker
let auth: BasicAuth
beforeEach(() => {
  broker = new TestBroker({ 'sasl.jaas.config': 'PlainLoginModule required user_alice="a";' })
  auth = new BasicAuth(broker.core, ['SASL_PLAINTEXT'], true)
})
afterEach(() => broker.dispose())

function addUser(user: string, hash: ScramHash, password: string): void {
  const salt = Buffer.from('salt')
  broker.core.users.set(user, hash, credentialOf(hash, salt, 4096, saltPassword(hash, password, salt, 4096)))
}

test('users of PLAIN and SCRAM are let in with their passwords, also many at once', async () => {
  addUser('bob', 'sha256', 'b')
  addUser('carol', 'sha512', 'c')
  const asked = [
    ['alice', 'a'],
    ['alice', 'x'],
    ['bob', 'b'],
    ['bob', 'x'],
    ['carol', 'c'],
    ['carol', ''],
    ['dave', 'd'],
    ['bob', 'b'],
  ] as const
  const answers = await Promise.all(asked.map(([user, password]) => auth.admits({ user, password })))
  expect(answers).toEqual([true, false, true, false, true, false, false, true])
  expect(await auth.admits(null)).toBe(false)
})

test('a password that was changed is not let in any more', async () => {
  addUser('bob', 'sha256', 'b')
  expect(await auth.admits({ user: 'bob', password: 'b' })).toBe(true)
  addUser('bob', 'sha256', 'new')
  expect(await auth.admits({ user: 'bob', password: 'b' })).toBe(false)
  expect(await auth.admits({ user: 'bob', password: 'new' })).toBe(true)
})
