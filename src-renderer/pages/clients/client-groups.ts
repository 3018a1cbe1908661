import type { ClientLine } from '../../../src-main/contract/workspace'
import { texts } from './texts'

/** All connections with one client id: a client library opens several, one per broker role or purpose. */
export interface ClientGroup {
  readonly clientId: string
  /** Connected ones first, then the newest. */
  readonly connections: readonly ClientLine[]
  readonly open: number
  readonly software: readonly string[]
  readonly roles: readonly string[]
  /** Consumer groups and share groups that it is a member of. */
  readonly groups: readonly string[]
  readonly throttle: ClientLine['throttle']
  readonly writes: readonly string[]
  readonly reads: readonly string[]
  readonly requestsPerSecond: number
  readonly inBytesPerSecond: number
  readonly outBytesPerSecond: number
  readonly traffic: readonly number[]
  /** Since when its oldest open connection is there; `null` when none is open. */
  readonly connectedAt: number | null
  /** When its last connection was closed; `null` while one is open. */
  readonly leftAt: number | null
  /** The newest error of any connection; routine errors only when there is no other. */
  readonly lastError: ClientLine['lastError']
}

const sum = (lines: readonly ClientLine[], of: (line: ClientLine) => number) =>
  lines.reduce((total, line) => total + of(line), 0)

const union = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())].sort()

/** What a client does, by the APIs that it has called. */
function rolesOf(lines: readonly ClientLine[]): readonly string[] {
  const apis = new Set(lines.flatMap((line) => line.apis.map(({ name }) => name)))
  const isTransactional = apis.has('AddPartitionsToTxn') || apis.has('EndTxn')
  const roles = [
    ...(isTransactional ? [texts.roles.transactional] : apis.has('Produce') ? [texts.roles.producer] : []),
    ...(apis.has('Fetch') || apis.has('ShareFetch') ? [texts.roles.consumer] : []),
  ]
  return roles.length === 0 && [...apis].some((api) => !routineApis.has(api)) ? [texts.roles.admin] : roles
}

/** APIs that every client calls. */
const routineApis: ReadonlySet<string> = new Set([
  'ApiVersions',
  'Metadata',
  'SaslHandshake',
  'SaslAuthenticate',
  'GetTelemetrySubscriptions',
  'PushTelemetry',
])

function latestError(lines: readonly ClientLine[]): ClientLine['lastError'] {
  const errors = lines.flatMap(({ lastError }) => (lastError ? [lastError] : []))
  const serious = errors.filter(({ isRoutine }) => !isRoutine)
  return (serious.length > 0 ? serious : errors).sort((a, b) => b.at - a.at)[0] ?? null
}

/** The newest pause of any connection, with the sum of all. */
function latestThrottle(lines: readonly ClientLine[]): ClientLine['throttle'] {
  const found = lines.flatMap(({ throttle }) => (throttle ? [throttle] : []))
  const [newest] = found.sort((a, b) => b.at - a.at)
  return newest ? { ...newest, totalMs: found.reduce((total, { totalMs }) => total + totalMs, 0) } : null
}

function groupOf(clientId: string, lines: readonly ClientLine[]): ClientGroup {
  const connections = [...lines].sort(
    (a, b) => Number(a.leftAt !== null) - Number(b.leftAt !== null) || b.connectedAt - a.connectedAt,
  )
  const open = connections.filter(({ leftAt }) => leftAt === null)
  const samples = Math.max(0, ...lines.map(({ traffic }) => traffic.length))
  return {
    clientId,
    connections,
    open: open.length,
    software: union(lines.map(({ software }) => (software === '' ? [] : [software]))),
    roles: rolesOf(lines),
    groups: union(lines.map(({ groups }) => groups)),
    throttle: latestThrottle(lines),
    writes: union(lines.map(({ writes }) => writes)),
    reads: union(lines.map(({ reads }) => reads)),
    requestsPerSecond: sum(open, ({ requestsPerSecond }) => requestsPerSecond),
    inBytesPerSecond: sum(open, ({ inBytesPerSecond }) => inBytesPerSecond),
    outBytesPerSecond: sum(open, ({ outBytesPerSecond }) => outBytesPerSecond),
    // Series of different length end at the same moment: now.
    traffic: Array.from({ length: samples }, (_, i) => sum(lines, ({ traffic }) => traffic.at(i - samples) ?? 0)),
    connectedAt: open.length === 0 ? null : Math.min(...open.map(({ connectedAt }) => connectedAt)),
    leftAt: open.length > 0 ? null : Math.max(...lines.map(({ leftAt }) => leftAt ?? 0)),
    lastError: latestError(lines),
  }
}

/** One entry per client id: those with an open connection first, then by name. */
export function clientGroups(clients: readonly ClientLine[]): ClientGroup[] {
  const byId = new Map<string, ClientLine[]>()
  for (const client of clients) {
    const known = byId.get(client.clientId)
    if (known) known.push(client)
    else byId.set(client.clientId, [client])
  }
  return [...byId]
    .map(([clientId, lines]) => groupOf(clientId, lines))
    .sort((a, b) => Number(a.open === 0) - Number(b.open === 0) || (a.clientId < b.clientId ? -1 : 1))
}
