import type { Millis } from '../base/clock'

/** The claims of a token that Ottla uses. */
export interface TokenClaims {
  readonly subject: string
  readonly expiresAt: Millis
}

/** The rules that a token is checked against (sasl.oauthbearer.*). */
export interface TokenRules {
  readonly subjectClaim: string
  readonly clockSkewMs: number
  /** One of them must be in the token's `aud`; empty: any. */
  readonly audiences: readonly string[]
  readonly issuer: string | null
}

/** A public key of an issuer (RFC 7517). */
interface Key {
  readonly kty?: string
  readonly kid?: string
}

/** The keys of an issuer; `null` accepts unsecured tokens, as Kafka does where nothing else is configured: for development. */
export type Keys = readonly Key[] | null

/** Kafka's BrokerJwtValidator accepts every signature that jose4j knows, and none without one. */
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

const notAToken = 'it is not a JSON Web Token'

/** Reads and checks a JSON Web Token (RFC 7519). @throws Error with the reason for which it is rejected */
export async function checkToken(token: string, keys: Keys, rules: TokenRules, at: Millis): Promise<TokenClaims> {
  // Loaded with the first token: most brokers never see one.
  const { UnsecuredJWT, decodeProtectedHeader, jwtVerify } = await import('jose')
  const options = {
    algorithms,
    currentDate: new Date(at),
    clockTolerance: rules.clockSkewMs / 1000,
    requiredClaims: [rules.subjectClaim, 'exp'],
    ...(rules.audiences.length > 0 ? { audience: [...rules.audiences] } : {}),
    ...(rules.issuer === null ? {} : { issuer: rules.issuer }),
  }
  try {
    const { kid, alg } = headerOf(decodeProtectedHeader, token)
    if (keys === null && alg !== 'none') throw new Error('only unsecured tokens (alg none) are expected')
    const fitting = keys?.filter((key) => kid === undefined || key.kid === kid) ?? []
    if (keys !== null && fitting.length === 0) throw new Error(`there is no key ${kid}`)
    const { payload } =
      keys === null ? UnsecuredJWT.decode(token, options) : await verifyWithAny(jwtVerify, token, fitting, options)
    const subject = payload[rules.subjectClaim]
    if (typeof subject !== 'string' || subject === '') throw new Error(`it has no claim ${rules.subjectClaim}`)
    const expiry = payload.exp ?? 0
    if (payload.iat !== undefined && payload.iat > expiry) throw new Error('it was issued after its expiry')
    return { subject, expiresAt: expiry * 1000 }
  } catch (error) {
    throw new Error(reasonOf(error as JoseError, rules), { cause: error })
  }
}

type Jose = typeof import('jose')
function headerOf(read: Jose['decodeProtectedHeader'], token: string): ReturnType<Jose['decodeProtectedHeader']> {
  try {
    return read(token)
  } catch (error) {
    // jose gives this one no code.
    throw new Error(notAToken, { cause: error })
  }
}

type VerifyOptions = NonNullable<Parameters<Jose['jwtVerify']>[2]>

/** A token without the id of its key is tried with each, as jose4j does. */
async function verifyWithAny(
  verify: Jose['jwtVerify'],
  token: string,
  keys: readonly Key[],
  options: VerifyOptions,
): Promise<Awaited<ReturnType<Jose['jwtVerify']>>> {
  let failure: unknown
  for (const key of keys) {
    try {
      return await verify(token, key, options)
    } catch (error) {
      // A key of another kind says nothing about the token; what was signed by one of them decides.
      if (failure === undefined || !isAboutTheKey(error as JoseError)) failure = error
    }
  }
  throw failure
}

/** An error of jose: its `code` says what is wrong, and `claim` where. */
interface JoseError extends Error {
  readonly code?: string
  readonly claim?: string
  readonly reason?: string
  readonly payload?: Readonly<Record<string, unknown>>
}

function isAboutTheKey({ code }: JoseError): boolean {
  return code === undefined || code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' || code === 'ERR_JOSE_NOT_SUPPORTED'
}

function reasonOf({ code, claim, reason, payload = {}, message }: JoseError, rules: TokenRules): string {
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return `it expired at ${new Date(Number(payload.exp) * 1000).toISOString()}`
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'its signature is wrong'
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return 'its algorithm is not accepted'
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      if (claim === 'exp') return 'it has no expiry (exp)'
      if (claim === 'nbf') return 'it is not valid yet (nbf)'
      if (claim === 'aud') return `it is for ${String(payload.aud)}, not for ${rules.audiences.join(' or ')}`
      if (claim === 'iss') return `it is from ${String(payload.iss)}, not from ${rules.issuer}`
      return reason === 'missing' ? `it has no claim ${claim}` : `its claim ${claim} is invalid`
    case 'ERR_JWS_INVALID':
    case 'ERR_JWT_INVALID':
      return notAToken
    default:
      return message
  }
}
