import { timingSafeEqual } from 'node:crypto'
import type { SaslExchange, SaslStep } from './mechanism'

/**
 * PLAIN (RFC 4616): `authzid NUL user NUL password`, as Kafka's PlainSaslServer reads it. `passwordOf` gives `undefined` for a user that
 * there is not, and a sentence when nobody can be known.
 */
export function plainExchange(
  passwordOf: (user: string) => string | { readonly problem: string } | undefined,
): SaslExchange<SaslStep> {
  return {
    step(bytes) {
      const failed = (why: string, message = 'Authentication failed: Invalid username or password') =>
        ({ kind: 'failed', message, why }) as const
      // Kafka reads no further than the fourth.
      const tokens = Buffer.from(bytes).toString('utf8').split('\0').slice(0, 4)
      const [authorization = '', user = '', password = ''] = tokens
      if (tokens.length !== 3) {
        const message = `Invalid SASL/PLAIN response: expected 3 tokens, got ${tokens.length}`
        return failed('the message is not one of PLAIN', message)
      }
      if (user === '') return failed('the user is empty', 'Authentication failed: username not specified')
      if (password === '') {
        return failed(`the password of ${user} is empty`, 'Authentication failed: password not specified')
      }
      const expected = passwordOf(user)
      if (typeof expected === 'object') return failed(expected.problem)
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
