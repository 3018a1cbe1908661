import { join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import type { Clock } from './base/clock'
import type { Log } from './base/log'
import type { Broker } from './broker/serve'
import { formatHostPort, isLoopback } from './options/listener'
import type { ServeOptions } from './options/serve'
import { defaultLimits } from './server/limits'
import { Server } from './server/server'
import { type PageServer, startPageServer } from './web/page-server'

/** Everything that runs without a window: workspace, broker, its server, and the pages' server. */
export interface App {
  /** Bound addresses of all listeners, e.g. `127.0.0.1:9092`, `[::1]:9092`. */
  readonly kafka: readonly string[]
  /** What to open in a browser, with its token; null when no pages are served. */
  readonly ui: string | null
  /** The workspace file; null when everything is in memory. */
  readonly file: string | null
  /** Answers a page over `port` until that is closed. */
  attachPage(port: MessagePort): void
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
 * @throws ListenError, WorkspaceError and UsageError, whose messages are sentences for the user; nothing stays open then
 */
export async function startApp(options: ServeOptions, { clock, logOf, entriesFolder }: AppParts): Promise<App> {
  const log = logOf('server')
  const broker = createEmptyBroker()
  const server = new Server({ broker, limits: defaultLimits, clock, log })
  let pages: PageServer | null = null
  try {
    const kafka = await bindListeners(server, options, log)
    if (options.uiPort !== null) {
      const folder = join(entriesFolder, '../renderer')
      const onPage = () => {}
      pages = await startPageServer({ folder, port: options.uiPort, onPage, log: logOf('web') })
    }
    return {
      kafka,
      ui: pages?.url ?? null,
      file: options.file,
      attachPage: (port) => port.close(),
      saveCopy: () => Promise.reject(new Error('A workspace in memory cannot be copied yet.')),
      async stop() {
        await pages?.stop()
        await server.stop()
      },
    }
  } catch (error) {
    await pages?.stop()
    await server.stop()
    throw error
  }
}

async function bindListeners(server: Server, options: ServeOptions, log: Log): Promise<string[]> {
  const bound: string[] = []
  for (const { name, hosts, port } of options.listeners) {
    const open = hosts.filter((host) => !isLoopback(host))
    if (open.length > 0) log.warn(`listener ${name} opens this broker to other machines on ${open.join(', ')}`)
    const listener = await server.listen({ name, hosts, port })
    log.info(`listener ${name} on ${listener.addresses.map(({ host, port }) => formatHostPort(host, port)).join(', ')}`)
    bound.push(...listener.addresses.map((address) => formatHostPort(address.host, address.port)))
  }
  return bound
}

function createEmptyBroker(): Broker {
  return {
    opened() {},
    serve: () => ({ response: Promise.reject(new Error('no API is served yet')), pipelined: false }),
    closed() {},
  }
}
