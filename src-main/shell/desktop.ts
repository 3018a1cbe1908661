import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { app, BrowserWindow, Menu, Notification, powerMonitor, safeStorage } from 'electron'
import { Connections } from '../connections/connections'
import { EncryptedSecrets } from '../connections/encrypted-secrets'
import { type ConnectionKeeper, keeperOf } from '../connections/keeper'
import type { ClusterLabel } from '../contract/workspace'
import type { ServeOptions } from '../options/serve'
import type { Notice } from '../options/thread'
import { StartError } from './broker-host'
import { cipherOf } from './cipher'
import { readOpenRequest, viewOf } from './links'
import { Memory, withRecentFile } from './memory'
import { menuTemplate } from './menu'
import { NoticePolicy } from './notices'
import { answerPages } from './page-requests'
import { askAboutOtherCluster, askForWorkspaces, askOnClose, askWhereToSave, showError } from './questions'
import { workspacesAtStart } from './restore'
import { createTray } from './tray'
import { trayTemplate, trayToolTip } from './tray-menu'
import { connectionKey, type SessionCluster, WorkspaceSession } from './workspace-session'

const connectedAgain = 'Connected again with the changed settings.'

/** The desktop app: its workspaces, and the events of the operating system. */
export class Desktop {
  readonly #defaults: ServeOptions
  readonly #folder: string
  readonly #connections: Connections
  readonly #keeper: ConnectionKeeper
  readonly #memory: Memory
  readonly #sessions = new Map<string, WorkspaceSession>()
  readonly #policy = new NoticePolicy()
  readonly #onFault: (error: unknown) => void
  #tray: ReturnType<typeof createTray> | null = null
  #quitting = false
  /** The session of the operating system ends: whoever refuses to quit then holds it up. */
  #isSessionEnding = false

  /**
   * @param defaults options of the first workspace; others differ in their file alone
   * @param folder where the app keeps the stored connections and its log of changes
   */
  constructor(defaults: ServeOptions, folder: string, onFault: (error: unknown) => void) {
    this.#defaults = defaults
    this.#folder = folder
    this.#onFault = onFault
    this.#connections = new Connections({
      path: join(folder, 'connections.json'),
      secrets: new EncryptedSecrets(join(folder, 'secrets.json'), cipherOf(safeStorage, process.platform), Date.now),
      now: Date.now,
      onError: onFault,
    })
    this.#connections.edited((id) => {
      // The page that saved it has its answer before.
      setImmediate(() => this.#do(this.#connectionEdited(id)))
    })
    this.#keeper = keeperOf(this.#connections, (id, view) => this.#openConnection(id, view))
    this.#memory = new Memory(join(app.getPath('userData'), 'window.json'), onFault)
  }

  /** Starts brokers before there is a window to show; windows follow when Electron is ready. */
  async run(words: readonly string[]): Promise<void> {
    const request = readOpenRequest(words)
    const files = workspacesAtStart(
      request.files.map((file) => resolve(file)),
      this.#defaults,
      this.#memory.value.open,
      existsSync,
    )
    const sessions = files.map((file) => this.#add(file))
    const started = this.#startInTurn(sessions)
    await app.whenReady()
    this.#listen()
    this.#tray = createTray()
    this.#renewMenus()
    if (!words.includes('--hidden')) {
      for (const session of sessions) session.show(session === sessions[0] ? request.view : null)
      this.#openConnectionsAgain()
    }
    await started
  }

  /** A second start of the app hands its arguments to the first. */
  async openMore(words: readonly string[], folder: string): Promise<void> {
    const request = readOpenRequest(words)
    await app.whenReady()
    for (const file of request.files) await this.#openAndShow(resolve(folder, file))
    if (request.files.length === 0) this.#front()?.show(request.view)
  }

  /** The system may hand over links and files before there can be a window. */
  async openLink(link: string): Promise<void> {
    const view = viewOf(link)
    await app.whenReady()
    if (view !== undefined) this.#front()?.show(view)
  }

  async openFile(file: string): Promise<void> {
    await app.whenReady()
    await this.#openAndShow(file)
  }

  /** Stops every broker, then ends the app. */
  async quit(): Promise<void> {
    if (this.#quitting) return
    this.#quitting = true
    const sessions = [...this.#sessions.values()]
    // The app exits without closing its windows one by one, so their state is saved here.
    for (const session of sessions) session.remember()
    this.#memory.update({ openConnections: sessions.flatMap(({ cluster }) => cluster?.id ?? []) })
    await Promise.all(sessions.map((session) => session.stop('Ottla is quitting.')))
    this.#tray?.dispose()
    app.exit(0)
  }

  #listen(): void {
    answerPages({
      sessionOf: (sender) => [...this.#sessions.values()].find(({ window }) => window?.webContents === sender),
      start: (session) => this.#do(session.cluster ? this.#connect(session) : session.start()),
      restart: (session) => this.#do(session.restart()),
      saveCopy: (session) => this.#do(this.#saveCopy(session)),
      open: (file) => this.#do(this.#openAndShow(file)),
      getClosing: () => this.#memory.value.onClose ?? 'ask',
      setClosing: (closing) => this.#memory.update({ onClose: closing === 'ask' ? null : closing }),
    })
    app.on('activate', () => this.#front()?.show())
    app.on('before-quit', (event) => {
      // macOS takes a prevented quit as a refusal to log out. What is committed survives an end without a clean stop.
      if (!this.#isSessionEnding) event.preventDefault()
      this.#do(this.quit())
    })
    // macOS and Linux; Linux waits for a moment when it is prevented.
    powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
      event?.preventDefault()
      this.#sessionEnds()
    })
    // Brokers outlive their windows; `#closing` asks about the last one.
    app.on('window-all-closed', () => {})
  }

  #sessionEnds(): void {
    this.#isSessionEnding = true
    this.#do(this.quit())
  }

  async #openAndShow(file: string): Promise<void> {
    const known = this.#sessions.get(file)
    if (known) known.show()
    else {
      const session = this.#add(file)
      if (await this.#start(session)) session.show()
    }
  }

  #add(file: string | null): WorkspaceSession {
    const fileIsDefault = this.#defaults.fileIsDefault && file === this.#defaults.file
    return this.#session({ ...this.#defaults, file, fileIsDefault }, null)
  }

  #session(options: ServeOptions, cluster: SessionCluster | null): WorkspaceSession {
    const session = new WorkspaceSession({
      options,
      cluster,
      memory: this.#memory,
      keeper: this.#keeper,
      events: {
        onChange: () => this.#renewTray(),
        onNotice: (from, notice) => this.#notify(from, notice),
        onClosing: (closing) => this.#closing(closing),
        onClosed: (closed) => this.#closed(closed),
        onOtherCluster: ({ name }, clusterId) => askAboutOtherCluster({ name, clusterId }),
        onSessionEnd: () => this.#sessionEnds(),
        onFault: this.#onFault,
        others: (own) => [...this.#sessions.values()].filter((other) => other !== own),
      },
    })
    this.#sessions.set(session.key, session)
    this.#rememberOpen()
    return session
  }

  /** A window of a cluster elsewhere, with a thread of its own: a cluster that does not answer delays nothing else. */
  #openConnection(id: string, view: string | null = null): void {
    const known = this.#sessions.get(connectionKey(id))
    if (known) {
      known.show(view)
      return
    }
    const label = this.#labelOf(id)
    const { name } = label
    const auditFile = join(this.#folder, 'audit.jsonl')
    const tokenFile = join(this.#folder, 'page-tokens.json')
    const from = { connectionId: id, name }
    const options: ServeOptions = {
      ...this.#defaults,
      file: null,
      cluster: {
        from,
        writing: 'unlocked',
        takesNextPort: false,
        unlocked: null,
        secretFile: null,
        auditFile,
        tokenFile,
      },
    }
    const session = this.#session(options, { id, label })
    session.show(view)
    this.#do(this.#connect(session))
  }

  /** As the band shows it before there is a connection. */
  #labelOf(id: string): ClusterLabel {
    const { name, stage, color } = this.#connections.byId(id)
    return { name, stage, color, isReadOnly: true, canUnlock: false, unlockedForMs: null, requestsPerMinute: 0 }
  }

  /** An open window goes on with the new settings, read-only again; one whose connection was deleted says so. */
  async #connectionEdited(id: string): Promise<void> {
    const session = this.#sessions.get(connectionKey(id))
    if (!session) return
    if (!this.#connections.all().some((one) => one.id === id)) {
      await session.disconnect('This connection was deleted.')
      return
    }
    session.relabel(this.#labelOf(id))
    await session.disconnect('Its connection was changed: it connects again with the new settings.')
    if (!this.#sessions.has(session.key)) return
    if (await this.#connect(session)) session.tellPage({ ottla: 'said', kind: 'done', text: connectedAgain })
  }

  /** Those that had a window at the last quit. */
  #openConnectionsAgain(): void {
    const known = new Set(this.#connections.all().map(({ id }) => id))
    for (const id of this.#memory.value.openConnections) if (known.has(id)) this.#openConnection(id)
  }

  /** The window says what does not work. */
  async #connect(session: WorkspaceSession): Promise<boolean> {
    const isConnected = await session.start().catch((error: unknown) => {
      const mayPass = error instanceof StartError && error.failure.mayPass
      const again = () => this.#do(this.#connect(session))
      session.failed(error instanceof Error ? error.message : String(error), mayPass ? again : null)
      return false
    })
    // The window was closed meanwhile.
    if (!this.#sessions.has(session.key)) await session.stop()
    return isConnected
  }

  /** A cluster elsewhere is watched only while its window is open. */
  #closed(session: WorkspaceSession): void {
    if (!session.cluster || this.#quitting) return
    this.#sessions.delete(session.key)
    this.#do(session.stop())
  }

  /** Kept at once: not every end of the app is a quit. */
  #rememberOpen(): void {
    if (!this.#quitting) this.#memory.update({ open: [...this.#sessions.values()].flatMap(({ file }) => file ?? []) })
  }

  /** One after the other: the first gets the default port. */
  async #startInTurn(sessions: readonly WorkspaceSession[]): Promise<void> {
    for (const session of sessions) {
      if (this.#quitting) return
      await this.#start(session)
    }
  }

  /** Returns false when it could not be started; the user has seen why. */
  async #start(session: WorkspaceSession): Promise<boolean> {
    const started = await session.start().catch((error: Error) => {
      if (!this.#quitting) showError(error.message)
      return false
    })
    if (this.#quitting) return started
    if (started) {
      const { file } = session
      if (file !== null) {
        this.#memory.update({ recentFiles: withRecentFile(this.#memory.value.recentFiles, file) })
        app.addRecentDocument(file)
      }
      this.#renewMenus()
    } else {
      this.#sessions.delete(session.key)
      // Without any the app ends, and the next start tries this workspace again.
      if (this.#sessions.size > 0) this.#rememberOpen()
      session.window?.destroy()
      if (this.#sessions.size === 0) await this.quit()
    }
    return started
  }

  /** Returns true to keep the window open. For the last window the user is asked, once. */
  #closing(session: WorkspaceSession): boolean {
    const others = [...this.#sessions.values()].filter((other) => other !== session && other.window)
    if (this.#quitting || others.length > 0) return false
    const { onClose } = this.#memory.value
    if (onClose === 'tray') return false
    if (onClose === 'quit') this.#do(this.quit())
    else this.#do(this.#askOnClose(session))
    return true
  }

  async #askOnClose(session: WorkspaceSession): Promise<void> {
    if (!session.window) return
    const answer = await askOnClose(session.window)
    if (answer === 'cancel') return
    this.#memory.update({ onClose: answer })
    if (answer === 'quit') await this.quit()
    else session.window.close()
  }

  #renewMenus(): void {
    if (!app.isReady()) return
    const { recentFiles } = this.#memory.value
    const template = menuTemplate(process.platform, recentFiles.filter(existsSync), {
      newWorkspace: () => this.#do(this.#newWorkspace()),
      openWorkspace: () => this.#do(this.#openWorkspaces()),
      openRecent: (file) => this.#do(this.#openAndShow(file)),
      clearRecent: () => {
        this.#memory.update({ recentFiles: [] })
        app.clearRecentDocuments()
        this.#renewMenus()
      },
      saveCopy: () => {
        const front = this.#front()
        if (front) this.#do(this.#saveCopy(front))
      },
      show: (view) => this.#front()?.show(view),
      showKeys: () => {
        const front = this.#front()
        front?.show()
        front?.tellPage({ ottla: 'keys' })
      },
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
    this.#renewTray()
  }

  #renewTray(): void {
    const workspaces = [...this.#sessions.values()].filter(({ cluster }) => cluster === null)
    const entries = workspaces.map((session) => ({
      name: session.name,
      address: session.address,
      problem: session.problem,
      lag: session.lag,
      open: () => session.show(),
      start: () => this.#do(session.start()),
      stop: () => this.#do(session.stop()),
    }))
    this.#tray?.show(
      trayTemplate(entries, () => this.#do(this.quit())),
      trayToolTip(entries),
    )
  }

  async #newWorkspace(): Promise<void> {
    const file = await askWhereToSave('New Workspace', join(app.getPath('documents'), 'workspace.ottla'))
    if (file) await this.#openAndShow(file)
  }

  async #openWorkspaces(): Promise<void> {
    for (const file of await askForWorkspaces()) await this.#openAndShow(file)
  }

  async #saveCopy(session: WorkspaceSession): Promise<void> {
    const file = await askWhereToSave('Save a Copy', `${session.name} copy.ottla`)
    if (!file) return
    session.tellPage({ ottla: 'said', kind: 'done', text: `Saving a copy to ${file}…` })
    await session.saveCopy(file)
    session.tellPage({ ottla: 'said', kind: 'done', text: `Saved a copy to ${file}.` })
  }

  #notify(session: WorkspaceSession, notice: Notice): void {
    if (!Notification.isSupported() || !this.#policy.shows(notice, session.window?.isFocused() ?? false, Date.now()))
      return
    const notification = new Notification({ title: notice.title, body: notice.text })
    notification.on('click', () => session.show(notice.view))
    notification.show()
  }

  /** The workspace of the window in front. */
  #front(): WorkspaceSession | undefined {
    const sessions = [...this.#sessions.values()]
    const focused = BrowserWindow.getFocusedWindow()
    return sessions.find((session) => focused !== null && session.window === focused) ?? sessions[0]
  }

  /** Runs an action of the user, and shows its error. */
  #do(action: Promise<unknown>): void {
    action.catch((error: unknown) => {
      this.#onFault(error)
      showError(error instanceof Error ? error.message : String(error))
    })
  }
}
