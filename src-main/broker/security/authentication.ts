import { type Mechanism, mechanisms, type SaslExchange } from '../../security/mechanism'
import { plainExchange } from '../../security/plain'
import { scramExchange } from '../../security/scram'
import type { Client } from '../clients'
import type { Configs } from '../config/configs'
import type { Users } from './users'

/** Requests that a client may send before it has said who it is (SaslServerAuthenticator). */
const beforehand = new Set(['ApiVersions', 'SaslHandshake', 'SaslAuthenticate'])

const userOption = /\buser_([^=\s"]+)\s*=\s*"([^"]*)"/g

/** Who is who on listeners that ask for it. */
export class Authentication {
  readonly #configs: Configs
  readonly #users: Users
  readonly #exchanges = new WeakMap<Client, SaslExchange>()
  readonly #known = new WeakSet<Client>()

  constructor(configs: Configs, users: Users) {
    this.#configs = configs
    this.#users = users
  }

  /** Whether a client may send this now. */
  admits(client: Client, api: string): boolean {
    return !client.connection.listener.startsWith('SASL_') || this.#known.has(client) || beforehand.has(api)
  }

  /** Begins an exchange; false when the mechanism is not served. */
  begin(client: Client, mechanism: string): boolean {
    const known = mechanisms.find((name) => name === mechanism)
    if (!known) return false
    this.#exchanges.set(client, this.#exchange(known))
    return true
  }

  /** `undefined` when there was no handshake. */
  step(client: Client, bytes: Uint8Array) {
    const step = this.#exchanges.get(client)?.step(bytes)
    if (step?.kind === 'challenge') return step
    this.#exchanges.delete(client)
    if (step?.kind === 'done') {
      this.#known.add(client)
      client.principal = `User:${step.user}`
    }
    return step
  }

  #exchange(mechanism: Mechanism): SaslExchange {
    if (mechanism === 'PLAIN') return plainExchange((user) => this.#passwords().get(user))
    const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
    return scramExchange(hash, (user) => this.#users.find(user, hash))
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
