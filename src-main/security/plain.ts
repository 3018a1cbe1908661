import { timingSafeEqual } from 'node:crypto'
import type { SaslExchange } from './mechanism'

/** PLAIN (RFC 4616): `authzid NUL user NUL password`, as Kafka's PlainSaslServer reads it. */
export function plainExchange(passwordOf: (user: string) => string | undefined): SaslExchange {
  return {
    step(bytes) {
      const failed = (why: string, message = 'Authentication failed: Invalid username or password') =>
        ({ kind: 'failed', message, why }) as const
      const [authorization, user, password, ...more] = Buffer.from(bytes).toString('utf8').split('\0')
      if (authorization === undefined || user === undefined || password === undefined || more.length > 0) {
        return failed('the message is not one of PLAIN', 'Invalid SASL/PLAIN response: expected 3 tokens')
      }
      if (user === '' || password === '')
        return failed('the user or the password is empty', 'Authentication failed: username not specified')
      const expected = passwordOf(user)
      if (expected === undefined) return failed(`there is no user ${user}`)
      if (!sameText(expected, password)) return failed(`the password of ${user} is wrong`)
      if (authorization !== '' && authorization !== user) {
        return failed(
          `${user} asked to be ${authorization}`,
          'Authentication failed: Client requested an authorization id that is different from username',
        )
      }
      return { kind: 'done', reply: new Uint8Array(), user }
    },
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
