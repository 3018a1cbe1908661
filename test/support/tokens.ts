import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Signer {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly jwk: JsonWebKey
}

/** An issuer of signed tokens (RFC 7519, RS256); its keys are in `jwks.json`, for `sasl.oauthbearer.jwks.endpoint.url` (RFC 7517). */
export class TestIssuer {
  readonly #own = signer('key-1')
  readonly #other = signer('key-1')
  readonly folder = mkdtempSync(join(tmpdir(), 'ottla-issuer-'))

  constructor() {
    const keys = [{ ...this.#own.jwk, kid: this.#own.kid, use: 'sig', alg: 'RS256' }]
    writeFileSync(join(this.folder, 'jwks.json'), JSON.stringify({ keys }))
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** A token that counts for an hour, or has expired an hour ago. */
  token(subject: string, isExpired = false): string {
    return signed(this.#own, subject, isExpired)
  }

  /** A token that says it is of the same key, and is not. */
  forged(subject: string): string {
    return signed(this.#other, subject, false)
  }

  /** A token of a key that the broker has not. */
  stranger(subject: string): string {
    return signed({ ...this.#other, kid: 'key-2' }, subject, false)
  }

  /** A token without a signature, which proves nothing. */
  unsecured(subject: string): string {
    return `${part({ alg: 'none' })}.${part(claims(subject, false))}.`
  }
}

function signer(kid: string): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid, privateKey, jwk: publicKey.export({ format: 'jwk' }) }
}

function signed({ kid, privateKey }: Signer, subject: string, isExpired: boolean): string {
  const text = `${part({ alg: 'RS256', kid, typ: 'JWT' })}.${part(claims(subject, isExpired))}`
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
}

function claims(sub: string, isExpired: boolean) {
  const now = Math.floor(Date.now() / 1000)
  const [iat, exp] = isExpired ? [now - 7200, now - 3600] : [now, now + 3600]
  return { sub, iat, exp, iss: 'test', aud: 'kafka', scope: 'all' }
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
