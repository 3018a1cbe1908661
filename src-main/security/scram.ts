import { createHash, createHmac, pbkdf2, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { SaslExchange, SaslStep } from './mechanism'

/** What is kept of a password (RFC 5802): enough to check it, not enough to use it. Keys and salt as base64. */
export interface ScramCredential {
  readonly salt: string
  readonly iterations: number
  readonly storedKey: string
  readonly serverKey: string
}

export type ScramHash = 'sha256' | 'sha512'

/** The iterations that Kafka accepts (ScramMechanism). */
export const fewestIterations = 4096
export const mostIterations = 16_384

/** The credential of a salted password, as AlterUserScramCredentials brings it. */
export function credentialOf(
  hash: ScramHash,
  salt: Uint8Array,
  iterations: number,
  saltedPassword: Uint8Array,
): ScramCredential {
  const storedKey = createHash(hash)
    .update(hmac(hash, saltedPassword, 'Client Key'))
    .digest('base64')
  const serverKey = hmac(hash, saltedPassword, 'Server Key').toString('base64')
  return { salt: Buffer.from(salt).toString('base64'), iterations, storedKey, serverKey }
}

/** Hi() of RFC 5802. */
export function saltPassword(hash: ScramHash, password: string, salt: Uint8Array, iterations: number): Buffer {
  return pbkdf2Sync(password.normalize('NFKC'), salt, iterations, hash === 'sha256' ? 32 : 64, hash)
}

/** As `saltPassword`, on another thread: for a password that anybody may send. */
export function saltPasswordAside(
  hash: ScramHash,
  password: string,
  salt: Uint8Array,
  iterations: number,
): Promise<Buffer> {
  return promisify(pbkdf2)(password.normalize('NFKC'), salt, iterations, hash === 'sha256' ? 32 : 64, hash)
}

function hmac(hash: ScramHash, key: Uint8Array, text: string): Buffer {
  return createHmac(hash, key).update(text).digest()
}

export interface ScramOptions {
  /** The client is known already and says so again, which the words for it tell apart. */
  readonly isAgain?: boolean
  readonly nonce?: string
}

/**
 * SCRAM (RFC 5802) as Kafka's ScramSaslServer: without channel binding. An unknown user is told in the same words as a wrong password.
 * With the extension `tokenauth=true` the user is the id of a delegation token (KIP-48).
 */
export function scramExchange(
  hash: ScramHash,
  credentialFor: (user: string, isToken: boolean) => ScramCredential | undefined,
  { isAgain = false, nonce = randomBytes(18).toString('base64') }: ScramOptions = {},
): SaslExchange<SaslStep> {
  const during = isAgain ? 're-authentication' : 'authentication'
  const invalid = `Authentication failed during ${during} due to invalid credentials with SASL mechanism SCRAM-SHA-${hash.slice(3)}`
  const failed = (why: string, message = invalid): SaslStep => ({ kind: 'failed', message, why })
  let first:
    | { user: string; isToken: boolean; bare: string; serverFirst: string; nonce: string; credential: ScramCredential }
    | undefined
  return {
    step(bytes) {
      const text = Buffer.from(bytes).toString('utf8')
      if (!first) {
        const match = /^n,(?:a=([^,]*))?,(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(,.*)?)$/.exec(text)
        if (!match) return failed('the first message is not one of SCRAM')
        const [, authorization = '', bare = '', name = '', clientNonce = '', extensions = ''] = match
        const user = name.replaceAll('=2C', ',').replaceAll('=3D', '=')
        const isToken = /,tokenauth=true(,|$)/i.test(extensions)
        const credential = credentialFor(user, isToken)
        if (!credential) return failed(`there is no user ${user} with SCRAM-SHA-${hash.slice(3)}`)
        if (authorization !== '' && authorization !== user) {
          return failed(
            `${user} asked to be ${authorization}`,
            'Authentication failed: Client requested an authorization id that is different from username',
          )
        }
        const serverFirst = `r=${clientNonce}${nonce},s=${credential.salt},i=${credential.iterations}`
        first = { user, isToken, bare, serverFirst, nonce: clientNonce + nonce, credential }
        return { kind: 'challenge', reply: Buffer.from(serverFirst) }
      }
      const match = /^(c=[^,]+,r=([^,]+)(?:,.*)?),p=([A-Za-z0-9+/=]+)$/.exec(text)
      if (!match) return failed('the last message is not one of SCRAM')
      const [, withoutProof = '', givenNonce = '', proof = ''] = match
      const { user, isToken, bare, serverFirst, credential } = first
      if (givenNonce !== first.nonce) return failed(`the nonce of ${user} is not the one that was given`)
      const message = `${bare},${serverFirst},${withoutProof}`
      const storedKey = Buffer.from(credential.storedKey, 'base64')
      const signature = hmac(hash, storedKey, message)
      const given = Buffer.from(proof, 'base64')
      if (given.length !== signature.length) return failed(`the proof of ${user} has a wrong length`)
      const clientKey = Buffer.from(given.map((byte, i) => byte ^ (signature[i] as number)))
      const computed = createHash(hash).update(clientKey).digest()
      if (!timingSafeEqual(computed, storedKey)) return failed(`the password of ${user} is wrong`)
      const verifier = hmac(hash, Buffer.from(credential.serverKey, 'base64'), message).toString('base64')
      return { kind: 'done', reply: Buffer.from(`v=${verifier}`), user, ...(isToken ? { isToken } : {}) }
    },
  }
}
