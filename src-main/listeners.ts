import { writeFileSync } from 'node:fs'
import type { Clock } from './base/clock'
import type { Log } from './base/log'
import { usesTls } from './base/security-protocol'
import { UserError } from './base/user-error'
import type { Configs } from './broker/config/configs'
import { clientAuthOf, type ListenerIdentity, uncheckedTokens } from './broker/security/listener-configs'
import type { ListenerLine } from './contract/workspace'
import {
  CertificateWatch,
  certificateConfigs,
  certificateOf,
  fingerprintOf,
  type OpenedListener,
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

/** Opens the listeners, and says which lead to other machines. @throws UserError; `end` stops what renews their certificates */
export async function openListeners(
  listeners: readonly ListenerOptions[],
  parts: ListenerParts,
): Promise<{ readonly lines: readonly ListenerLine[]; readonly end: () => void }> {
  const { server, configs, log } = parts
  const lines: ListenerLine[] = []
  const opened: OpenedListener[] = []
  const isTls = listeners.some(({ securityProtocol }) => usesTls(securityProtocol))
  const tlsFor = isTls ? await serverTls(listeners, parts) : undefined
  for (const { name, hosts, port, securityProtocol, advertise, isOptional = false } of listeners) {
    const open = hosts.filter((host) => !isLoopback(host))
    if (open.length > 0) log.warn(`listener ${name} opens this broker to other machines on ${open.join(', ')}`)
    const unchecked = uncheckedTokens(configs, { name, securityProtocol })
    if (unchecked) log.warn(unchecked)
    const tls = usesTls(securityProtocol) ? tlsFor?.({ name, securityProtocol }) : undefined
    const line = {
      name,
      securityProtocol,
      advertised: advertise && formatHostPort(advertise.host, advertise.port),
      isOpen: open.length > 0,
    }
    try {
      // Before the files are read: what changes meanwhile is seen by the first look.
      const fingerprint = await fingerprintOf(certificateConfigs(configs, name))
      const bound = await server.listen({ name, securityProtocol, hosts, port, ...(tls ? { tls } : {}) })
      const addresses = bound.addresses.map((address) => formatHostPort(address.host, address.port))
      log.info(`listener ${name} on ${addresses.join(', ')}`)
      lines.push({ ...line, addresses, problem: null })
      if (tls) opened.push({ identity: { name, securityProtocol }, bound, fingerprint })
    } catch (error) {
      if (!isOptional || !(error instanceof UserError)) throw error
      log.error(`listener ${name} is left out: ${error.message}`)
      lines.push({ ...line, addresses: hosts.map((host) => formatHostPort(host, port)), problem: error.message })
    }
  }
  if (!isTls) return { lines, end: () => {} }
  const watch = new CertificateWatch(opened, parts)
  const endRenewal = renewDaily(parts)
  return {
    lines,
    end() {
      watch.dispose()
      endRenewal()
    },
  }
}

/**
 * The certificates that the configs of a listener name, else the workspace's own; the authority of these, which clients must trust, is put
 * beside the file, for Java too.
 */
async function serverTls(
  listeners: readonly ListenerOptions[],
  { workspace, configs, clock }: ListenerParts,
): Promise<(listener: ListenerIdentity) => () => Promise<TlsOptions>> {
  // Loaded when it is needed: most starts need no certificate.
  const { authorityTrustStore, certificatesOf } = await import('./broker/security/certificates')
  const hosts = listeners.flatMap(({ hosts: bound, advertise }) => [...bound, ...(advertise ? [advertise.host] : [])])
  const own = async () => {
    const { authority, server } = await certificatesOf(workspace, clock.now(), hosts)
    writeFileSync(`${workspace.file}.ca.pem`, authority)
    writeFileSync(`${workspace.file}.truststore.jks`, await authorityTrustStore(workspace, clock.now()))
    return { cert: server.cert, key: server.key, ca: authority }
  }
  return (listener) => async () => {
    const certificate = await certificateOf(certificateConfigs(configs, listener.name), own)
    return { ...certificate, clientAuth: clientAuthOf(configs, listener) }
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
