import { readFileSync } from 'node:fs'
import { ClientError } from '../failures'

/** Where an OAUTHBEARER token comes from. */
export type TokenSource =
  | { readonly kind: 'file'; readonly path: string }
  /** RFC 6749 4.4. */
  | {
      readonly kind: 'clientCredentials'
      readonly url: string
      readonly clientId: string
      readonly clientSecret: string
      readonly scope: string | null
    }
  /** Unsecured, for development: OAuthBearerUnsecuredLoginCallbackHandler. */
  | { readonly kind: 'unsecured'; readonly subject: string; readonly lifetimeMs: number }

/** Longest wait for the token endpoint (sasl.login.connect.timeout.ms and read.timeout.ms have no default). */
const timeoutMs = 10_000

/** Gets a new token. @throws ClientError `authentication`; the message names the source and never the secret */
export async function tokenFrom(source: TokenSource, now: () => number): Promise<string> {
  switch (source.kind) {
    case 'file':
      try {
        return readFileSync(source.path, 'utf8').trim()
      } catch (error) {
        throw failed(`the file of the token cannot be read: ${textOf(error)}`)
      }
    case 'unsecured': {
      const seconds = Math.floor(now() / 1000)
      const claims = { sub: source.subject, iat: seconds, exp: seconds + Math.ceil(source.lifetimeMs / 1000) }
      return `${base64Url({ alg: 'none' })}.${base64Url(claims)}.`
    }
    case 'clientCredentials':
      return await fromEndpoint(source)
  }
}

/** What to do about a token that was refused, where its own claims show why: a JSON Web Token whose time is over. */
export function expiryAdvice(source: TokenSource, token: string, now: number): string | undefined {
  const expiresAt = expiryOf(token)
  if (expiresAt === undefined || expiresAt > now) return undefined
  const expired = `The token expired at ${new Date(expiresAt).toISOString()}.`
  return source.kind === 'file'
    ? `${expired} Write a new one to ${source.path}: the file is read for every connection.`
    : `${expired} Is the clock of this machine right?`
}

/** `exp` of a JSON Web Token (RFC 7519) in ms; undefined for a token of another form. */
function expiryOf(token: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return undefined
    const ms = Number(claims.exp) * 1000
    return Math.abs(ms) <= 8_640_000_000_000_000 ? ms : undefined
  } catch {
    return undefined
  }
}

async function fromEndpoint(source: Extract<TokenSource, { kind: 'clientCredentials' }>): Promise<string> {
  const { url, clientId, clientSecret, scope } = source
  const encoded = (text: string) => encodeURIComponent(text)
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === null ? {} : { scope }) }),
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (error) {
    throw failed(`the token endpoint ${url} cannot be reached: ${textOf(error)}`)
  }
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok && typeof answer === 'object' && answer !== null && 'access_token' in answer) {
    if (typeof answer.access_token === 'string') return answer.access_token
  }
  throw failed(`the token endpoint ${url} answered ${response.status} without a token`)
}

function failed(why: string): ClientError {
  return new ClientError('authentication', `There is no token for OAUTHBEARER: ${why}.`)
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function base64Url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
