import { formatHostPort, type HostPort, type ListenerOptions, loopbackHosts } from './listener'

/**
 * Listeners as Kafka's configs name them, for clients that read the configs of the broker. A config that would say nothing is left out:
 * `advertised.listeners` when each client gets the address that it connected to, and the map when each listener has the name of its protocol.
 */
export function listenerConfigs(listeners: readonly ListenerOptions[]): Map<string, string> {
  const configs = new Map([['listeners', listed(listeners, boundTo)]])
  if (listeners.some(({ advertise }) => advertise !== null)) {
    configs.set(
      'advertised.listeners',
      listed(listeners, (listener) => listener.advertise ?? boundTo(listener)),
    )
  }
  if (listeners.some(({ name, securityProtocol }) => name !== securityProtocol)) {
    const pairs = listeners.map(({ name, securityProtocol }) => `${name}:${securityProtocol}`)
    configs.set('listener.security.protocol.map', pairs.join(','))
  }
  return configs
}

function boundTo({ hosts: [first = '', ...others], port }: ListenerOptions): HostPort {
  const isLocalhost = others.length > 0 && [first, ...others].every((host) => loopbackHosts.includes(host))
  return { host: isLocalhost ? 'localhost' : first, port }
}

function listed(listeners: readonly ListenerOptions[], addressOf: (listener: ListenerOptions) => HostPort): string {
  return listeners
    .map((listener) => {
      const { host, port } = addressOf(listener)
      return `${listener.name}://${formatHostPort(host, port)}`
    })
    .join(',')
}
