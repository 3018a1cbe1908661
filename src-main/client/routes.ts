import { SettingsError } from './config/properties'
import type { Dial } from './dial'
import type { DialTarget, HostPort, Route } from './settings'
import { isVia, readVia, type Via, withoutPassword } from './tunnels/via'

/**
 * Reads rules `FROM=TO`, separated by commas. FROM is `HOST`, `HOST:PORT`, `*`, or `#2` for the node with this id; TO is `HOST:PORT`,
 * `HOST:{19092+id}`, `bootstrap`, or a way to the address itself: `ssh://HOST`, `k8s://CONTEXT/NAMESPACE`, `socks5://HOST:PORT`.
 *
 * @throws SettingsError
 */
export function readRoutes(text: string): Route[] {
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : routeOf(part.trim())))
}

function routeOf(text: string): Route {
  const [, from = '', to = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
  const match = /^(?:#(\d+)|(?:\[([^\]]+)\]|([^\s:=#]+))(?::(\d+))?)$/.exec(from)
  const goal = isVia(to) ? readVia(to) : goalOf(to)
  if (!match || !goal) {
    throw new SettingsError(
      `ottla.addresses has the rule "${withoutPassword(text)}"; rules are like kafka-1:9092=localhost:19092, #2=localhost:19094, *.svc=localhost:{19092+id}, *=bootstrap, *=ssh://HOST, *.svc*=k8s:// or *=socks5://HOST:1080.`,
    )
  }
  const [, id, host6, host, port] = match
  const name = host6 ?? host
  return {
    host: name === undefined || name === '*' ? null : name.toLowerCase(),
    port: port === undefined ? null : Number(port),
    nodeId: id === undefined ? null : Number(id),
    to: goal,
  }
}

function goalOf(text: string): Route['to'] | undefined {
  if (text === 'bootstrap') return text
  const match = /^(?:\[([^\]]+)\]|([^\s:=]+)):(?:(\d+)|\{(\d+)\+id\})$/.exec(text)
  if (!match) return undefined
  const [, host6, host, port, basePort] = match
  return { host: host6 ?? host ?? '', port: Number(port ?? basePort), addsId: basePort !== undefined }
}

/** An address as it is dialled: directly, or through something. */
export interface Routed extends HostPort {
  readonly via: Via | null
}

/** The address to dial instead of an advertised one, and the way there: those of the first rule that matches. */
export function routed(target: DialTarget, routes: readonly Route[], bootstrap: readonly HostPort[]): Routed {
  const { host: name, port: number } = target
  for (const { host, port, nodeId, to } of routes) {
    if (host !== null && !likeOf(host).test(name.toLowerCase())) continue
    if (port !== null && port !== number) continue
    if (nodeId !== null && nodeId !== target.nodeId) continue
    if (to === 'bootstrap') {
      const first = target.nodeId === null ? undefined : bootstrap[0]
      if (first) return { host: first.host, port: first.port, via: null }
    } else if ('kind' in to) return { host: name, port: number, via: to }
    else if (!to.addsId) return { host: to.host, port: to.port, via: null }
    // A bootstrap server has no id yet.
    else if (target.nodeId !== null) return { host: to.host, port: to.port + target.nodeId, via: null }
  }
  return { host: name, port: number, via: null }
}

function likeOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** Dials by the rules. */
export function routedDial(dial: Dial, routes: readonly Route[], bootstrap: readonly HostPort[]): Dial {
  if (routes.length === 0) return dial
  return async (target, signal) => {
    const { host, port, via } = routed(target, routes, bootstrap)
    const to = { ...target, host, port }
    if (via === null) return await dial(to, signal)
    // Most clients go through nothing: what tunnels need is loaded when one is asked for.
    const { dialVia } = await import('./tunnels/dial-via')
    return await dialVia(via)(to, signal)
  }
}
