import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Clock } from './base/clock'
import type { Log } from './base/log'
import { brokerConfigNames } from './broker/config/broker-config-names'
import { definitionOf, workspaceSettings } from './broker/config/configs'
import { configProblem } from './broker/config/definition'
import { createBroker } from './broker/create'
import { openListeners } from './listeners'
import { parseHostPort } from './options/listener'
import { listenerConfigs } from './options/listener-configs'
import { type ServeOptions, UsageError } from './options/serve'
import { withStoredSettings } from './options/stored-settings'
import { unknownConfig } from './options/unknown-config'
import { readSetting, type StoredTexts, writeSetting } from './options/workspace-settings'
import type { MachineParts, Pages } from './pages'
import { openRegistry } from './registry-server'
import { defaultLimits } from './server/limits'
import { Server } from './server/server'
import { Workspace } from './storage'

/** Everything that runs without a window: workspace, broker, its server, and the pages' server. */
export interface App extends Pages {
  /** Bound addresses of all listeners, e.g. `127.0.0.1:9092`, `[::1]:9092`. */
  readonly kafka: readonly string[]
  /** `http://localhost:8081`; null when no schema registry is served. */
  readonly registry: string | null
  /** The workspace file; null when everything is in memory. */
  readonly file: string | null
  /** Writes a copy of the workspace while it is in use. @throws Error with a sentence for the user */
  saveCopy(path: string): Promise<void>
  /** Closes the connections and then the file. */
  stop(): Promise<void>
}

/**
 * Opens the workspace, binds the listeners, serves the pages.
 *
 * @throws ListenError, PagePortError, WorkspaceError and UsageError, whose messages are sentences for the user; nothing stays open then
 */
export async function startApp(options: ServeOptions, parts: MachineParts): Promise<App> {
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
  parts: MachineParts,
  ends: (() => Promise<void>)[],
): Promise<Omit<App, 'stop'>> {
  const { clock, logOf, entriesFolder } = parts
  const workspace = openWorkspace(given, { clock, log: logOf('storage') }, entriesFolder)
  const options = withStoredSettings(given, (name) => workspace.configs.ofWorkspace(name))
  ends.push(() => workspace.dispose())
  for (const note of options.notes) logOf('server').warn(note)
  const broker = createBroker({
    workspace,
    clock,
    log: logOf('broker'),
    config: new Map([...configOf(options, logOf('broker')), ...listenerConfigs(options.listeners)]),
    advertised: new Map(options.listeners.flatMap(({ name, advertise }) => (advertise ? [[name, advertise]] : []))),
  })
  ends.push(async () => broker.dispose())
  const server = new Server({ broker, limits: defaultLimits, clock, log: logOf('server') })
  ends.push(() => server.stop())
  const {
    lines: listeners,
    certificates,
    end,
  } = await openListeners(options.listeners, {
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
  // Clients connect from here on; what follows is loaded while they do.
  const registryUrl = await openRegistry(options, { core: broker.core, clock, log: logOf('registry') }, ends)
  const { startPages } = await import('./pages')
  const pages = await startPages({ broker, server, listeners, certificates, kafka, registryUrl, options }, parts, ends)
  return {
    kafka,
    registry: registryUrl,
    ...pages,
    file: workspace.isTemporary ? null : workspace.file,
    saveCopy: (path) => workspace.saveCopy(path),
  }
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
    const unknown = unknownConfig(name, brokerConfigNames)
    if (unknown !== undefined) log.warn(unknown)
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
