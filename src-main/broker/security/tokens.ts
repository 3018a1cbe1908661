import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock, Millis } from '../../base/clock'
import {
  credentialOf,
  fewestIterations,
  type ScramCredential,
  type ScramHash,
  saltPassword,
} from '../../security/scram'
import type { Workspace } from '../../storage'
import type { Commits } from '../commits'
import type { Configs } from '../config/configs'
import { DocumentMap } from '../document-map'
import { randomUuid } from '../random'

/** A delegation token (KIP-48): whoever shows it by SCRAM is its owner. Principals are written `User:alice`. */
export interface DelegationToken {
  readonly tokenId: string
  readonly owner: string
  readonly requester: string
  readonly renewers: readonly string[]
  readonly issuedAt: Millis
  readonly expiresAt: Millis
  readonly maxAt: Millis
}

/** Delegation tokens, kept in the workspace. There are none without `delegation.token.secret.key`. */
export class Tokens {
  readonly #configs: Configs
  readonly #clock: Clock
  readonly #tokens: DocumentMap<DelegationToken>

  constructor(workspace: Workspace, commits: Commits, configs: Configs, clock: Clock) {
    this.#configs = configs
    this.#clock = clock
    this.#tokens = new DocumentMap({ workspace, commits, kind: 'token' })
  }

  get isEnabled(): boolean {
    return this.#configs.broker('delegation.token.secret.key') !== ''
  }

  all(): DelegationToken[] {
    return [...this.#tokens.values()].filter(({ expiresAt }) => expiresAt > this.#clock.now())
  }

  find(tokenId: string): DelegationToken | undefined {
    return this.#tokens.get(tokenId)
  }

  byHmac(hmac: Uint8Array): DelegationToken | undefined {
    return [...this.#tokens.values()].find(({ tokenId }) => {
      const own = this.hmacOf(tokenId)
      return own.length === hmac.byteLength && timingSafeEqual(own, hmac)
    })
  }

  /** The token's password, before base64 (DelegationTokenManager.createHmac). */
  hmacOf(tokenId: string): Buffer {
    return createHmac('sha512', this.#configs.broker('delegation.token.secret.key')).update(tokenId).digest()
  }

  /** What SCRAM checks a token with; `undefined` for none that counts. */
  credential(tokenId: string, hash: ScramHash): ScramCredential | undefined {
    const token = this.#tokens.get(tokenId)
    if (!this.isEnabled || !token || token.expiresAt <= this.#clock.now()) return undefined
    const salt = this.hmacOf(`salt of ${tokenId}`).subarray(0, 16)
    const password = this.hmacOf(tokenId).toString('base64')
    return credentialOf(hash, salt, fewestIterations, saltPassword(hash, password, salt, fewestIterations))
  }

  /** @throws StorageFailure */
  create(owner: string, requester: string, renewers: readonly string[], maxLifetimeMs: number): DelegationToken {
    const issuedAt = this.#clock.now()
    const longest = this.#configs.brokerNumber('delegation.token.max.lifetime.ms')
    const maxAt = issuedAt + (maxLifetimeMs > 0 ? Math.min(maxLifetimeMs, longest) : longest)
    const expiresAt = Math.min(maxAt, issuedAt + this.#configs.brokerNumber('delegation.token.expiry.time.ms'))
    const token = { tokenId: randomUuid(), owner, requester, renewers, issuedAt, expiresAt, maxAt }
    this.#tokens.set(token.tokenId, token)
    return token
  }

  /** A negative period means the usual one. Returns when the token ends now. @throws StorageFailure */
  renew(token: DelegationToken, periodMs: number): Millis {
    const period = periodMs < 0 ? this.#configs.brokerNumber('delegation.token.expiry.time.ms') : periodMs
    const expiresAt = Math.min(token.maxAt, this.#clock.now() + period)
    this.#tokens.set(token.tokenId, { ...token, expiresAt })
    return expiresAt
  }

  /** Removes those that have ended (DelegationTokenControlManager.sweepExpiredDelegationTokens). @throws StorageFailure */
  removeEnded(): void {
    const at = this.#clock.now()
    const ended = [...this.#tokens.values()].filter(({ expiresAt, maxAt }) => expiresAt < at || maxAt < at)
    for (const token of ended) this.remove(token)
  }

  /** @throws StorageFailure */
  remove({ tokenId }: DelegationToken): void {
    this.#tokens.delete(tokenId)
  }
}
