import { isPort, type ListenerOptions } from './listener'
import type { ServeOptions } from './serve'
import { readSetting, type StoredTexts } from './workspace-settings'

/** What is told to containers: Docker gives this name to the machine that it runs on. */
const hostOfContainers = 'host.docker.internal'

/**
 * What the workspace's settings say of listening, where the start does not: its port, who may connect, and further listeners. What the
 * settings add never keeps a broker from starting; a value that says nothing is left out.
 */
export function withStoredSettings(options: ServeOptions, stored: StoredTexts): ServeOptions {
  const [first, ...others] = options.listeners
  if (!first) return options
  const free: StoredTexts = (name) => (options.decided.includes(name) ? undefined : stored(name))
  const port = options.keepsPort ? first.port : readSetting(free, 'ottla.port', first.port)
  const advertise = readSetting(free, 'ottla.advertise') ?? first.advertise
  // `::1` is not part of 0.0.0.0, and localhost must work in both families.
  const hosts = readSetting(free, 'ottla.interfaces') === 'all' ? ['0.0.0.0', '::1'] : first.hosts
  const listeners = [{ ...first, port, hosts, advertise }, ...others]
  for (const listener of storedListeners(free)) {
    if (!listeners.some(({ name }) => name === listener.name)) listeners.push({ ...listener, isOptional: true })
  }
  // The one that asks for nothing is left out where somebody said so, and another is there.
  const isSecuredOnly = !readSetting(free, 'ottla.plaintext') && first.securityProtocol === 'PLAINTEXT'
  if (isSecuredOnly && listeners.length > 1) listeners.shift()
  // The pages keep their distance to the broker, and so do metrics where there are none.
  const beside = isPort(port + 1000) ? port + 1000 : 0
  const uiPort = options.uiPort === first.port + 1000 && beside > 0 ? beside : options.uiPort
  const isAlone = options.metricsPort !== null && options.uiPort === null
  const metricsPort = isAlone ? (port === 0 ? 0 : beside) : uiPort
  const metrics = options.metrics || readSetting(free, 'ottla.metrics')
  return { ...options, uiPort, metrics, metricsPort, listeners }
}

function storedListeners(stored: StoredTexts): readonly ListenerOptions[] {
  const listeners = readSetting(stored, 'ottla.listeners')
  const port = readSetting(stored, 'ottla.containers')
  if (port === null) return listeners
  const advertise = { host: hostOfContainers, port }
  return [...listeners, { name: 'CONTAINERS', securityProtocol: 'PLAINTEXT', hosts: ['0.0.0.0'], port, advertise }]
}
