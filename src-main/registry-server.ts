import type { Clock } from './base/clock'
import type { Log } from './base/log'
import { usesSasl } from './base/security-protocol'
import { failureText, UserError } from './base/user-error'
import type { Core } from './broker/core'
import { BasicAuth } from './broker/registry/basic-auth'
import { isLoopback, type ListenerOptions, loopbackHosts } from './options/listener'
import type { ServeOptions } from './options/serve'

/** From the open port to the replay of what is stored: a start does not share its time with it. */
const prepareMs = 300

/** The schema registry's port cannot be had: `message` is a sentence for the user. */
class RegistryPortError extends UserError {
  override name = 'RegistryPortError'
}

/**
 * Opens the schema registry's HTTP port, where the Kafka listeners without TLS are open too: on loopback, and where others may connect also
 * there. Returns what `schema.registry.url` is to be; null when there is none.
 *
 * @throws RegistryPortError when the port was named and is in use
 */
export async function openRegistry(
  { registry, listeners }: ServeOptions,
  { core, clock, log }: { readonly core: Core; readonly clock: Clock; readonly log: Log },
  ends: (() => Promise<void>)[],
): Promise<string | null> {
  if (registry === null) return null
  const { startRestServer } = await import('./rest/server')
  const { schemas, cluster } = core
  const names = listeners.map(({ name }) => name)
  const auth = new BasicAuth(core, names, needsUser(listeners))
  try {
    const server = await startRestServer({
      hosts: hostsOf(listeners),
      ...registry,
      access: {
        clusterId: cluster.clusterId,
        now: () => clock.now(),
        read: (look) => schemas.read(look),
        write: (operate) => schemas.write(operate),
      },
      admits: (credentials) => auth.admits(credentials),
      log,
    })
    const stopPreparing = clock.at(clock.now() + prepareMs, () => {
      schemas.prepare().catch((error: unknown) => log.warn(failureText(error)))
    })
    ends.push(() => {
      stopPreparing()
      return server.stop()
    })
    const url = `http://localhost:${server.port}`
    log.info(`schema registry on ${url}`)
    const open = server.hosts.filter((host) => !isLoopback(host))
    if (open.length > 0) log.warn(`the schema registry is open to other machines on ${open.join(', ')}`)
    return url
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const text =
      code === 'EADDRINUSE'
        ? `Port ${registry.port} for the schema registry is in use by another program; --registry-port chooses another, --no-registry does without.`
        : `The schema registry cannot be served on port ${registry.port}: ${message}.`
    if (!registry.takesNext) throw new RegistryPortError(text)
    log.error(text)
    return null
  }
}

/** Loopback, and the addresses that a plaintext listener opens to others: containers, or the network. */
function hostsOf(listeners: readonly ListenerOptions[]): string[] {
  const open = listeners
    .filter(({ securityProtocol }) => securityProtocol === 'PLAINTEXT' || securityProtocol === 'SASL_PLAINTEXT')
    .flatMap(({ hosts }) => hosts)
    .filter((host) => !isLoopback(host))
  if (open.includes('::')) return ['::', '0.0.0.0']
  const loopback = open.includes('0.0.0.0') ? ['::1'] : loopbackHosts
  return [...new Set([...loopback, ...open])]
}

/** Every listener asks who a client is: then the registry asks too. */
function needsUser(listeners: readonly ListenerOptions[]): boolean {
  return listeners.every(({ securityProtocol }) => usesSasl(securityProtocol))
}
