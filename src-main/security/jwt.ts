import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import type { Millis } from '../base/clock'

/** What a token says that counts here. */
export interface TokenClaims {
  readonly subject: string
  readonly expiresAt: Millis
}

/** What a token is held against (sasl.oauthbearer.*). */
export interface TokenRules {
  readonly subjectClaim: string
  readonly clockSkewMs: number
  /** One of them must be in the token's `aud`; empty: any. */
  readonly audiences: readonly string[]
  readonly issuer: string | null
}

/** The keys of an issuer (RFC 7517); `null` lets unsecured tokens in, as Kafka does where nothing else is configured: for development. */
export type Keys = readonly (JsonWebKey & { readonly kid?: string })[] | null

/** Algorithms of RFC 7518 by their names, as `crypto.verify` knows them. */
const algorithms: Readonly<Record<string, { readonly hash: string; readonly isEcdsa: boolean }>> = {
  RS256: { hash: 'sha256', isEcdsa: false },
  RS384: { hash: 'sha384', isEcdsa: false },
  RS512: { hash: 'sha512', isEcdsa: false },
  ES256: { hash: 'sha256', isEcdsa: true },
  ES384: { hash: 'sha384', isEcdsa: true },
  ES512: { hash: 'sha512', isEcdsa: true },
}

/** Reads and checks a JSON Web Token (RFC 7519). @throws Error that says why it does not count */
export function checkToken(token: string, keys: Keys, rules: TokenRules, at: Millis): TokenClaims {
  const parts = token.split('.')
  const [header64 = '', payload64 = '', signature64 = ''] = parts
  if (parts.length !== 3) throw new Error('a token has three parts with dots between them')
  const header = json(header64, 'header')
  const claims = json(payload64, 'payload')
  if (keys === null) {
    if (header.alg !== 'none' || signature64 !== '') throw new Error('only unsecured tokens (alg none) are expected')
  } else checkSignature(header, `${header64}.${payload64}`, signature64, keys)
  const subject = claims[rules.subjectClaim]
  if (typeof subject !== 'string' || subject === '') throw new Error(`it has no claim ${rules.subjectClaim}`)
  const { exp, nbf, iat, aud, iss } = claims
  if (typeof exp !== 'number') throw new Error('it has no expiry (exp)')
  const skew = rules.clockSkewMs
  if (exp * 1000 + skew <= at) throw new Error(`it expired at ${new Date(exp * 1000).toISOString()}`)
  if (typeof nbf === 'number' && nbf * 1000 - skew > at) throw new Error('it is not valid yet (nbf)')
  if (typeof iat === 'number' && typeof exp === 'number' && iat > exp) throw new Error('it was issued after its expiry')
  const audiences = Array.isArray(aud) ? aud : [aud]
  if (rules.audiences.length > 0 && !rules.audiences.some((wanted) => audiences.includes(wanted))) {
    throw new Error(`it is for ${String(aud)}, not for ${rules.audiences.join(' or ')}`)
  }
  if (rules.issuer !== null && iss !== rules.issuer) {
    throw new Error(`it is from ${String(iss)}, not from ${rules.issuer}`)
  }
  return { subject, expiresAt: exp * 1000 }
}

function checkSignature(
  header: Readonly<Record<string, unknown>>,
  signed: string,
  signature64: string,
  keys: NonNullable<Keys>,
): void {
  const algorithm = algorithms[String(header.alg)]
  if (!algorithm) throw new Error(`its algorithm ${String(header.alg)} is not known`)
  const fitting = keys.filter(({ kid }) => header.kid === undefined || kid === header.kid)
  if (fitting.length === 0) throw new Error(`there is no key ${String(header.kid)}`)
  const signature = Buffer.from(signature64, 'base64url')
  const isGood = fitting.some((jwk) => {
    if (algorithm.isEcdsa !== (jwk.kty === 'EC')) return false
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return verify(algorithm.hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature)
  })
  if (!isGood) throw new Error('its signature is wrong')
}

function json(base64: string, part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, 'base64url').toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {
    // Said below, as for what is JSON and no object.
  }
  throw new Error(`its ${part} is no JSON object`)
}
