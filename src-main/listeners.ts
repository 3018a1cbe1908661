import { writeFileSync } from 'node:fs'
import type { Clock } from './base/clock'
import type { Log } from './base/log'
import { usesTls } from './base/security-protocol'
import { UserError } from './base/user-error'
import type { Configs } from './broker/config/configs'
import {
  clientAuthOf,
  type ListenerIdentity,
  listenerConfig,
  mappingProblem,
  uncheckedTokens,
} from './broker/security/listener-configs'
import { CertificateWatch, type OpenedListener } from './certificate-watch'
import type { ListenerCertificate } from './contract/security'
import type { ListenerLine } from './contract/workspace'
import {
  type CertificateConfigs,
  certificateConfigs,
  fingerprintOf,
  type ListenerStores,
  type NamedStore,
  namedStore,
  RefusedChange,
  storesOf,
} from './listener-certificates'
import { formatHostPort, isLoopback, type ListenerOptions } from './options/listener'
import type { TlsOptions } from './server/listener'
import type { Server } from './server/server'
import type { Workspace } from './storage'

const dayMs = 86_400_000

export interface ListenerParts {
  readonly server: Server
  readonly workspace: Workspace
  readonly configs: Configs
  readonly clock: Clock
  readonly log: Log
}

/** The listeners after they were opened. */
export interface OpenListeners {
  readonly lines: readonly ListenerLine[]
  /** Certificates that those with TLS present to clients now. */
  readonly certificates: () => readonly ListenerCertificate[]
  /** Stops the renewal of certificates. */
  readonly end: () => void
}

/** Opens the listeners, and says which lead to other machines. @throws UserError */
export async function openListeners(
  listeners: readonly ListenerOptions[],
  parts: ListenerParts,
): Promise<OpenListeners> {
  const { server, configs, log } = parts
  const lines: ListenerLine[] = []
  const opened: OpenedListener[] = []
  const isTls = listeners.some(({ securityProtocol }) => usesTls(securityProtocol))
  const tls = isTls ? await serverTls(listeners, parts) : undefined
  for (const { name, hosts, port, securityProtocol, advertise, isOptional = false } of listeners) {
    const open = hosts.filter((host) => !isLoopback(host))
    if (open.length > 0) log.warn(`listener ${name} opens this broker to other machines on ${open.join(', ')}`)
    const unchecked = uncheckedTokens(configs, { name, securityProtocol })
    if (unchecked) log.warn(unchecked)
    const unusable = mappingProblem(configs, { name, securityProtocol })
    if (unusable !== undefined) throw new UserError(unusable)
    const own = usesTls(securityProtocol) ? tls?.optionsOf({ name, securityProtocol }) : undefined
    const line = {
      name,
      securityProtocol,
      advertised: advertise && formatHostPort(advertise.host, advertise.port),
      isOpen: open.length > 0,
    }
    try {
      // Before the files are read: what changes meanwhile is seen by the first look.
      const fingerprint = await fingerprintOf(certificateConfigs(configs, name))
      const bound = await server.listen({ name, securityProtocol, hosts, port, ...(own && { tls: own }) })
      const addresses = bound.addresses.map((address) => formatHostPort(address.host, address.port))
      log.info(`listener ${name} on ${addresses.join(', ')}`)
      lines.push({ ...line, addresses, problem: null })
      if (own) opened.push({ identity: { name, securityProtocol }, bound, fingerprint })
    } catch (error) {
      if (!isOptional || !(error instanceof UserError)) throw error
      log.error(`listener ${name} is left out: ${error.message}`)
      lines.push({ ...line, addresses: hosts.map((host) => formatHostPort(host, port)), problem: error.message })
    }
  }
  if (!tls) return { lines, certificates: () => [], end: () => {} }
  const watch = new CertificateWatch(opened, { ...parts, tryStores: tls.tryStores })
  const endRenewal = renewDaily(parts)
  return {
    lines,
    certificates: () =>
      opened.map(({ identity: { name } }) => ({ ...tls.presentedBy(name), problem: watch.problem(name) })),
    end() {
      watch.dispose()
      endRenewal()
    },
  }
}

/** The stores that a listener has, and the configs that named them when they were read. */
interface PresentStores extends ListenerStores {
  readonly keystore: NamedStore | null
  readonly truststore: NamedStore | null
}

/** The stores of the listeners with TLS. */
interface ListenerTls {
  /** Reads them now; from then on they are those that the listener has. */
  readonly optionsOf: (listener: ListenerIdentity) => () => Promise<TlsOptions>
  /** Reads stores that a listener would get. @throws Error when they cannot be read, or may not take the place of those that it has */
  readonly tryStores: (listener: string, given: CertificateConfigs) => Promise<ListenerStores>
  readonly presentedBy: (listener: string) => Omit<ListenerCertificate, 'problem'>
}

/**
 * The certificates that the configs of a listener name, else the workspace's own; the authority of these, which clients must trust, is put
 * beside the file, for Java too.
 */
async function serverTls(
  listeners: readonly ListenerOptions[],
  { workspace, configs, clock }: ListenerParts,
): Promise<ListenerTls> {
  // Loaded when it is needed: most starts need no certificate.
  const [{ authorityTrustStore, certificatesOf }, { changeRefusal }, { certificateFacts }] = await Promise.all([
    import('./broker/security/certificates'),
    import('./certificate-changes'),
    import('./presented-certificate'),
  ])
  const hosts = listeners.flatMap(({ hosts: bound, advertise }) => [...bound, ...(advertise ? [advertise.host] : [])])
  const own = async () => {
    const { authority, server } = await certificatesOf(workspace, clock.now(), hosts)
    writeFileSync(`${workspace.file}.ca.pem`, authority)
    writeFileSync(`${workspace.file}.truststore.jks`, await authorityTrustStore(workspace, clock.now()))
    return { cert: server.cert, key: server.key, ca: authority }
  }
  const present = new Map<string, PresentStores>()
  // Kafka accepts another ssl.client.auth while a listener is open, and applies it when it is opened the next time.
  const asked = new Map<string, TlsOptions['clientAuth']>()
  const flag = (listener: string, name: string) => listenerConfig(configs, listener, name).toLowerCase() === 'true'
  const tryStores = async (listener: string, given: CertificateConfigs) => {
    const stores = await storesOf(given, own)
    const existing = present.get(listener)
    const allowed = { subject: flag(listener, 'ssl.allow.dn.changes'), names: flag(listener, 'ssl.allow.san.changes') }
    const refusal = existing && (await changeRefusal(existing, stores, allowed))
    if (refusal !== undefined) throw new RefusedChange(refusal)
    return stores
  }
  return {
    tryStores,
    optionsOf: (listener) => async () => {
      // Named before they are read: configs may be altered meanwhile.
      const keystore = namedStore(configs, listener.name, 'keystore')
      const truststore = namedStore(configs, listener.name, 'truststore')
      const stores = await tryStores(listener.name, certificateConfigs(configs, listener.name))
      present.set(listener.name, { ...stores, keystore, truststore })
      const clientAuth = asked.get(listener.name) ?? clientAuthOf(configs, listener)
      asked.set(listener.name, clientAuth)
      return { ...stores.options, clientAuth }
    },
    presentedBy(listener) {
      const stores = present.get(listener)
      if (!stores) throw new Error(`${listener} has no certificate`)
      return {
        listener,
        ...certificateFacts(stores.certificate),
        clientAuth: asked.get(listener) ?? 'none',
        keystore: stores.keystore,
        truststore: stores.truststore,
      }
    },
  }
}

/** A certificate that ends soon is issued again while the broker runs; connections that are open keep theirs. */
function renewDaily({ server, clock, log }: ListenerParts): () => void {
  let cancel = () => {}
  const later = () => {
    cancel = clock.at(clock.now() + dayMs, () => {
      void renew()
      later()
    })
  }
  const renew = async () => {
    for (const listener of server.listeners) {
      try {
        await listener.renewTls()
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        log.error(`the certificate of listener ${listener.name} could not be renewed: ${why}`)
      }
    }
  }
  later()
  return () => cancel()
}
