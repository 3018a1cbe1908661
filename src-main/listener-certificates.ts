import { stat } from 'node:fs/promises'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { Clock } from './base/clock'
import type { Log } from './base/log'
import type { Configs } from './broker/config/configs'
import { type ListenerIdentity, listenerConfig } from './broker/security/listener-configs'
import type { BoundListener } from './server/listener'

/** Configs of the certificate of a listener and of the authorities that it trusts (SslConfigs). Forms of stores are told from their bytes. */
const names = [
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.keystore.key',
  'ssl.keystore.certificate.chain',
  'ssl.key.password',
  'ssl.truststore.location',
  'ssl.truststore.password',
  'ssl.truststore.certificates',
] as const

/** Files are looked at this often: the system may tell nothing of those that are linked or mounted. */
const lookEveryMs = 1000

/** What the configs say for one listener, by the bare names. */
export type CertificateConfigs = ReadonlyMap<string, string>

export function certificateConfigs(configs: Configs, listener: string): CertificateConfigs {
  const values = names.map((name) => [name, listenerConfig(configs, listener, name)] as const)
  return new Map(values.filter(([, value]) => value !== ''))
}

/** The workspace's own certificate, and its authority. */
export type OwnCertificate = Pick<SecureContextOptions, 'cert' | 'key' | 'ca'>

/**
 * The certificate and the trusted authorities of the stores that the configs name, read now; what they do not name is the workspace's own.
 *
 * @throws UserError when a store cannot be read, or its certificate and key do not belong together
 */
export async function certificateOf(
  given: CertificateConfigs,
  own: () => Promise<OwnCertificate>,
): Promise<SecureContextOptions> {
  if (given.size === 0) return await own()
  // Loaded when it is needed: most listeners have the workspace's own certificate.
  const [{ identityOf, trustedOf }, { SettingsError }] = await Promise.all([
    import('./client/config/client-config'),
    import('./client/config/properties'),
  ])
  const take = (...wanted: readonly string[]) => wanted.map((name) => given.get(name)).find((value) => value)
  const identity = identityOf(take)
  const trusted = trustedOf(take)
  const ca = trusted.trusted ? await trusted.trusted() : trusted.material.ca
  const hasIdentity = Object.keys(identity).length > 0
  const ours = hasIdentity && ca !== undefined ? {} : await own()
  const all = {
    ...(hasIdentity ? { ca: ours.ca } : ours),
    ...identity,
    ...(ca !== undefined && { ca: [...[ca].flat()] }),
  }
  try {
    createSecureContext(all)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new SettingsError(`The stores of ${[...given.keys()].join(', ')} cannot be used: ${why}.`)
  }
  return all
}

/** What tells the files of two moments apart. It may hold passwords: it is never shown. */
export async function fingerprintOf(given: CertificateConfigs): Promise<string> {
  const files = names.flatMap((name) => (name.endsWith('.location') ? (given.get(name) ?? []) : []))
  const states = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ dev, ino, size, mtimeMs }) => [dev, ino, size, mtimeMs],
        (error: NodeJS.ErrnoException) => [error.code],
      ),
    ),
  )
  return JSON.stringify([[...given], states])
}

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
}

interface WatchParts {
  readonly configs: Configs
  readonly clock: Clock
  readonly log: Log
}

/**
 * Takes a new certificate while the broker runs. Kafka reads the stores again when their configs are altered, also to the same file (KIP-226,
 * SslFactory.reconfigure); here a file that was replaced is enough. New connections get what is new, open ones stay.
 */
export class CertificateWatch {
  readonly #listeners: readonly Watched[]
  readonly #parts: WatchParts
  readonly #unlisten: () => void
  #cancel = () => {}
  #last: Promise<void> = Promise.resolve()

  constructor(listeners: readonly OpenedListener[], parts: WatchParts) {
    this.#listeners = listeners.map((one) => ({ ...one, used: one.fingerprint, seen: one.fingerprint, refused: null }))
    this.#parts = parts
    this.#unlisten = parts.configs.changed(({ type }) => {
      if (type === 'broker') void this.look(true)
    })
    this.#later()
  }

  /** Looks after what was begun before. @param isAltered what is new is read at once; else when it is the same for two looks: it may be half written */
  look(isAltered = false): Promise<void> {
    this.#last = this.#last.then(async () => {
      for (const listener of this.#listeners) await this.#lookAt(listener, isAltered)
    })
    return this.#last
  }

  dispose(): void {
    this.#cancel()
    this.#unlisten()
  }

  #later(): void {
    const { clock } = this.#parts
    this.#cancel = clock.at(clock.now() + lookEveryMs, () => {
      void this.look()
      this.#later()
    })
  }

  async #lookAt(listener: Watched, isAltered: boolean): Promise<void> {
    const { configs, log } = this.#parts
    const { name } = listener.identity
    const now = await fingerprintOf(certificateConfigs(configs, name))
    const isSettled = isAltered || now === listener.seen
    listener.seen = now
    if (now === listener.used) listener.refused = null
    if (now === listener.used || now === listener.refused || !isSettled) return
    try {
      await listener.bound.renewTls()
      listener.used = now
      listener.refused = null
      log.info(`listener ${name}: new connections get the new certificate`)
    } catch (error) {
      listener.refused = now
      log.error(`listener ${name} keeps its certificate: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
