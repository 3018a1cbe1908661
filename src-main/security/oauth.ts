import type { TokenClaims } from './jwt'
import type { SaslExchange, SaslStep } from './mechanism'

const separator = '\u0001'

/**
 * OAUTHBEARER (RFC 7628) as Kafka's OAuthBearerSaslServer: a token that is rejected is answered with a status in JSON, and the exchange
 * fails when the client has acknowledged that.
 *
 * @param check rejects with the reason for which a token is rejected
 */
export function oauthExchange(check: (token: string) => Promise<TokenClaims>): SaslExchange<Promise<SaslStep>> {
  let refusal: { readonly status: string; readonly why: string } | undefined
  return {
    async step(bytes) {
      const text = Buffer.from(bytes).toString('utf8')
      if (refusal) return { kind: 'failed', message: refusal.status, why: refusal.why }
      const match = new RegExp(`^n,(?:a=([^,]*))?,${separator}(.*)${separator}${separator}$`, 's').exec(text)
      const fields = new Map(
        (match?.[2] ?? '').split(separator).map((field) => {
          const at = field.indexOf('=')
          return [field.slice(0, at), field.slice(at + 1)]
        }),
      )
      const [scheme = '', token = ''] = (fields.get('auth') ?? '').trim().split(/\s+/)
      if (!match || scheme.toLowerCase() !== 'bearer' || token === '') {
        const message = 'Invalid OAUTHBEARER client first message'
        return { kind: 'failed', message, why: 'the message is not one of OAUTHBEARER' }
      }
      try {
        const { subject, expiresAt } = await check(token)
        const wanted = match[1]
        if (wanted && wanted !== subject) {
          const message = `Authentication failed: Client requested an authorization id (${wanted}) that is different from the token's principal name (${subject})`
          return { kind: 'failed', message, why: `${subject} asked to be ${wanted}` }
        }
        return { kind: 'done', reply: new Uint8Array(), user: subject, expiresAt }
      } catch (error) {
        const why = `the token was rejected: ${error instanceof Error ? error.message : String(error)}`
        refusal = { status: JSON.stringify({ status: 'invalid_token' }), why }
        return { kind: 'challenge', reply: Buffer.from(refusal.status) }
      }
    },
  }
}
