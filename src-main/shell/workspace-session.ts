import { basename } from 'node:path'
import type { BrowserWindow, MessagePortMain } from 'electron'
import type { ConnectionKeeper } from '../connections/keeper'
import type { ShellMessage } from '../contract/shell'
import type { ClusterLabel } from '../contract/workspace'
import type { ServeOptions } from '../options/serve'
import type { Notice } from '../options/thread'
import { BrokerHost, StartError } from './broker-host'
import { nextFreePort } from './free-port'
import type { Memory } from './memory'
import { askAboutTakenPort } from './questions'
import { bringToFront, handPort, openWindow, stateOf, tellPage, viewIn } from './window'

/** Events of a session. */
export interface SessionEvents {
  /** Its state as the tray shows it has changed. */
  onChange(): void
  onNotice(session: WorkspaceSession, notice: Notice): void
  /** The window is about to close; return `true` to keep it open. */
  onClosing(session: WorkspaceSession): boolean
  /** The user logs out, or the machine shuts down. */
  onSessionEnd(): void
  onFault(error: unknown): void
  /** The window is closed. */
  onClosed(session: WorkspaceSession): void
  /** Another cluster answers than at the first connect; resolves to `true` when the user accepts it. */
  onOtherCluster(session: WorkspaceSession, clusterId: string): Promise<boolean>
  /** The other workspaces that are open. */
  others(session: WorkspaceSession): readonly WorkspaceSession[]
}

/** A cluster elsewhere that did not answer is tried again after this time. */
const retryMs = 10_000

/** A cluster elsewhere: its stored connection, and what its band says. */
export interface SessionCluster {
  readonly id: string
  readonly label: ClusterLabel
}

export interface SessionParts {
  readonly options: ServeOptions
  readonly memory: Memory
  readonly keeper: ConnectionKeeper
  readonly events: SessionEvents
  /** `null` for a workspace. */
  readonly cluster: SessionCluster | null
}

/** One workspace with its broker, or one cluster elsewhere; and its window when it is open. */
export class WorkspaceSession {
  readonly key: string
  readonly #events: SessionEvents
  #cluster: SessionCluster | null
  readonly #memory: Memory
  readonly #keeper: ConnectionKeeper
  #options: ServeOptions
  #host: BrokerHost | null = null
  #starting: Promise<boolean> | null = null
  /** The thread that starts now. */
  #launch: Promise<BrokerHost> | null = null
  #window: BrowserWindow | null = null
  /** Grows with each: a start that was begun before is over. */
  #disconnects = 0
  /** Ports of pages that loaded before the broker was ready. */
  #waitingPages: MessagePortMain[] = []
  #hadPage = false
  #retry: ReturnType<typeof setTimeout> | undefined
  #lag = 0
  /** Why the broker does not run, for the page; null while it runs or starts. */
  #stopped: string | null = null
  /** Why it stopped unexpectedly. */
  #problem: string | null = null

  constructor({ options, memory, keeper, events, cluster }: SessionParts) {
    this.key = cluster ? connectionKey(cluster.id) : (options.file ?? ':memory:')
    this.#cluster = cluster
    this.#memory = memory
    this.#keeper = keeper
    this.#events = events
    this.#options = options
  }

  get cluster(): SessionCluster | null {
    return this.#cluster
  }

  get name(): string {
    if (this.cluster) return this.cluster.label.name
    return this.#options.file === null ? 'In memory' : basename(this.#options.file, '.ottla')
  }

  get file(): string | null {
    return this.cluster ? null : this.#options.file
  }

  /** `null` while there is none to show: one that is destroyed may not have told its listeners yet. */
  get window(): BrowserWindow | null {
    return this.#window === null || this.#window.isDestroyed() ? null : this.#window
  }

  get lag(): number {
    return this.#lag
  }

  get problem(): string | null {
    return this.#problem
  }

  /** `localhost:9092`; null while the broker does not run. */
  get address(): string | null {
    const bound = this.#host?.running.kafka[0]
    return bound === undefined ? null : bound.replace(/^(127\.0\.0\.1|\[::1\]):/, 'localhost:')
  }

  /** Ports on which its broker listens. */
  get ports(): readonly number[] {
    if (this.cluster) return []
    return (this.#host?.running.kafka ?? []).map((address) => Number(/:(\d+)$/.exec(address)?.[1]))
  }

  /** Starts the broker; asks the user when the port is in use. Resolves to false when the user cancels. @throws StartError */
  start(): Promise<boolean> {
    clearTimeout(this.#retry)
    if (this.#host) return Promise.resolve(true)
    if (this.#starting) return this.#starting
    const starting = this.#start().finally(() => {
      if (this.#starting === starting) this.#starting = null
    })
    this.#starting = starting
    return starting
  }

  /** Stops the broker. One that is starting is ready first: what it was told, such as another port, is stored then. */
  async stop(why = 'It was stopped from the tray.'): Promise<void> {
    clearTimeout(this.#retry)
    // A cluster elsewhere that does not answer holds nothing up.
    if (!this.cluster) {
      await this.#launch?.then(
        () => undefined,
        () => undefined,
      )
    }
    const host = this.#host
    this.#host = null
    this.#stopped = why
    await host?.stop()
    this.#tellWhyStopped()
    this.#events.onChange()
  }

  /** Stops and starts the broker, so that settings of listeners and storage take effect. @throws StartError */
  async restart(): Promise<boolean> {
    await this.stop('It is restarting.')
    return this.start()
  }

  /** Ends the connection to a cluster elsewhere, also one that still waits for an answer. */
  async disconnect(why: string): Promise<void> {
    this.#disconnects++
    this.#starting = null
    await this.stop(why)
  }

  /** The connection to a cluster elsewhere has another name, stage or colour. */
  relabel(label: ClusterLabel): void {
    if (!this.#cluster) return
    this.#cluster = { ...this.#cluster, label }
    this.window?.setTitle(this.#title)
    this.tellPage({ ottla: 'cluster', cluster: label })
  }

  /** Shows the window, and opens it where it was. An open window keeps its view unless `view` names another. */
  show(view: string | null = null): void {
    if (this.window) {
      bringToFront(this.window)
      if (view !== null) this.tellPage({ ottla: 'view', view })
      return
    }
    const remembered = this.#memory.value
    const window = openWindow({
      title: this.#title,
      remembered: remembered.windows[this.key],
      view: view ?? remembered.views[this.key] ?? null,
      onPage: (port) => this.#pageLoaded(port),
    })
    this.#window = window
    this.#hadPage = false
    window.on('close', (event) => {
      this.remember()
      if (this.#events.onClosing(this)) event.preventDefault()
    })
    window.on('closed', () => {
      // Shown again while this one ended: another window is its window now.
      if (this.#window !== window) return
      this.#window = null
      this.#hadPage = false
      this.#events.onClosed(this)
    })
    // Windows ends the session without any event of the app.
    window.on('session-end', () => this.#events.onSessionEnd())
  }

  /** It cannot be connected, and its window says why. @param again tries it again after a while; `null`: that would not help */
  failed(why: string, again: (() => void) | null): void {
    clearTimeout(this.#retry)
    if (again && this.window) this.#retry = setTimeout(again, retryMs)
    this.#stopped = again ? `${why} It is tried again every ${retryMs / 1000} seconds.` : why
    // The page gave up waiting: it is loaded again when there is a connection.
    this.#hadPage = true
    this.#waitingPages = []
    this.#tellWhyStopped()
    this.#events.onChange()
  }

  tellPage(message: ShellMessage): void {
    if (this.window) tellPage(this.window, message)
  }

  /** Saves the position of the window and its view. */
  remember(): void {
    const { window } = this
    if (!window) return
    const { windows, views } = this.#memory.value
    const view = viewIn(window)
    this.#memory.update({
      windows: { ...windows, [this.key]: stateOf(window) },
      // A page that has not loaded yet shows no view: the one that it opens with is kept.
      views: view === '' ? views : { ...views, [this.key]: view },
    })
  }

  /** @throws Error with a sentence for the user */
  async saveCopy(path: string): Promise<void> {
    if (!this.#host) throw new Error('The broker is not running. Start it to save a copy.')
    await this.#host.saveCopy(path)
  }

  get #title(): string {
    return `${this.name} — Ottla`
  }

  async #start(): Promise<boolean> {
    const disconnects = this.#disconnects
    for (;;) {
      try {
        this.#launch = BrokerHost.start(this.#options, this.#keeper, this.#events.onFault)
        const host = await this.#launch
        if (disconnects !== this.#disconnects) {
          await host.stop()
          return false
        }
        this.#attach(host)
        return true
      } catch (error) {
        if (disconnects !== this.#disconnects) return false
        if (!(error instanceof StartError)) throw error
        const other = error.failure.otherCluster
        if (this.cluster && other !== null && (await this.#events.onOtherCluster(this, other))) {
          await this.#keeper.pin(this.cluster.id, other)
          continue
        }
        if (error.failure.takenPort === null) throw error
        const taken = error.failure.takenPort
        const nextFree = await nextFreePort(taken + 1)
        if (nextFree === undefined) throw error
        const others = this.#events.others(this)
        const holder = others.find(({ ports }) => ports.includes(taken))?.name ?? null
        const answer = await askAboutTakenPort({ taken, nextFree, holder, isOnly: others.length === 0 })
        if (answer === 'leave') return false
        if (answer === 'nextFree') this.#options = withPort(this.#options, nextFree)
      }
    }
  }

  #attach(host: BrokerHost): void {
    this.#host = host
    this.#stopped = null
    this.#problem = null
    host.onNotice((notice) => this.#events.onNotice(this, notice))
    host.onLag((lag) => {
      this.#lag = lag
      this.#events.onChange()
    })
    void host.ended.then((why) => {
      if (why !== null && this.#host === host) this.#crashed(why)
    })
    // A page that was connected to the former broker is reloaded; one that is still loading connects by itself.
    // One of a cluster elsewhere goes on with another port, and keeps what was typed.
    if (this.#hadPage && this.cluster && this.window) this.#attachPage(host, handPort(this.window))
    else if (this.#hadPage) this.window?.webContents.reload()
    for (const port of this.#waitingPages.splice(0)) this.#attachPage(host, port)
    this.#events.onChange()
  }

  /** The thread ended unexpectedly: window and tray must show that. */
  #crashed(why: string): void {
    this.#host = null
    this.#problem = why
    const kept = this.file === null ? 'Data in memory is lost.' : 'All acknowledged messages are in the file.'
    this.#stopped = this.cluster
      ? `Its pages stopped unexpectedly: ${why}.`
      : `It stopped unexpectedly: ${why}. ${kept}`
    this.#tellWhyStopped()
    this.#events.onChange()
    this.#events.onNotice(this, {
      kind: 'crash',
      title: `${this.name} has stopped`,
      text: `${this.cluster ? 'Its pages' : 'The broker'} stopped unexpectedly: ${why}. Open Ottla to start again.`,
      view: null,
    })
  }

  #tellWhyStopped(): void {
    if (this.#stopped !== null) this.tellPage({ ottla: 'stopped', why: this.#stopped })
  }

  #pageLoaded(port: MessagePortMain): void {
    if (this.cluster) this.tellPage({ ottla: 'cluster', cluster: this.cluster.label })
    if (this.#host) this.#attachPage(this.#host, port)
    else {
      this.#waitingPages.push(port)
      this.#tellWhyStopped()
    }
  }

  #attachPage(host: BrokerHost, port: MessagePortMain): void {
    this.#hadPage = true
    host.attachPage(port)
  }
}

/** The key of the session of a stored connection. */
export function connectionKey(id: string): string {
  return `connection:${id}`
}

/** The port that the user chose for this workspace; it is kept for later starts. */
function withPort(options: ServeOptions, port: number): ServeOptions {
  const [first, ...others] = options.listeners
  if (!first) return options
  return { ...options, keepsPort: true, listeners: [{ ...first, port }, ...others] }
}
