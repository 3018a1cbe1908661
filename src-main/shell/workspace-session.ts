import { basename } from 'node:path'
import type { BrowserWindow, MessagePortMain } from 'electron'
import type { ServeOptions } from '../options/serve'
import type { Notice } from '../options/thread'
import { BrokerHost, StartError } from './broker-host'
import { nextFreePort } from './free-port'
import type { Memory } from './memory'
import { askAboutTakenPort } from './questions'
import { openWindow, showView, stateOf } from './window'

/** What a session tells the desktop. */
export interface SessionEvents {
  /** Its state as the tray shows it has changed. */
  onChange(): void
  onNotice(session: WorkspaceSession, notice: Notice): void
  /** Its window is about to close; `true` keeps it open. */
  onClosing(session: WorkspaceSession): boolean
  onFault(error: unknown): void
}

/** One workspace: its broker, and its window when it is open. */
export class WorkspaceSession {
  readonly key: string
  readonly #events: SessionEvents
  readonly #memory: Memory
  #options: ServeOptions
  #host: BrokerHost | null = null
  #window: BrowserWindow | null = null
  /** Pages that loaded before the broker was ready. */
  #waitingPages: MessagePortMain[] = []
  #hadPage = false
  #lag = 0

  constructor(options: ServeOptions, memory: Memory, events: SessionEvents) {
    this.key = options.file ?? ':memory:'
    this.#memory = memory
    this.#events = events
    this.#options = withPort(options, memory.value.ports[this.key])
  }

  get name(): string {
    return this.#options.file === null ? 'In memory' : basename(this.#options.file, '.ottla')
  }

  get file(): string | null {
    return this.#options.file
  }

  get window(): BrowserWindow | null {
    return this.#window
  }

  get lag(): number {
    return this.#lag
  }

  /** `localhost:9092`; null while the broker does not run. */
  get address(): string | null {
    const bound = this.#host?.running.kafka[0]
    return bound === undefined ? null : bound.replace(/^(127\.0\.0\.1|\[::1\]):/, 'localhost:')
  }

  /** Starts the broker; a taken port is asked about. False when the user gave up. @throws StartError */
  async start(): Promise<boolean> {
    for (;;) {
      try {
        this.#attach(await BrokerHost.start(this.#options, this.#events.onFault))
        return true
      } catch (error) {
        if (!(error instanceof StartError) || error.failure.takenPort === null) throw error
        const free = await nextFreePort(error.failure.takenPort + 1)
        if (free === undefined) throw error
        const answer = await askAboutTakenPort(error.failure.takenPort, free)
        if (answer === 'quit') return false
        if (answer === 'nextFree') this.#usePort(free)
      }
    }
  }

  async stop(): Promise<void> {
    const host = this.#host
    this.#host = null
    await host?.stop()
    this.#events.onChange()
  }

  /** Shows the window, opening it where it was closed. */
  show(view: string | null = null): void {
    if (this.#window) {
      showView(this.#window, view ?? '')
      return
    }
    const remembered = this.#memory.value
    const window = openWindow({
      title: `${this.name} — Ottla`,
      remembered: remembered.windows[this.key],
      view: view ?? remembered.views[this.key] ?? null,
      onPage: (port) => (this.#host ? this.#attachPage(this.#host, port) : this.#waitingPages.push(port)),
    })
    this.#window = window
    window.on('close', (event) => {
      this.#remember(window)
      if (this.#events.onClosing(this)) event.preventDefault()
    })
    window.on('closed', () => {
      this.#window = null
    })
  }

  /** @throws Error with a sentence for the user */
  async saveCopy(path: string): Promise<void> {
    if (!this.#host) throw new Error('The broker does not run; start it to save a copy.')
    await this.#host.saveCopy(path)
  }

  #attach(host: BrokerHost): void {
    this.#host = host
    host.onNotice((notice) => this.#events.onNotice(this, notice))
    host.onLag((lag) => {
      this.#lag = lag
      this.#events.onChange()
    })
    // A page that was connected to the broker before begins anew; one that still loads will come by itself.
    if (this.#hadPage) this.#window?.webContents.reload()
    for (const port of this.#waitingPages.splice(0)) this.#attachPage(host, port)
    this.#events.onChange()
  }

  #attachPage(host: BrokerHost, port: MessagePortMain): void {
    this.#hadPage = true
    host.attachPage(port)
  }

  #usePort(port: number): void {
    this.#options = withPort(this.#options, port)
    this.#memory.update({ ports: { ...this.#memory.value.ports, [this.key]: port } })
  }

  #remember(window: BrowserWindow): void {
    const { windows, views } = this.#memory.value
    const view = decodeURIComponent(new URL(window.webContents.getURL()).hash.slice(1))
    this.#memory.update({
      windows: { ...windows, [this.key]: stateOf(window) },
      views: { ...views, [this.key]: view },
    })
  }
}

function withPort(options: ServeOptions, port: number | undefined): ServeOptions {
  const [first, ...others] = options.listeners
  if (port === undefined || !first) return options
  return { ...options, portIsDefault: false, listeners: [{ ...first, port }, ...others] }
}
