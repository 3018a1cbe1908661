import type { X509Certificate } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { SecureContextOptions } from 'node:tls'
import { UserError } from './base/user-error'
import type { BrokerConfigs } from './broker/config/configs'
import { listenerConfig, listenerPrefix } from './broker/security/listener-configs'

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

/** No store is larger than this. */
const mostMebibytes = 16

/** Values of these configs for one listener, by their bare names. */
export type CertificateConfigs = ReadonlyMap<string, string>

export function certificateConfigs(configs: BrokerConfigs, listener: string): CertificateConfigs {
  const values = names.map((name) => [name, listenerConfig(configs, listener, name)] as const)
  return new Map(values.filter(([, value]) => value !== ''))
}

/** Configs of a store: the first that has a value is used, as `storesOf` reads them. */
const storeConfigs = {
  keystore: ['ssl.keystore.location', 'ssl.keystore.certificate.chain'],
  truststore: ['ssl.truststore.certificates', 'ssl.truststore.location'],
} as const

/** The config that names a store of a listener, and the file; no file where the value of the config is the store itself. */
export interface NamedStore {
  readonly config: string
  readonly location: string | null
}

/** What the configs name now; `null` where they name none. */
export function namedStore(
  configs: BrokerConfigs,
  listener: string,
  store: keyof typeof storeConfigs,
): NamedStore | null {
  const bare = storeConfigs[store].find((name) => listenerConfig(configs, listener, name) !== '')
  if (bare === undefined) return null
  const own = `${listenerPrefix(listener)}${bare}`
  const location = bare.endsWith('.location') ? listenerConfig(configs, listener, bare) : null
  return { config: configs.broker(own) === '' ? bare : own, location }
}

/** Stores that can be read, but not take the place of those that a listener has: the message is Kafka's. */
export class RefusedChange extends UserError {
  override name = 'RefusedChange'
}

/** The workspace's own certificate, and its authority. */
export type OwnCertificate = Pick<SecureContextOptions, 'cert' | 'key' | 'ca'>

/** The stores of a listener, read. */
export interface ListenerStores {
  readonly options: SecureContextOptions
  /** The one that clients get. */
  readonly certificate: X509Certificate
  /** The name of its entry in the keystore, for sentences; `kafka` where that is PEM (DefaultSslEngineFactory.PemStore). */
  readonly alias: () => Promise<string>
  /** Configs name a keystore. Without one the certificate is the workspace's own. */
  readonly hasKeystore: boolean
  /** Configs name trusted authorities. Without them it is the workspace's own one. */
  readonly hasTruststore: boolean
}

/**
 * The certificate and the trusted authorities of the stores that the configs name, read now; what they do not name is the workspace's own.
 *
 * @throws UserError when a store cannot be read, or its certificate and key do not belong together
 */
export async function storesOf(given: CertificateConfigs, own: () => Promise<OwnCertificate>): Promise<ListenerStores> {
  const { presentedCertificate } = await import('./presented-certificate')
  if (given.size === 0) {
    const options = await own()
    const certificate = await presentedCertificate(options)
    return { options, certificate, alias: pemAlias, hasKeystore: false, hasTruststore: false }
  }
  // Loaded when it is needed: most listeners have the workspace's own certificate.
  const [{ identityOf, trustedOf }, { SettingsError }, { keyAlias, readFileOf }] = await Promise.all([
    import('./client/config/client-config'),
    import('./client/config/properties'),
    import('./client/config/stores'),
  ])
  for (const [name, file] of filesOf(given)) {
    const problem = await fileProblem(file)
    if (problem !== undefined) throw new SettingsError(`${name}: ${file} ${problem}.`)
  }
  const take = (...wanted: readonly string[]) => wanted.map((name) => given.get(name)).find((value) => value)
  const identity = identityOf(take)
  const trusted = trustedOf(take)
  const ca = trusted.trusted ? await trusted.trusted() : trusted.material.ca
  const location = given.get('ssl.keystore.location')
  const store = location === undefined ? undefined : readFileOf('ssl.keystore.location', location)
  const alias = store === undefined ? pemAlias : () => keyAlias(store)
  const hasKeystore = Object.keys(identity).length > 0
  const hasTruststore = ca !== undefined
  const ours = hasKeystore && hasTruststore ? {} : await own()
  const options = {
    ...(hasKeystore ? { ca: ours.ca } : ours),
    ...identity,
    ...(hasTruststore && { ca: [...[ca].flat()] }),
  }
  try {
    return { options, certificate: await presentedCertificate(options), alias, hasKeystore, hasTruststore }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new SettingsError(`The stores of ${[...given.keys()].join(', ')} cannot be used: ${why.trim()}.`)
  }
}

function pemAlias(): Promise<string> {
  return Promise.resolve('kafka')
}

/** The configs that name a file, and the file. */
function filesOf(given: CertificateConfigs): readonly (readonly [name: string, file: string])[] {
  return [...given].filter(([name]) => name.endsWith('.location'))
}

/**
 * The reason why a file is not read, as the end of a sentence: a client may name any in a config, and the broker would wait for a pipe, and read a
 * device without end. What is wrong with a file that cannot be read is told by the read.
 */
async function fileProblem(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined)
  if (!found) return undefined
  if (!found.isFile()) return 'is not a file'
  return found.size > mostMebibytes * 1024 * 1024 ? `is larger than ${mostMebibytes} MiB` : undefined
}

/** What tells the files of two moments apart. It may hold passwords: it is never shown. */
export async function fingerprintOf(given: CertificateConfigs): Promise<string> {
  const states = await Promise.all(
    filesOf(given).map(([, file]) =>
      stat(file).then(
        ({ dev, ino, size, mtimeMs }) => [dev, ino, size, mtimeMs],
        (error: NodeJS.ErrnoException) => [error.code],
      ),
    ),
  )
  return JSON.stringify([[...given], states])
}
