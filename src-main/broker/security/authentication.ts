import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Clock, Millis } from '../../base/clock'
import { checkToken, type Keys, type TokenClaims } from '../../security/jwt'
import { type Mechanism, mechanisms, type SaslExchange, type SaslStep } from '../../security/mechanism'
import { oauthExchange } from '../../security/oauth'
import { plainExchange } from '../../security/plain'
import { principalMapper } from '../../security/principal'
import { scramExchange } from '../../security/scram'
import type { Client } from '../clients'
import type { Configs } from '../config/configs'
import type { Tokens } from './tokens'
import type { Users } from './users'

/** Requests that a client may send before it has said who it is (SaslServerAuthenticator). */
const beforehand = new Set(['ApiVersions', 'SaslHandshake', 'SaslAuthenticate'])

const userOption = /\buser_([^=\s"]+)\s*=\s*"([^"]*)"/g

/** Who a client is, and until when that counts. */
interface Identity {
  readonly mechanism: Mechanism
  readonly principal: string
  /** It must authenticate again before then (KIP-368); `null`: never. */
  readonly expiresAt: Millis | null
}

interface Running {
  readonly mechanism: Mechanism
  readonly exchange: SaslExchange
  /** SaslHandshake 0: tokens come as they are, without a request around them. */
  readonly isRaw: boolean
}

export type AuthenticationStep = SaslStep & {
  /** How long the client may go on before it must authenticate again; 0: as long as it likes. */
  readonly sessionLifetimeMs: number
}

/** Who is who on listeners that ask for it. */
export class Authentication {
  readonly #configs: Configs
  readonly #users: Users
  readonly #tokens: Tokens
  readonly #clock: Clock
  readonly #running = new WeakMap<Client, Running>()
  readonly #known = new WeakMap<Client, Identity>()

  constructor(configs: Configs, users: Users, tokens: Tokens, clock: Clock) {
    this.#configs = configs
    this.#users = users
    this.#tokens = tokens
    this.#clock = clock
  }

  /** The mechanisms that are served. Tokens that prove nothing are let in only where that was asked for. */
  get mechanisms(): readonly Mechanism[] {
    const wanted = this.#configs
      .broker('sasl.enabled.mechanisms')
      .split(',')
      .map((name) => name.trim())
    const chosen = mechanisms.filter((name) => wanted.includes(name))
    return chosen.length > 0 ? chosen : mechanisms.filter((name) => name !== 'OAUTHBEARER')
  }

  /** A client with a certificate is whom that names (`ssl.principal.mapping.rules`). @throws Error for rules that are none */
  connected(client: Client): void {
    const { listener, tlsPeer } = client.connection
    if (tlsPeer === undefined || listener.startsWith('SASL_')) return
    const mapped = principalMapper(this.#configs.broker('ssl.principal.mapping.rules'))(tlsPeer)
    client.principal = `User:${mapped}`
  }

  /** Why a client may not send this now; `undefined` when it may. */
  refusal(client: Client, api: string): string | undefined {
    if (!client.connection.listener.startsWith('SASL_') || beforehand.has(api)) return undefined
    const identity = this.#known.get(client)
    if (!identity) return `${api} came before the client said who it is (SASL)`
    if (identity.expiresAt !== null && this.#clock.now() > identity.expiresAt) {
      return `${identity.principal} did not authenticate again in time`
    }
    return undefined
  }

  /** Begins an exchange; false when the mechanism is not served. */
  begin(client: Client, mechanism: string, isRaw = false): boolean {
    const known = this.mechanisms.find((name) => name === mechanism)
    if (!known) return false
    this.#running.set(client, { mechanism: known, exchange: this.#exchange(known), isRaw })
    return true
  }

  /** Whether the next frame of a client is a token of SaslHandshake 0, and no request. */
  expectsToken(client: Client): boolean {
    return this.#running.get(client)?.isRaw === true
  }

  /** `undefined` when there was no handshake. */
  step(client: Client, bytes: Uint8Array): AuthenticationStep | undefined {
    const running = this.#running.get(client)
    if (!running) return undefined
    const step = running.exchange.step(bytes)
    if (step.kind === 'challenge') return { ...step, sessionLifetimeMs: 0 }
    this.#running.delete(client)
    if (step.kind === 'failed') return { ...step, sessionLifetimeMs: 0 }
    const principal = step.isToken ? (this.#tokens.find(step.user)?.owner ?? '') : `User:${step.user}`
    const before = this.#known.get(client)
    if (before && (before.principal !== principal || before.mechanism !== running.mechanism)) {
      const what = before.principal !== principal ? 'principals' : 'the SASL mechanism'
      const message = `Cannot change ${what} during re-authentication from ${before.principal}: ${principal}`
      return { kind: 'failed', message, why: message, sessionLifetimeMs: 0 }
    }
    const sessionLifetimeMs = this.#lifetime(step.expiresAt)
    const expiresAt = sessionLifetimeMs > 0 ? this.#clock.now() + sessionLifetimeMs : null
    this.#known.set(client, { mechanism: running.mechanism, principal, expiresAt })
    client.principal = principal
    client.isByToken = step.isToken === true
    return { ...step, sessionLifetimeMs }
  }

  /** SaslServerAuthenticator.calcCompletionTimesAndReturnSessionLifetimeMs. */
  #lifetime(expiresAt: Millis | undefined): number {
    const longest = this.#configs.brokerNumber('connections.max.reauth.ms')
    const ends = expiresAt === undefined ? undefined : Math.max(1, expiresAt - this.#clock.now())
    if (longest <= 0) return ends ?? 0
    return ends === undefined ? longest : Math.min(ends, longest)
  }

  #exchange(mechanism: Mechanism): SaslExchange {
    if (mechanism === 'PLAIN') return plainExchange((user) => this.#passwords().get(user))
    if (mechanism === 'OAUTHBEARER') return oauthExchange((token) => this.#claims(token))
    const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
    return scramExchange(hash, (user, isToken) =>
      isToken ? this.#tokens.credential(user, hash) : this.#users.find(user, hash),
    )
  }

  /** @throws Error that says why the token does not count */
  #claims(token: string): TokenClaims {
    const configs = this.#configs
    const list = (name: string) =>
      configs
        .broker(name)
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '')
    const rules = {
      subjectClaim: configs.broker('sasl.oauthbearer.sub.claim.name') || 'sub',
      clockSkewMs: configs.brokerNumber('sasl.oauthbearer.clock.skew.seconds') * 1000,
      audiences: list('sasl.oauthbearer.expected.audience'),
      issuer: configs.broker('sasl.oauthbearer.expected.issuer') || null,
    }
    return checkToken(token, this.#keys(), rules, this.#clock.now())
  }

  /** The keys of `sasl.oauthbearer.jwks.endpoint.url`, which is a file here; read anew each time, so that keys can be changed. */
  #keys(): Keys {
    const url = this.#configs.broker('sasl.oauthbearer.jwks.endpoint.url')
    if (url === '') return null
    if (!url.startsWith('file:')) throw new Error(`the keys are read from files only, not from ${url}`)
    const { keys } = JSON.parse(readFileSync(fileURLToPath(url), 'utf8')) as { readonly keys: NonNullable<Keys> }
    return keys
  }

  /** Users of PLAIN: `user_alice="secret"` in `sasl.jaas.config`, as PlainLoginModule reads it. */
  #passwords(): Map<string, string> {
    return new Map(
      [...this.#configs.broker('sasl.jaas.config').matchAll(userOption)].map(([, user = '', password = '']) => [
        user,
        password,
      ]),
    )
  }
}
