import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Mechanism } from './mechanism'
import { type AwsIdentity, mskIamClient } from './msk-iam'
import { type ClientExchange, SaslError } from './sasl-exchange'
import { type ScramHash, saltPassword } from './scram'

export type { ClientExchange }
export { SaslError }

/** The identity that a client shows. */
export type Credentials =
  | { readonly mechanism: Exclude<Mechanism, 'OAUTHBEARER'>; readonly user: string; readonly password: string }
  | { readonly mechanism: 'OAUTHBEARER'; readonly token: string; readonly extensions: ReadonlyMap<string, string> }
  /** Amazon MSK; the region where the name of the broker does not tell it. */
  | ({ readonly mechanism: 'AWS_MSK_IAM'; readonly region: string | null } & AwsIdentity)

export interface ExchangeOptions {
  /** SCRAM: the user is the id of a delegation token (KIP-48). */
  readonly isToken?: boolean
  readonly nonce?: string
  /** AWS_MSK_IAM: the broker's name, and what the client calls itself. */
  readonly host?: string
  readonly userAgent?: string
  readonly now?: () => number
}

export function clientExchange(credentials: Credentials, options: ExchangeOptions = {}): ClientExchange {
  switch (credentials.mechanism) {
    case 'PLAIN':
      return plainClient(credentials.user, credentials.password)
    case 'SCRAM-SHA-256':
      return scramClient('sha256', credentials.user, credentials.password, options)
    case 'SCRAM-SHA-512':
      return scramClient('sha512', credentials.user, credentials.password, options)
    case 'OAUTHBEARER':
      return oauthClient(credentials.token, credentials.extensions)
    case 'AWS_MSK_IAM': {
      const { host = '', userAgent = 'ottla', now = Date.now } = options
      return mskIamClient(credentials, { host, region: credentials.region, userAgent, now })
    }
  }
}

/** PLAIN (RFC 4616). */
function plainClient(user: string, password: string): ClientExchange {
  return { first: () => Buffer.from(`\0${user}\0${password}`), next: () => null }
}

/** OAUTHBEARER (RFC 7628): a challenge is a failure in JSON, which is acknowledged with one byte. */
function oauthClient(token: string, extensions: ReadonlyMap<string, string>): ClientExchange {
  const more = [...extensions].map(([name, value]) => `${name}=${value}\u0001`).join('')
  return {
    first: () => Buffer.from(`n,,\u0001auth=Bearer ${token}\u0001${more}\u0001`),
    next: (challenge) => (challenge.length === 0 ? null : Buffer.from('\u0001')),
  }
}

/** Kafka's own range is 4096 to 16384; a server that asks for millions would stop the process for minutes. */
const mostIterations = 1_000_000

/** SCRAM (RFC 5802) without channel binding, as org.apache.kafka.common.security.scram.internals.ScramSaslClient. */
function scramClient(hash: ScramHash, user: string, password: string, options: ExchangeOptions): ClientExchange {
  const { isToken = false, nonce = randomBytes(24).toString('base64') } = options
  const name = user.replaceAll('=', '=3D').replaceAll(',', '=2C')
  const bare = `n=${name},r=${nonce}${isToken ? ',tokenauth=true' : ''}`
  let serverSignature: Buffer | undefined
  return {
    first: () => Buffer.from(`n,,${bare}`),
    next(challenge) {
      const text = challenge.toString('utf8')
      const problem = /^e=([^,]+)/.exec(text)
      if (problem) throw new SaslError(`the server answered ${problem[1]}`)
      if (serverSignature) {
        const given = Buffer.from(/^v=([^,]+)/.exec(text)?.[1] ?? '', 'base64')
        if (given.length !== serverSignature.length || !timingSafeEqual(given, serverSignature)) {
          throw new SaslError('the server does not know the password: its signature is wrong')
        }
        return null
      }
      const match = /^r=([^,]+),s=([A-Za-z0-9+/=]+),i=(\d+)/.exec(text)
      if (!match) throw new SaslError('the answer of the server is not one of SCRAM')
      const [, fullNonce = '', salt = '', iterations = ''] = match
      if (!fullNonce.startsWith(nonce)) throw new SaslError('the server answered with the nonce of another client')
      const rounds = Number(iterations)
      if (rounds < 1 || rounds > mostIterations) throw new SaslError(`the server asks for ${iterations} iterations`)
      const salted = saltPassword(hash, password, Buffer.from(salt, 'base64'), rounds)
      const withoutProof = `c=biws,r=${fullNonce}`
      const message = `${bare},${text},${withoutProof}`
      const clientKey = createHmac(hash, salted).update('Client Key').digest()
      const storedKey = createHash(hash).update(clientKey).digest()
      const signature = createHmac(hash, storedKey).update(message).digest()
      const serverKey = createHmac(hash, salted).update('Server Key').digest()
      serverSignature = createHmac(hash, serverKey).update(message).digest()
      const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] as number)))
      return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`)
    },
  }
}
