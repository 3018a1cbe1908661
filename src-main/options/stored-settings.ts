import { isPort, type ListenerOptions, parseHostPort, parseListener } from './listener'
import type { ServeOptions } from './serve'

/** What is told to containers: Docker gives this name to the machine that it runs on. */
const hostOfContainers = 'host.docker.internal'

/**
 * What the workspace's settings say of listening, where the start does not: its port, who may connect, and further listeners. What the
 * settings add never keeps a broker from starting; a value that says nothing is left out.
 *
 * @param stored value of a setting; undefined when it is not set
 */
export function withStoredSettings(options: ServeOptions, stored: (name: string) => string | undefined): ServeOptions {
  const [first, ...others] = options.listeners
  if (!first) return options
  const setting = (name: string) => (options.decided.includes(name) ? undefined : stored(name) || undefined)
  const wanted = Number((options.keepsPort ? undefined : setting('ottla.port')) ?? Number.NaN)
  const port = isPort(wanted) ? wanted : first.port
  const advertise = parseHostPort(setting('ottla.advertise') ?? '') ?? first.advertise
  // `::1` is not part of 0.0.0.0, and localhost must work in both families.
  const hosts = setting('ottla.interfaces') === 'all' ? ['0.0.0.0', '::1'] : first.hosts
  const listeners = [{ ...first, port, hosts, advertise }, ...others]
  for (const listener of storedListeners(setting)) {
    if (!listeners.some(({ name }) => name === listener.name)) listeners.push({ ...listener, isOptional: true })
  }
  // The one that asks for nothing is left out where somebody said so, and another is there.
  const isSecuredOnly = setting('ottla.plaintext') === 'false' && first.securityProtocol === 'PLAINTEXT'
  if (isSecuredOnly && listeners.length > 1) listeners.shift()
  // The pages keep their distance to the broker.
  const uiPort = options.uiPort === first.port + 1000 && isPort(port + 1000) ? port + 1000 : options.uiPort
  return { ...options, uiPort, listeners }
}

function storedListeners(setting: (name: string) => string | undefined): ListenerOptions[] {
  const port = Number(setting('ottla.containers') ?? Number.NaN)
  const listeners = (setting('ottla.listeners') ?? '').split(',').flatMap((text) => parseListener(text.trim()) ?? [])
  if (!isPort(port)) return listeners
  const advertise = { host: hostOfContainers, port }
  return [...listeners, { name: 'CONTAINERS', securityProtocol: 'PLAINTEXT', hosts: ['0.0.0.0'], port, advertise }]
}
