import { SettingsError } from './config/properties'
import type { Dial } from './dial'
import type { DialTarget, HostPort, Route } from './settings'

/**
 * Reads rules `FROM=TO`, separated by commas. FROM is `HOST`, `HOST:PORT`, `*`, or `#2` for the node with this id; TO is `HOST:PORT`,
 * `HOST:{19092+id}`, or `bootstrap`.
 *
 * @throws SettingsError
 */
export function readRoutes(text: string): Route[] {
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : routeOf(part.trim())))
}

function routeOf(text: string): Route {
  const match =
    /^(?:#(\d+)|(?:\[([^\]]+)\]|([^\s:=#]+))(?::(\d+))?)=(?:(bootstrap)|(?:\[([^\]]+)\]|([^\s:=]+)):(?:(\d+)|\{(\d+)\+id\}))$/.exec(
      text,
    )
  if (!match) {
    throw new SettingsError(
      `ottla.addresses has the rule "${text}"; rules are like kafka-1:9092=localhost:19092, #2=localhost:19094, *.svc=localhost:{19092+id} or *=bootstrap.`,
    )
  }
  const [, id, host6, host, port, bootstrap, toHost6, toHost, toPort, basePort] = match
  const from = host6 ?? host
  return {
    host: from === undefined || from === '*' ? null : from.toLowerCase(),
    port: port === undefined ? null : Number(port),
    nodeId: id === undefined ? null : Number(id),
    to: bootstrap
      ? 'bootstrap'
      : { host: toHost6 ?? toHost ?? '', port: Number(toPort ?? basePort), addsId: basePort !== undefined },
  }
}

/** The address to dial instead of an advertised one: that of the first rule that matches. */
export function routed(target: DialTarget, routes: readonly Route[], bootstrap: readonly HostPort[]): HostPort {
  for (const { host, port, nodeId, to } of routes) {
    if (host !== null && !likeOf(host).test(target.host.toLowerCase())) continue
    if (port !== null && port !== target.port) continue
    if (nodeId !== null && nodeId !== target.nodeId) continue
    if (to === 'bootstrap') {
      const first = target.nodeId === null ? undefined : bootstrap[0]
      if (first) return first
    } else if (!to.addsId) return { host: to.host, port: to.port }
    // A bootstrap server has no id yet.
    else if (target.nodeId !== null) return { host: to.host, port: to.port + target.nodeId }
  }
  return target
}

function likeOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** Dials by the rules. */
export function routedDial(dial: Dial, routes: readonly Route[], bootstrap: readonly HostPort[]): Dial {
  if (routes.length === 0) return dial
  return (target, signal) => dial({ ...target, ...routed(target, routes, bootstrap) }, signal)
}
