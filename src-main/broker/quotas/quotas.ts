import type { Clock } from '../../base/clock'
import { javaAddress } from '../../base/java-address'
import type { Workspace } from '../../storage'
import type { Client } from '../clients'
import type { Commits } from '../commits'
import type { Configs } from '../config/configs'
import { DocumentMap } from '../document-map'
import { addressOf } from './hosts'
import { Rate } from './rate'
import { TokenBucket } from './token-bucket'

export const entityTypes = ['user', 'client-id', 'ip'] as const
export type EntityType = (typeof entityTypes)[number]

/** Whom a quota holds for: by type a name, or `null` for all that have no quota of their own. */
export type QuotaEntity = Partial<Record<EntityType, string | null>>

/** The limits that Kafka knows, and of which entities (QuotaConfig). */
export const quotaKeys = {
  producer_byte_rate: ['user', 'client-id'],
  consumer_byte_rate: ['user', 'client-id'],
  request_percentage: ['user', 'client-id'],
  controller_mutation_rate: ['user', 'client-id'],
  connection_creation_rate: ['ip'],
} as const satisfies Readonly<Record<string, readonly EntityType[]>>
export type QuotaKey = keyof typeof quotaKeys

export interface Quota {
  readonly entity: QuotaEntity
  readonly values: Readonly<Record<string, number>>
}

/** Limits of what clients may do (KIP-13, KIP-124), kept in the workspace, and how near to them each is. */
export class Quotas {
  readonly #configs: Configs
  readonly #clock: Clock
  readonly #quotas: DocumentMap<Quota>
  /** Names of hosts that have limits, by the address that was found for them. */
  readonly #hosts = new Map<string, string>()
  readonly #rates = new Map<string, Rate>()
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(workspace: Workspace, commits: Commits, configs: Configs, clock: Clock) {
    this.#configs = configs
    this.#clock = clock
    this.#quotas = new DocumentMap({ workspace, commits, kind: 'quota' })
  }

  all(): Quota[] {
    return [...this.#quotas.values()]
  }

  /** There is at least one: without any, nothing needs to be measured. */
  get any(): boolean {
    return this.#quotas.size > 0
  }

  find(entity: QuotaEntity): Quota | undefined {
    return this.#quotas.get(keyOf(entity))
  }

  /** Limits of this host hold for clients of this address. */
  found(host: string, address: string): void {
    this.#hosts.set(address, host)
  }

  /** Finds the addresses of stored hosts, which may have changed. @param missing called with one that has none: its limits have no effect */
  async findHosts(missing: (host: string) => void): Promise<void> {
    for (const { entity } of this.all()) {
      if (!entity.ip) continue
      const address = await addressOf(entity.ip)
      if (address === undefined) missing(entity.ip)
      else this.found(entity.ip, address)
    }
  }

  /** `null` takes a limit away. @throws StorageFailure */
  alter(entity: QuotaEntity, changes: ReadonlyMap<string, number | null>): void {
    const key = keyOf(entity)
    const values = { ...this.#quotas.get(key)?.values }
    for (const [name, value] of changes) {
      if (value === null) delete values[name]
      else values[name] = value
    }
    const quota = Object.keys(values).length > 0 ? { entity, values } : null
    if (quota) this.#quotas.set(key, quota)
    else this.#quotas.delete(key)
    this.#rates.clear()
    this.#buckets.clear()
  }

  /** Counts what a client did, and returns for how many ms it must pause (ClientQuotaManager.recordAndGetThrottleTimeMs). */
  record(client: Client, limit: QuotaKey, amount: number): number {
    if (!this.any) return 0
    const found = this.#limitOf(userOf(client), client.clientId ?? '', limit)
    if (!found) return 0
    const ms = this.#rate(found.key).record(amount, found.perSecond, this.#clock.now())
    // Time that is spent is paid back in parts (ClientRequestQuotaManager, QuotaUtils.boundedThrottleTime).
    return limit === 'request_percentage' ? Math.min(ms, this.#windowMs) : ms
  }

  /**
   * Counts partitions that a client makes or deletes. Strict: nothing is done while the quota is used up, and the client is told so;
   * else everything is done, and the client must pause. Returns whether it may, and for how many ms it must pause
   * (StrictControllerMutationQuota, PermissiveControllerMutationQuota).
   */
  mutate(
    client: Client,
    partitions: number,
    isStrict: boolean,
  ): { readonly allowed: boolean; readonly pauseMs: number } {
    const limit = 'controller_mutation_rate'
    const found = this.any ? this.#limitOf(userOf(client), client.clientId ?? '', limit) : undefined
    if (!found) return { allowed: true, pauseMs: 0 }
    const at = this.#clock.now()
    let bucket = this.#buckets.get(found.key)
    if (!bucket) {
      const configs = this.#configs
      const window = configs.brokerNumber('controller.quota.window.size.seconds')
      bucket = new TokenBucket(found.perSecond, configs.brokerNumber('controller.quota.window.num') * window, at)
      this.#buckets.set(found.key, bucket)
    }
    const pauseMs = isStrict ? bucket.emptyFor(at) : 0
    if (pauseMs > 0) return { allowed: false, pauseMs }
    bucket.take(partitions, at)
    return { allowed: true, pauseMs: isStrict ? 0 : bucket.emptyFor(at) }
  }

  /** Counts a connection from an address; for how many ms it is to be kept waiting, and then not let in (KIP-612). */
  connect(ip: string): number {
    if (!this.any) return 0
    const limit = 'connection_creation_rate'
    const host = this.#hosts.get(ip)
    const perSecond = [ip, javaAddress(ip), ...(host === undefined ? [] : [host]), null].flatMap(
      (one) => this.find({ ip: one })?.values[limit] ?? [],
    )[0]
    if (perSecond === undefined) return 0
    const rate = this.#rate(`${limit} ${ip}`)
    const ms = rate.record(1, perSecond, this.#clock.now())
    if (ms <= 0) return 0
    // What is not let in does not count.
    rate.record(-1, perSecond, this.#clock.now())
    return Math.min(ms, this.#windowMs)
  }

  /** Rates and buckets in memory. */
  get remembered(): number {
    return this.#rates.size + this.#buckets.size
  }

  /** Forgets the rates of clients and addresses that are quiet: they begin again as if they were new. */
  forgetIdle(): void {
    const at = this.#clock.now()
    for (const [key, rate] of this.#rates) if (rate.isIdle(at)) this.#rates.delete(key)
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(at)) this.#buckets.delete(key)
  }

  get #windowMs(): number {
    return this.#configs.brokerNumber('quota.window.size.seconds') * 1000
  }

  #rate(key: string): Rate {
    let rate = this.#rates.get(key)
    if (!rate) this.#rates.set(key, (rate = new Rate(this.#configs.brokerNumber('quota.window.num'), this.#windowMs)))
    return rate
  }

  /** How much a client may do at once without a pause (ClientQuotaManager.getMaxValueInQuotaWindow). */
  mostPerWindow(client: Client, limit: QuotaKey): number {
    const found = this.any ? this.#limitOf(userOf(client), client.clientId ?? '', limit) : undefined
    if (!found) return Number.POSITIVE_INFINITY
    const configs = this.#configs
    const seconds = (configs.brokerNumber('quota.window.num') - 1) * configs.brokerNumber('quota.window.size.seconds')
    return Math.floor(found.perSecond * Math.max(1, seconds))
  }

  /** The nearest limit wins (DefaultQuotaCallback.quotaLimit); those that share a named entity share its rate. */
  #limitOf(user: string, clientId: string, limit: QuotaKey): { key: string; perSecond: number } | undefined {
    const levels: readonly QuotaEntity[] = [
      { user, 'client-id': clientId },
      { user, 'client-id': null },
      { user },
      { user: null, 'client-id': clientId },
      { user: null, 'client-id': null },
      { user: null },
      { 'client-id': clientId },
      { 'client-id': null },
    ]
    for (const level of levels) {
      const perSecond = this.#quotas.get(keyOf(level))?.values[limit]
      if (perSecond === undefined) continue
      const who = `${'user' in level ? user : ''} ${'client-id' in level ? clientId : ''}`
      return { key: `${limit} ${who}`, perSecond }
    }
    return undefined
  }
}

function userOf({ principal }: Client): string {
  return principal.slice(principal.indexOf(':') + 1)
}

/** JSON of the entity in the order of types. */
function keyOf(entity: QuotaEntity): string {
  return JSON.stringify(entityTypes.flatMap((type) => (type in entity ? [[type, entity[type]]] : [])))
}
