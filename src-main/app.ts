import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import { version } from '../package.json'
import type { Clock } from './base/clock'
import type { Log } from './base/log'
import { failureText } from './base/user-error'
import { definitionOf, workspaceSettings } from './broker/config/configs'
import { configProblem } from './broker/config/definition'
import { createBroker } from './broker/create'
import { serve } from './contract/server'
import type { Wire } from './contract/wire'
import { decodingRegistryOf } from './decoding-registry'
import { Demo } from './demo/demo'
import { InProcess } from './demo/in-process'
import { demoMark } from './demo-mark'
import { createDesk } from './desk/desk'
import { embeddedSource } from './desk/embedded/embedded'
import { openListeners } from './listeners'
import { parseHostPort } from './options/listener'
import { type ServeOptions, UsageError } from './options/serve'
import { withStoredSettings } from './options/stored-settings'
import type { Notice } from './options/thread'
import { readSetting, type StoredTexts, writeSetting } from './options/workspace-settings'
import { openRegistry } from './registry-server'
import { defaultLimits } from './server/limits'
import { Server } from './server/server'
import { Workspace } from './storage'
import { newToken } from './web/access'
import { startPageServer } from './web/page-server'
import { portWire } from './wires/message-port'
import { socketWire } from './wires/web-socket'

/** How long the demo may take to clean up when the app ends. */
const demoEndMs = 3000

/** Everything that runs without a window: workspace, broker, its server, and the pages' server. */
export interface App {
  /** Bound addresses of all listeners, e.g. `127.0.0.1:9092`, `[::1]:9092`. */
  readonly kafka: readonly string[]
  /** `http://localhost:8081`; null when no schema registry is served. */
  readonly registry: string | null
  /** What to open in a browser, with its token; null when no pages are served. */
  readonly ui: string | null
  /** The workspace file; null when everything is in memory. */
  readonly file: string | null
  /** Answers a page over `port` until that is closed. */
  attachPage(port: MessagePort): void
  /** Hears of the sum of all groups' lag whenever it changed. */
  onLag(tell: (messages: number) => void): void
  /** Hears of what is worth a notification. */
  onNotice(tell: (notice: Notice) => void): void
  /** Writes a copy of the workspace while it is in use. @throws Error with a sentence for the user */
  saveCopy(path: string): Promise<void>
  /** Closes the connections and then the file. */
  stop(): Promise<void>
}

/** What the app needs of the machine it runs on. */
export interface AppParts {
  readonly clock: Clock
  /** A log for one room. */
  readonly logOf: (room: string) => Log
  /** Folder of the built entries: the pages and the other threads lie beside it. */
  readonly entriesFolder: string
}

/**
 * Opens the workspace, binds the listeners, serves the pages.
 *
 * @throws ListenError, PagePortError, WorkspaceError and UsageError, whose messages are sentences for the user; nothing stays open then
 */
export async function startApp(options: ServeOptions, parts: AppParts): Promise<App> {
  const ends: (() => Promise<void>)[] = []
  const stop = async () => {
    for (let end = ends.pop(); end; end = ends.pop()) await end()
  }
  try {
    return { ...(await startParts(options, parts, ends)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Starts the parts in their order; `ends` is what stops them, newest last. */
async function startParts(
  given: ServeOptions,
  { clock, logOf, entriesFolder }: AppParts,
  ends: (() => Promise<void>)[],
): Promise<Omit<App, 'stop'>> {
  const workspace = openWorkspace(given, { clock, log: logOf('storage') }, entriesFolder)
  const options = withStoredSettings(given, (name) => workspace.configs.ofWorkspace(name))
  ends.push(() => workspace.dispose())
  for (const note of options.notes) logOf('server').warn(note)
  const broker = createBroker({
    workspace,
    clock,
    log: logOf('broker'),
    config: configOf(options, logOf('broker')),
    advertised: new Map(options.listeners.flatMap(({ name, advertise }) => (advertise ? [[name, advertise]] : []))),
  })
  ends.push(async () => broker.dispose())
  const server = new Server({ broker, limits: defaultLimits, clock, log: logOf('server') })
  ends.push(() => server.stop())
  const { lines: listeners, end } = await openListeners(options.listeners, {
    server,
    workspace,
    configs: broker.core.configs,
    clock,
    log: logOf('server'),
  })
  ends.push(async () => end())
  const kafka = listeners.flatMap(({ addresses, problem }) => (problem === null ? addresses : []))
  const [port] = listeners[0]?.addresses.map((address) => parseHostPort(address)?.port) ?? []
  if (options.keepsPort && port !== undefined) {
    broker.core.configs.set(workspaceSettings, new Map([writeSetting('ottla.port', port)]))
  }
  const deskLog = logOf('desk')
  const onError = (error: unknown) => deskLog.error(failureText(error))
  const readerThread = join(entriesFolder, 'reader-thread.js')
  const registryUrl = await openRegistry(options, { core: broker.core, clock, log: logOf('registry') }, ends)
  const demo = new Demo({
    inProcess: new InProcess(() => server.openInProcess()),
    mark: demoMark(broker.core),
    clock,
    version,
    onError,
  })
  const decodingRegistry = options.decodingRegistry === undefined ? null : decodingRegistryOf(options.decodingRegistry)
  const facts = { listeners, decided: options.decided, decodingRegistry }
  const source = embeddedSource({ broker, start: facts, readerThread, demo, onError })
  const desk = createDesk({ source, clock, version, addresses: kafka, listeners, registryUrl, onError })
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
  if (options.uiPort !== null) {
    const folder = join(entriesFolder, '../renderer')
    const pages = await startPageServer({
      folder,
      port: options.uiPort,
      token: pageToken(workspace),
      onPage: (socket) => onPage(socketWire(socket)),
      log: logOf('web'),
    })
    ends.push(() => pages.stop())
    ui = pages.url
  }
  return {
    kafka,
    registry: registryUrl,
    ui,
    file: workspace.isTemporary ? null : workspace.file,
    attachPage: (port) => onPage(portWire(port)),
    onLag: (tell) => void desk.lagChanged(tell),
    onNotice: (tell) => void desk.noticed(tell),
    saveCopy: (path) => workspace.saveCopy(path),
  }
}

/** The token of the pages belongs to the workspace: tabs and bookmarks go on after a restart. */
function pageToken(workspace: Workspace): string {
  const known = workspace.documents.get('setting', 'page-token')
  if (known !== undefined) return JSON.parse(known) as string
  const token = newToken()
  workspace.write(() => workspace.documents.set('setting', 'page-token', JSON.stringify(token)))
  return token
}

/** What the process was started with; a value that Kafka would refuse is refused, one of the environment left out. @throws UsageError */
function configOf({ config, softConfig }: ServeOptions, log: Log): Map<string, string> {
  const problemOf = (name: string, value: string) => {
    const definition = definitionOf('broker', name)
    return definition && configProblem(definition, value)
  }
  for (const [name, value] of Object.entries(config)) {
    const problem = problemOf(name, value)
    if (problem) throw new UsageError(`${problem}.`)
  }
  const soft = Object.entries(softConfig).filter(([name, value]) => {
    const problem = problemOf(name, value)
    if (problem) log.warn(`A KAFKA_ variable is left out: ${problem}.`)
    return !problem
  })
  return new Map([...soft, ...Object.entries(config)])
}

function openWorkspace(options: ServeOptions, parts: { clock: Clock; log: Log }, entriesFolder: string): Workspace {
  const checkpointThread = join(entriesFolder, 'checkpoint-thread.js')
  const survivesPowerLoss = (stored: StoredTexts) => readSetting(stored, 'ottla.durability') === 'power'
  if (options.file === null) return new Workspace({ ...parts, checkpointThread })
  const file = resolve(options.file)
  if (options.fileIsDefault) mkdirSync(dirname(file), { recursive: true })
  return new Workspace({ ...parts, checkpointThread, file, survivesPowerLoss })
}
