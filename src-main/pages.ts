import { join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import { version } from '../package.json'
import type { Clock } from './base/clock'
import type { Log } from './base/log'
import { failureText } from './base/user-error'
import type { RunningBroker } from './broker/create'
import { comparisonSource } from './compare-pages'
import { connectionSource } from './connection-pages'
import type { ConnectionKeeper } from './connections/keeper'
import { serve } from './contract/server'
import type { Wire } from './contract/wire'
import type { ListenerLine } from './contract/workspace'
import { decodingRegistryOf } from './decoding-registry'
import { Demo } from './demo/demo'
import { InProcess } from './demo/in-process'
import { demoMark } from './demo-mark'
import { demoRegistry } from './demo-registry'
import { createDesk } from './desk/desk'
import { embeddedSource } from './desk/embedded/embedded'
import type { MetricsPlace } from './desk/embedded/start'
import type { ClusterSource } from './desk/source/source'
import type { OpenListeners } from './listeners'
import { openMetricsPort } from './metrics-port'
import type { ServeOptions } from './options/serve'
import type { Notice } from './options/thread'
import { ownCluster } from './own-cluster'
import { ownFindings } from './own-doctor'
import type { Server } from './server/server'
import type { Workspace } from './storage'
import { newToken } from './web/access'
import { type PageServerOptions, startPageServer } from './web/page-server'
import { portWire } from './wires/message-port'
import { socketWire } from './wires/web-socket'

/** How long the demo may take to clean up when the app ends. */
const demoEndMs = 3000

/** What the app needs of the machine it runs on. */
export interface MachineParts {
  readonly clock: Clock
  /** A log for one room. */
  readonly logOf: (room: string) => Log
  /** Folder of the built entries: the pages and the other threads lie beside it. */
  readonly entriesFolder: string
  /** The stored connections to clusters elsewhere; loaded when pages need them. */
  readonly keeper?: () => Promise<ConnectionKeeper>
}

/** What shows a broker: to pages in the desktop app and in browsers, and to the desktop itself. */
export interface Pages {
  /** What to open in a browser, with its token; null when no pages are served. */
  readonly ui: string | null
  /** What Prometheus scrapes, with the token; null when no metrics are served. */
  readonly metrics: string | null
  /** Answers a page over `port` until that is closed. */
  attachPage(port: MessagePort): void
  /** Hears of the sum of all groups' lag whenever it changed. */
  onLag(tell: (messages: number) => void): void
  /** Hears of what is worth a notification. */
  onNotice(tell: (notice: Notice) => void): void
}

/** The running broker that the pages show. */
export interface ShownBroker {
  readonly broker: RunningBroker
  readonly server: Server
  readonly listeners: readonly ListenerLine[]
  readonly certificates: OpenListeners['certificates']
  /** Bound addresses. */
  readonly kafka: readonly string[]
  readonly registryUrl: string | null
  readonly options: Pick<ServeOptions, 'decided' | 'decodingRegistry' | 'uiPort' | 'metrics' | 'metricsPort'>
}

/**
 * Starts all that pages need over a running broker: the desk, the demo, and the pages' server if one is wanted. `ends` is what stops them,
 * newest last. It is loaded when the broker takes connections already.
 *
 * @throws PagePortError; UsageError for a configuration of the decoding registry that cannot be used
 */
export async function startPages(
  { broker, server, listeners, certificates, kafka, registryUrl, options }: ShownBroker,
  { clock, logOf, entriesFolder, keeper }: MachineParts,
  ends: (() => Promise<void>)[],
): Promise<Pages> {
  const deskLog = logOf('desk')
  const onError = (error: unknown) => deskLog.error(failureText(error))
  const readerThread = join(entriesFolder, 'reader-thread.js')
  const demo = new Demo({
    inProcess: new InProcess(() => server.openInProcess()),
    mark: demoMark(broker.core),
    registry: demoRegistry(broker.core, clock),
    clock,
    version,
    onError,
  })
  const decodingRegistry =
    options.decodingRegistry === undefined ? null : await decodingRegistryOf(options.decodingRegistry)
  let metrics: MetricsPlace | null = null
  const facts = { listeners, certificates, decided: options.decided, decodingRegistry, metrics: () => metrics }
  const source = embeddedSource({ broker, start: facts, readerThread, demo, onError })
  const run = { version, addresses: kafka, listeners, registryUrl }
  const kept = await keeper?.()
  const elsewhere = kept && {
    connections: connectionSource(kept, clock),
    comparison: comparisonSource({ here: ownCluster(source), keeper: kept, clock }),
  }
  const doctor = () => ownFindings(listeners, clock)
  const desk = createDesk({ source, clock, onError, doctor, ...run, ...elsewhere })
  ends.push(async () => {
    const ended = demo.state.running ? demo.stop() : undefined
    await Promise.race([ended, new Promise<void>((late) => clock.at(clock.now() + demoEndMs, late))])
    desk.dispose()
    await source.dispose()
  })
  const wires = new Set<Wire>()
  // An open port would keep its thread alive.
  ends.push(async () => {
    for (const wire of wires) wire.close()
  })
  const onPage = (wire: Wire) => {
    wires.add(wire)
    wire.onClose(() => wires.delete(wire))
    serve(wire, desk.handlers, onError)
  }
  let ui: string | null = null
  const served = options.metrics ? await servedMetrics(broker, source, ends) : undefined
  if (options.uiPort !== null) {
    const pages = await startPageServer({
      folder: join(entriesFolder, '../renderer'),
      port: options.uiPort,
      token: pageToken(broker.core.workspace),
      onPage: (socket) => onPage(socketWire(socket)),
      ...(served && { metrics: served }),
      log: logOf('web'),
    })
    ends.push(() => pages.stop())
    ui = pages.url
    if (served) metrics = { url: pages.metricsUrl, problem: null }
  } else if (served && options.metricsPort !== null) {
    const token = pageToken(broker.core.workspace)
    metrics = await openMetricsPort({ port: options.metricsPort, token, metrics: served, log: logOf('web') }, ends)
  }
  return {
    ui,
    metrics: metrics?.url ?? null,
    attachPage: (port) => onPage(portWire(port)),
    onLag: (tell) => void desk.lagChanged(tell),
    onNotice: (tell) => void desk.noticed(tell),
  }
}

/** What `GET /metrics` answers. Loaded where it is wanted. */
async function servedMetrics(
  { core, requestMetrics }: RunningBroker,
  { topics }: Pick<ClusterSource, 'topics'>,
  ends: (() => Promise<void>)[],
): Promise<NonNullable<PageServerOptions['metrics']>> {
  const [{ BrokerMetrics }, { contentType }] = await Promise.all([
    import('./metrics/broker-metrics'),
    import('./metrics/text'),
  ])
  const traffic = async () => (await topics.totals()).topics
  const metrics = new BrokerMetrics({ core, requestMetrics, traffic, version })
  ends.push(async () => metrics.dispose())
  return { contentType, text: () => metrics.text() }
}

/** The token of the pages belongs to the workspace: tabs and bookmarks go on after a restart. */
function pageToken(workspace: Workspace): string {
  const known = workspace.documents.get('setting', 'page-token')
  if (known !== undefined) return JSON.parse(known) as string
  const token = newToken()
  workspace.write(() => workspace.documents.set('setting', 'page-token', JSON.stringify(token)))
  return token
}
