import { type SecurityProtocol, securityProtocols } from '../base/security-protocol'

/** Where clients may connect, and what they must do there: one entry of Kafka's `listeners`. */
export interface ListenerOptions {
  /** Listener name as clients see it in Metadata, e.g. `PLAINTEXT`, `SASL_SSL`. Unique. */
  readonly name: string
  readonly securityProtocol: SecurityProtocol
  /** Addresses to bind, all with the same port. */
  readonly hosts: readonly string[]
  /** 0 takes a port that is free on every host. */
  readonly port: number
  /** What Metadata gives to clients instead of the address that they dialled. */
  readonly advertise: HostPort | null
  /** It comes from the settings: the broker starts without it when it cannot be bound, so that the setting can be mended. */
  readonly isOptional?: boolean
}

export interface HostPort {
  readonly host: string
  readonly port: number
}

/** `localhost` in both families: what is bound when nothing else is asked for. */
export const loopbackHosts: readonly string[] = ['127.0.0.1', '::1']

/** Kafka's name of a protocol, in either case; undefined for what is none. */
export function protocolOf(text: string | undefined): SecurityProtocol | undefined {
  return securityProtocols.find((known) => known === text?.toUpperCase())
}

/** Why these cannot be opened together, in a sentence; undefined when they can. */
export function listenersProblem(listeners: readonly ListenerOptions[]): string | undefined {
  for (const [i, { name, port, securityProtocol, hosts }] of listeners.entries()) {
    const earlier = listeners.slice(0, i)
    if (earlier.some((other) => other.name === name)) {
      return `Two listeners are named ${name}; give one another name: --listener OTHER=${securityProtocol.toLowerCase()}://HOST:PORT.`
    }
    const taken = earlier.find((other) => port !== 0 && other.port === port && sharesHost(other.hosts, hosts))
    if (taken) return `The listeners ${taken.name} and ${name} both want port ${port}.`
  }
  return undefined
}

function sharesHost(some: readonly string[], others: readonly string[]): boolean {
  const isWild = (host: string) => host === '0.0.0.0' || host === '::'
  return some.some((host) => isWild(host) || others.some((other) => isWild(other) || other === host))
}

/** True for an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** `127.0.0.1:9092`, `[::1]:9092` */
export function formatHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Reads `HOST:PORT` or `[IPV6]:PORT`; undefined when it is neither. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([0-9a-fA-F:.%a-z]+)\]|([^:/[\]\s]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return host === undefined || !isPort(port) ? undefined : { host, port }
}

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535
}

/** Reads `PROTOCOL://HOST:PORT` or `NAME=PROTOCOL://HOST:PORT`, e.g. `sasl_ssl://127.0.0.1:9094`; undefined when it is none. */
export function parseListener(text: string): ListenerOptions | undefined {
  const match = /^(?:(\w+)=)?([a-z_]+):\/\/(.+)$/i.exec(text)
  const protocol = protocolOf(match?.[2])
  const address = match?.[3] === undefined ? undefined : parseHostPort(match[3])
  if (!protocol || !address) return undefined
  const hosts = address.host === 'localhost' ? loopbackHosts : [address.host]
  const name = match?.[1]?.toUpperCase() ?? protocol
  return { name, securityProtocol: protocol, hosts, port: address.port, advertise: null }
}
