import type { Clock } from './base/clock'
import type { Log } from './base/log'
import type { BrokerConfigs, Configs } from './broker/config/configs'
import { type ListenerIdentity, listenerPrefix } from './broker/security/listener-configs'
import { type CertificateConfigs, certificateConfigs, fingerprintOf, RefusedChange } from './listener-certificates'
import type { BoundListener } from './server/listener'

/** Files are looked at this often: the system may tell nothing of those that are linked or mounted. */
const lookEveryMs = 1000

/** A TLS listener, and the fingerprint of what it was opened with. */
export interface OpenedListener {
  readonly identity: ListenerIdentity
  readonly bound: Pick<BoundListener, 'renewTls'>
  readonly fingerprint: string
}

interface Watched extends OpenedListener {
  used: string
  seen: string
  refused: string | null
  problem: string | null
}

const storeNames = ['ssl.keystore.location', 'ssl.truststore.location'] as const

/** A reason with the name of its class, as Kafka's brokers write it. */
function kafkaTextOf(error: unknown): string {
  const name = error instanceof RefusedChange ? 'config.ConfigException' : 'errors.InvalidConfigurationException'
  return `org.apache.kafka.common.${name}: ${reasonOf(error)}`
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export interface WatchParts {
  readonly configs: Configs
  /** Reads stores as a listener would use them instead of those that it has. @throws Error when it may or can not */
  readonly tryStores: (listener: string, given: CertificateConfigs) => Promise<unknown>
  readonly clock: Clock
  readonly log: Log
}

/**
 * Takes a new certificate while the broker runs, and says of altered configs whether their stores can be used. Kafka reads the stores again when their configs are altered, also to the same file (KIP-226,
 * SslFactory.reconfigure); here a file that was replaced is enough. New connections get what is new, open ones stay. Stores that cannot be
 * used are not taken, as in Kafka: configs that name them are refused, a file is logged and shown.
 */
export class CertificateWatch {
  readonly #listeners: readonly Watched[]
  readonly #parts: WatchParts
  readonly #unlisten: () => void
  #cancel = () => {}
  #last: Promise<void> = Promise.resolve()
  /** Looks that are under way or wait for their turn. */
  #looks = 0

  constructor(listeners: readonly OpenedListener[], parts: WatchParts) {
    this.#listeners = listeners.map((one) => ({
      ...one,
      used: one.fingerprint,
      seen: one.fingerprint,
      refused: null,
      problem: null,
    }))
    this.#parts = parts
    const unlisten = parts.configs.changed(({ type }) => {
      if (type === 'broker') void this.look(true)
    })
    const uncheck = parts.configs.checkedBy((next, values) => this.#check(next, values))
    this.#unlisten = () => {
      unlisten()
      uncheck()
    }
    this.#later()
  }

  /** Looks after what was begun before. @param isAltered what is new is read at once; else when it is the same for two looks: it may be half written */
  look(isAltered = false): Promise<void> {
    this.#looks++
    this.#last = this.#last.then(async () => {
      for (const listener of this.#listeners) await this.#lookAt(listener, isAltered)
      this.#looks--
    })
    return this.#last
  }

  /** The reason why a listener does not use the present content of its stores, in a sentence; `null` when it does. */
  problem(listener: string): string | null {
    return this.#listeners.find(({ identity }) => identity.name === listener)?.problem ?? null
  }

  dispose(): void {
    this.#cancel()
    this.#unlisten()
  }

  #check(next: BrokerConfigs, values: ReadonlyMap<string, string | null>): Promise<string | undefined> | undefined {
    const { configs, tryStores } = this.#parts
    const altered = this.#listeners.flatMap(({ identity: { name } }) => {
      const given = certificateConfigs(next, name)
      const empty = storeNames.find((store) => values.get(`${listenerPrefix(name)}${store}`) === '')
      const isSame = JSON.stringify([...given]) === JSON.stringify([...certificateConfigs(configs, name)])
      return isSame && empty === undefined ? [] : [{ name, given, empty }]
    })
    if (altered.length === 0) return undefined
    return (async () => {
      for (const { name, given, empty } of altered) {
        try {
          if (empty !== undefined) throw new Error(`${empty} names no file`)
          await tryStores(name, given)
        } catch (error) {
          return `Validation of dynamic config update of SSLFactory failed: ${kafkaTextOf(error)}`
        }
      }
      return undefined
    })()
  }

  #later(): void {
    const { clock } = this.#parts
    this.#cancel = clock.at(clock.now() + lookEveryMs, () => {
      // A network disk that does not answer keeps a look waiting: no more of them are queued behind it.
      if (this.#looks === 0) void this.look()
      this.#later()
    })
  }

  /** Never rejects: looks come after each other, and one that fails says so and stands in the way of no other. */
  async #lookAt(listener: Watched, isAltered: boolean): Promise<void> {
    try {
      await this.#renewWhenNew(listener, isAltered)
    } catch (error) {
      const problem = reasonOf(error)
      // Each look fails again as long as it is so.
      if (problem === listener.problem) return
      listener.problem = problem
      this.#parts.log.error(`listener ${listener.identity.name} keeps its certificate: ${problem}`)
    }
  }

  async #renewWhenNew(listener: Watched, isAltered: boolean): Promise<void> {
    const { configs, log } = this.#parts
    const { name } = listener.identity
    const now = await fingerprintOf(certificateConfigs(configs, name))
    const isSettled = isAltered || now === listener.seen
    listener.seen = now
    if (now === listener.used) listener.refused = listener.problem = null
    if (now === listener.used || now === listener.refused || !isSettled) return
    listener.refused = now
    listener.problem = null
    await listener.bound.renewTls()
    listener.used = now
    listener.refused = listener.problem = null
    log.info(`listener ${name}: new connections get the new certificate`)
  }
}
