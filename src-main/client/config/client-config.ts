import { type SecurityProtocol, securityProtocols, usesSasl, usesTls } from '../../base/security-protocol'
import { readRoutes } from '../routes'
import type { ClientSettings, HostPort, TlsSettings } from '../settings'
import { readProperties, SettingsError } from './properties'
import { saslSettings, type Take } from './sasl-settings'
import { keyStoreOf, readFileOf, type TlsMaterial, type Trusted, trustStoreOf } from './stores'

export interface ClientConfig {
  readonly settings: Partial<
    Pick<
      ClientSettings,
      'bootstrap' | 'clientId' | 'connectTimeoutMs' | 'requestTimeoutMs' | 'callTimeoutMs' | 'routes'
    >
  > &
    Pick<ClientSettings, 'tls' | 'sasl'>
  /** `ottla.name` and `ottla.stage`: how the pages show the cluster. */
  readonly name: string | null
  readonly stage: string | null
  /** Settings of `ssl.`, `sasl.` and `security.` that this client does not have: what they ask for does not happen. */
  readonly ignored: readonly string[]
}

/**
 * Reads the text of a configuration: Java's client.properties, or librdkafka's names. Files that it names are read at once.
 * Settings of producers and consumers are passed over.
 *
 * @throws SettingsError with a sentence that shows no secret
 */
export function readClientConfig(text: string, now: () => number): ClientConfig {
  return clientConfigOf(readProperties(text), now)
}

/** As `readClientConfig`, of settings by their names. @throws SettingsError */
export function clientConfigOf(properties: ReadonlyMap<string, string>, now: () => number): ClientConfig {
  const read = new Set<string>()
  const take: Take = (...names) => {
    for (const name of names) read.add(name)
    const name = names.find((one) => properties.has(one) && properties.get(one) !== '')
    return name === undefined ? undefined : properties.get(name)
  }
  const protocol = protocolOf(take('security.protocol'))
  const tls = usesTls(protocol) ? tlsSettings(take, properties) : null
  const sasl = usesSasl(protocol) ? saslSettings(take, now) : null
  const bootstrap = take('bootstrap.servers', 'metadata.broker.list')
  const clientId = take('client.id')
  const addresses = take('ottla.addresses')
  const settings = {
    tls,
    sasl,
    ...(bootstrap === undefined ? {} : { bootstrap: readBootstrap(bootstrap) }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(addresses === undefined ? {} : { routes: readRoutes(addresses) }),
    ...optional('connectTimeoutMs', ms(take, 'socket.connection.setup.timeout.ms')),
    ...optional('requestTimeoutMs', ms(take, 'request.timeout.ms', 'socket.timeout.ms')),
    ...optional('callTimeoutMs', ms(take, 'default.api.timeout.ms')),
  }
  // Settings of a protocol that is not in use are no concern.
  const matters = (name: string) =>
    name.startsWith('ottla.') ||
    name.startsWith('security.') ||
    (tls && name.startsWith('ssl.')) ||
    (sasl && name.startsWith('sasl.'))
  const [name, stage] = [take('ottla.name') ?? null, take('ottla.stage')?.toLowerCase() ?? null]
  return { settings, name, stage, ignored: [...properties.keys()].filter((name) => matters(name) && !read.has(name)) }
}

/** `a:9092,[::1]:9093` @throws SettingsError */
export function readBootstrap(text: string): HostPort[] {
  const servers = text.split(',').flatMap((part) => part.trim() || [])
  if (servers.length === 0) throw new SettingsError('bootstrap.servers names no server.')
  return servers.map((server) => {
    // Java's clients allow a protocol in front.
    const match = /^(?:\w+:\/\/)?(?:\[([0-9a-fA-F:.%a-z]+)\]|([^:/[\]\s]+)):(\d{1,5})$/.exec(server)
    const host = match?.[1] ?? match?.[2]
    const port = Number(match?.[3])
    if (host === undefined || port < 1 || port > 65_535) {
      throw new SettingsError(`The bootstrap server "${server}" needs the form HOST:PORT.`)
    }
    return { host, port }
  })
}

function optional<K extends string, V>(name: K, value: V | undefined): { readonly [N in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in K]: V })
}

function ms(take: Take, ...names: readonly string[]): number | undefined {
  const text = take(...names)
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new SettingsError(`${names[0]} is "${text}"; it is a number of ms.`)
  return value
}

function protocolOf(text: string | undefined): SecurityProtocol {
  if (text === undefined) return 'PLAINTEXT'
  const protocol = securityProtocols.find((known) => known === text.toUpperCase())
  if (!protocol) throw new SettingsError(`security.protocol is ${text}; it can be ${securityProtocols.join(', ')}.`)
  return protocol
}

function tlsSettings(take: Take, properties: ReadonlyMap<string, string>): TlsSettings {
  // Java: an empty algorithm switches the check of the name off; librdkafka: `none`.
  const algorithm = 'ssl.endpoint.identification.algorithm'
  take(algorithm)
  const checksName = !['', 'none'].includes((properties.get(algorithm) ?? 'https').toLowerCase())
  const checksChain = take('enable.ssl.certificate.verification')?.toLowerCase() !== 'false'
  const trust = trustedOf(take)
  return {
    ...trust,
    material: { ...trust.material, ...identityOf(take) },
    serverName: null,
    verify: checksChain ? (checksName ? 'full' : 'chain') : 'none',
  }
}

/** Trusted authorities of a client, or of a listener. @throws SettingsError */
export function trustedOf(take: Take): Trusted {
  const pem = take('ssl.truststore.certificates', 'ssl.ca.pem')
  const file = take('ssl.truststore.location')
  const caFile = take('ssl.ca.location')
  // The form is told from the bytes. Trusted certificates of a JKS are not encrypted, those of a PKCS12 store are.
  take('ssl.truststore.type')
  const password = take('ssl.truststore.password')
  if (pem !== undefined) return { material: { ca: pem } }
  if (file !== undefined) return trustStoreOf('ssl.truststore.location', file, password)
  return caFile === undefined ? { material: {} } : trustStoreOf('ssl.ca.location', caFile, password)
}

/** The certificate of a client, or of a listener, with its key; `{}` when there is none. @throws SettingsError */
export function identityOf(take: Take): TlsMaterial {
  take('ssl.keystore.type')
  const storePassword = take('ssl.keystore.password')
  const password = take('ssl.key.password')
  const passphrase = password === undefined ? {} : { passphrase: password }
  const store = take('ssl.keystore.location')
  const chain = take('ssl.keystore.certificate.chain', 'ssl.certificate.pem')
  const key = take('ssl.keystore.key', 'ssl.key.pem')
  const chainFile = take('ssl.certificate.location')
  const keyFile = take('ssl.key.location')
  if (store !== undefined) return keyStoreOf('ssl.keystore.location', store, { store: storePassword, key: password })
  const cert = chain ?? (chainFile === undefined ? undefined : readFileOf('ssl.certificate.location', chainFile))
  const secret = key ?? (keyFile === undefined ? undefined : readFileOf('ssl.key.location', keyFile))
  if (cert === undefined && secret === undefined) return {}
  if (cert === undefined || secret === undefined) {
    throw new SettingsError('A certificate needs both: the certificate and its key.')
  }
  return { cert, key: secret, ...passphrase }
}
