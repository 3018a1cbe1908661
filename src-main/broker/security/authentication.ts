import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Clock, Millis } from '../../base/clock'
import { usesSasl } from '../../base/security-protocol'
import { readJaas } from '../../security/jaas'
import { checkToken, type Keys, type TokenClaims } from '../../security/jwt'
import { type Mechanism, mechanisms, type SaslExchange, type SaslStep } from '../../security/mechanism'
import { oauthExchange } from '../../security/oauth'
import { plainExchange } from '../../security/plain'
import { principalMapper } from '../../security/principal'
import { scramExchange } from '../../security/scram'
import type { Client } from '../clients'
import type { Configs } from '../config/configs'
import type { DenialLog } from './denials'
import { listenerConfig } from './listener-configs'
import type { Tokens } from './tokens'
import type { Users } from './users'

/** Requests that a client may send before it begins to say who it is (SaslServerAuthenticator.handleKafkaRequest). */
const beforehand = new Set(['ApiVersions', 'SaslHandshake'])

/** Options of PlainLoginModule that name a user. */
const userPrefix = 'user_'

/** A client may not begin to authenticate again sooner than this (KafkaChannel.MIN_REAUTH_INTERVAL_ONE_SECOND_NANOS). */
const fewestMsBetween = 1000

/** Who a client is, and until when that is valid. */
interface Identity {
  readonly mechanism: Mechanism
  readonly principal: string
  /** It must authenticate again before then (KIP-368); `null`: never, and it may not. */
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
  readonly #denials: DenialLog
  readonly #clock: Clock
  readonly #running = new WeakMap<Client, Running>()
  readonly #known = new WeakMap<Client, Identity>()
  readonly #begunAgainAt = new WeakMap<Client, Millis>()
  /** Clients whose certificate names nobody, and why. */
  readonly #unnamed = new WeakMap<Client, string>()

  constructor(configs: Configs, users: Users, tokens: Tokens, denials: DenialLog, clock: Clock) {
    this.#configs = configs
    this.#users = users
    this.#tokens = tokens
    this.#denials = denials
    this.#clock = clock
  }

  /** The mechanisms that a listener serves. Tokens that prove nothing are let in only where that was asked for. */
  mechanisms(listener: string): readonly Mechanism[] {
    const wanted = listenerConfig(this.#configs, listener, 'sasl.enabled.mechanisms')
      .split(',')
      .map((name) => name.trim())
    const chosen = mechanisms.filter((name) => wanted.includes(name))
    return chosen.length > 0 ? chosen : mechanisms.filter((name) => name !== 'OAUTHBEARER')
  }

  /**
   * A client with a certificate is whom that names (`ssl.principal.mapping.rules`). Where no rule fits it, its connection is closed with its first
   * request (DefaultKafkaPrincipalBuilder.applySslPrincipalMapper).
   */
  connected(client: Client): void {
    const { listener, securityProtocol, tlsPeer } = client.connection
    if (tlsPeer === undefined || usesSasl(securityProtocol)) return
    const rules = listenerConfig(this.#configs, listener, 'ssl.principal.mapping.rules')
    try {
      const name = principalMapper(rules)(tlsPeer)
      if (name === undefined) this.#unnamed.set(client, `no rule of ssl.principal.mapping.rules fits ${tlsPeer}`)
      else client.authenticated(`User:${name}`)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.#unnamed.set(client, `ssl.principal.mapping.rules cannot be used: ${why}`)
    }
  }

  /** Bytes of the longest frame that a client may send now: a login needs few (SaslServerAuthenticator). */
  frameLimit(client: Client): number {
    const isFree = !usesSasl(client.connection.securityProtocol) || this.#known.has(client)
    return isFree ? Number.POSITIVE_INFINITY : this.#configs.brokerNumber('sasl.server.max.receive.size')
  }

  /** Why a client may not send this now, which closes its connection; `undefined` when it may. */
  denial(client: Client, api: string): string | undefined {
    const isLogin = usesSasl(client.connection.securityProtocol)
    const why = isLogin ? this.#denialOf(client, api) : this.#unnamed.get(client)
    if (why !== undefined) this.#denials.note(client, { error: null, what: api, why })
    return why
  }

  #denialOf(client: Client, api: string): string | undefined {
    if (this.#running.has(client)) {
      return api === 'SaslAuthenticate' || beforehand.has(api) ? undefined : inTheMiddle(api)
    }
    const identity = this.#known.get(client)
    if (!identity) return beforehand.has(api) ? undefined : `${api} came before the client said who it is (SASL)`
    const isLate = identity.expiresAt !== null && this.#clock.now() > identity.expiresAt
    if (!isLate || (api === 'SaslHandshake' && this.mayBegin(client))) return undefined
    return `${identity.principal} did not authenticate again in time`
  }

  /**
   * Why a request that may come before an exchange is answered with an error in the middle of one; `undefined` when there is none
   * (SaslServerAuthenticator.handleSaslToken).
   */
  interruption(client: Client, api: string): string | undefined {
    if (!this.#running.has(client)) return undefined
    const why = inTheMiddle(api)
    this.#denials.note(client, { error: 'ILLEGAL_SASL_STATE', what: api, why })
    return why
  }

  /**
   * Whether a client may begin an exchange now. Who is known may do so again only when what it showed ends, and not at once
   * (KafkaChannel.maybeBeginServerReauthentication).
   */
  mayBegin(client: Client): boolean {
    if (!usesSasl(client.connection.securityProtocol)) return false
    const known = this.#known.get(client)
    if (!known) return true
    const last = this.#begunAgainAt.get(client)
    return known.expiresAt !== null && (last === undefined || this.#clock.now() - last >= fewestMsBetween)
  }

  /** Begins an exchange; false when the mechanism is not served. */
  begin(client: Client, mechanism: string, isRaw = false): boolean {
    const { listener } = client.connection
    const found = this.mechanisms(listener).find((name) => name === mechanism)
    if (!found) {
      const why = `${mechanism} is not served, but ${this.mechanisms(listener).join(', ')}`
      this.#denials.note(client, { error: 'UNSUPPORTED_SASL_MECHANISM', what: `SASL ${mechanism}`, why })
      return false
    }
    const isAgain = this.#known.has(client)
    if (isAgain) this.#begunAgainAt.set(client, this.#clock.now())
    this.#running.set(client, { mechanism: found, exchange: this.#exchange(found, listener, isAgain), isRaw })
    return true
  }

  /** Whether the next frame of a client is a token of SaslHandshake 0, and no request. */
  expectsToken(client: Client): boolean {
    return this.#running.get(client)?.isRaw === true
  }

  /** `undefined` when there was no handshake. */
  async step(client: Client, bytes: Uint8Array): Promise<AuthenticationStep | undefined> {
    const running = this.#running.get(client)
    if (!running) return undefined
    const step = await this.#step(client, running, bytes)
    if (step.kind !== 'challenge') this.#running.delete(client)
    if (step.kind === 'failed') {
      const what = `SASL ${running.mechanism}`
      this.#denials.note(client, { error: 'SASL_AUTHENTICATION_FAILED', what, why: step.why })
    }
    return step
  }

  async #step(client: Client, { mechanism, exchange }: Running, bytes: Uint8Array): Promise<AuthenticationStep> {
    const before = this.#known.get(client)
    if (before && before.mechanism !== mechanism) {
      const message = `SASL mechanism '${mechanism}' requested by client is not supported for re-authentication of mechanism '${before.mechanism}'`
      return { kind: 'failed', message, why: message, sessionLifetimeMs: 0 }
    }
    const step = await exchange.step(bytes)
    if (step.kind !== 'done') return { ...step, sessionLifetimeMs: 0 }
    const token = step.isToken ? this.#tokens.find(step.user) : undefined
    const principal = token?.owner ?? `User:${step.user}`
    if (before && before.principal !== principal) {
      const written = (name: string) => name.replace(':', '.')
      const message = `Cannot change principals during re-authentication from ${written(before.principal)}: ${written(principal)}`
      return { kind: 'failed', message, why: message, sessionLifetimeMs: 0 }
    }
    const lifetimeMs = this.#lifetime(client.connection.listener, mechanism, token?.expiresAt ?? step.expiresAt)
    const expiresAt = lifetimeMs === undefined ? null : this.#clock.now() + lifetimeMs
    this.#known.set(client, { mechanism, principal, expiresAt })
    client.authenticated(principal, step.isToken)
    return { ...step, sessionLifetimeMs: lifetimeMs ?? 0 }
  }

  /** SaslServerAuthenticator.calcCompletionTimesAndReturnSessionLifetimeMs; `undefined`: without end. */
  #lifetime(listener: string, mechanism: Mechanism, expiresAt: Millis | undefined): number | undefined {
    const longest = Number(listenerConfig(this.#configs, listener, 'connections.max.reauth.ms', mechanism))
    const ends = expiresAt === undefined ? undefined : Math.max(0, expiresAt - this.#clock.now())
    // What is no number, from a start, is as what was not set.
    if (!(longest > 0)) return ends
    return ends === undefined ? longest : Math.min(ends, longest)
  }

  /** Users of PLAIN with their passwords: `user_alice="secret"` in `sasl.jaas.config` (PlainLoginModule). None when it cannot be read. */
  plainUsers(listener: string): ReadonlyMap<string, string> {
    const users = this.#plainUsers(listener)
    return typeof users === 'string' ? new Map() : users
  }

  /** The users, or why the config cannot be read. */
  #plainUsers(listener: string): ReadonlyMap<string, string> | string {
    const jaas = listenerConfig(this.#configs, listener, 'sasl.jaas.config', 'PLAIN')
    try {
      const options = [...readJaas(jaas)].filter(([name]) => name.startsWith(userPrefix))
      return new Map(options.map(([name, password]) => [name.slice(userPrefix.length), password]))
    } catch (error) {
      return `sasl.jaas.config cannot be read: ${error instanceof Error ? error.message : String(error)}`
    }
  }

  #exchange(mechanism: Mechanism, listener: string, isAgain: boolean): SaslExchange {
    if (mechanism === 'PLAIN') {
      const users = this.#plainUsers(listener)
      return plainExchange((user) => (typeof users === 'string' ? { problem: users } : users.get(user)))
    }
    if (mechanism === 'OAUTHBEARER') return oauthExchange((token) => this.#claims(token))
    const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
    const credentialFor = (user: string, isToken: boolean) =>
      isToken ? this.#tokens.credential(user, hash) : this.#users.find(user, hash)
    return scramExchange(hash, credentialFor, { isAgain })
  }

  /** @throws Error with the reason for which the token is rejected */
  async #claims(token: string): Promise<TokenClaims> {
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

  /** The keys of `sasl.oauthbearer.jwks.endpoint.url`, which is a file here; read again each time, so that keys can be changed. */
  #keys(): Keys {
    const url = this.#configs.broker('sasl.oauthbearer.jwks.endpoint.url')
    if (url === '') return null
    if (!url.startsWith('file:')) throw new Error(`the keys are read from files only, not from ${url}`)
    const { keys } = JSON.parse(readFileSync(fileURLToPath(url), 'utf8')) as { readonly keys: NonNullable<Keys> }
    return keys
  }
}

function inTheMiddle(api: string): string {
  return `${api} came in the middle of the SASL exchange`
}
