import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { app, BrowserWindow, ipcMain, Menu, Notification, type WebContents } from 'electron'
import type { ServeOptions } from '../options/serve'
import type { Notice } from '../options/thread'
import { readOpenRequest, viewOf } from './links'
import { opensAtLogin, setOpensAtLogin } from './login-item'
import { Memory, withRecentFile } from './memory'
import { menuTemplate } from './menu'
import { NoticePolicy } from './notices'
import { askForWorkspaces, askOnClose, askWhereToSave, tell } from './questions'
import { createTray, trayTemplate } from './tray'
import { WorkspaceSession } from './workspace-session'

/** The desktop app: its workspaces, and what the system asks of it. */
export class Desktop {
  readonly #defaults: ServeOptions
  readonly #memory: Memory
  readonly #sessions = new Map<string, WorkspaceSession>()
  readonly #policy = new NoticePolicy()
  readonly #onFault: (error: unknown) => void
  #tray: ReturnType<typeof createTray> | null = null
  #quitting = false

  /** @param defaults options of the first workspace; others differ in their file alone */
  constructor(defaults: ServeOptions, onFault: (error: unknown) => void) {
    this.#defaults = defaults
    this.#onFault = onFault
    this.#memory = new Memory(join(app.getPath('userData'), 'window.json'), onFault)
  }

  /** Starts brokers before there is a window to show; windows follow when Electron is ready. */
  async run(words: readonly string[]): Promise<void> {
    const request = readOpenRequest(words)
    const files = request.files.map((file) => resolve(file))
    const first = files.length > 0 ? files : [this.#defaults.file]
    const started = Promise.all(first.map((file) => this.#open(file)))
    await app.whenReady()
    this.#listen()
    this.#tray = createTray()
    this.#renewMenus()
    if (!words.includes('--hidden')) for (const session of this.#sessions.values()) session.show(request.view)
    await started
  }

  /** A second start hands its words to the first. */
  async openMore(words: readonly string[], folder: string): Promise<void> {
    const request = readOpenRequest(words)
    for (const file of request.files) await this.#openAndShow(resolve(folder, file))
    if (request.files.length === 0) this.#front()?.show(request.view)
  }

  openLink(link: string): void {
    const view = viewOf(link)
    if (view !== undefined) this.#front()?.show(view)
  }

  async openFile(file: string): Promise<void> {
    await this.#openAndShow(file)
  }

  /** Stops every broker, then ends the app. */
  async quit(): Promise<void> {
    this.#quitting = true
    await Promise.all([...this.#sessions.values()].map((session) => session.stop()))
    this.#tray?.dispose()
    app.exit(0)
  }

  #listen(): void {
    const isOurs = (sender: WebContents) =>
      [...this.#sessions.values()].some((session) => session.window?.webContents === sender)
    ipcMain.handle('login-item', ({ sender }, opens: unknown) => {
      if (!isOurs(sender)) return false
      if (typeof opens === 'boolean') setOpensAtLogin(opens)
      return opensAtLogin()
    })
    ipcMain.on('open-files', (event, files: unknown) => {
      if (!isOurs(event.sender) || !Array.isArray(files)) return
      for (const file of files) if (typeof file === 'string') this.#do(this.#openAndShow(file))
    })
    app.on('activate', () => this.#front()?.show())
    app.on('before-quit', (event) => {
      if (this.#quitting) return
      event.preventDefault()
      this.#do(this.quit())
    })
    // Brokers outlive their windows; closing the last one was asked about.
    app.on('window-all-closed', () => {})
  }

  async #openAndShow(file: string): Promise<void> {
    const known = this.#sessions.get(file)
    if (known) known.show()
    else if (await this.#open(file)) this.#sessions.get(file)?.show()
  }

  /** False when it could not be started; the user was told why. */
  async #open(file: string | null): Promise<boolean> {
    const session = new WorkspaceSession(
      { ...this.#defaults, file, fileIsDefault: this.#defaults.fileIsDefault && file === this.#defaults.file },
      this.#memory,
      {
        onChange: () => this.#renewTray(),
        onNotice: (from, notice) => this.#notify(from, notice),
        onClosing: (closing) => this.#closing(closing),
        onFault: this.#onFault,
      },
    )
    this.#sessions.set(session.key, session)
    const started = await session.start().catch((error: Error) => {
      tell(error.message)
      return false
    })
    if (started) {
      if (file !== null) {
        this.#memory.update({ recentFiles: withRecentFile(this.#memory.value.recentFiles, file) })
        app.addRecentDocument(file)
      }
      this.#renewMenus()
    } else {
      this.#sessions.delete(session.key)
      session.window?.destroy()
      if (this.#sessions.size === 0) await this.quit()
    }
    return started
  }

  /** True keeps the window; the question is asked once, for the last one. */
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
      saveCopy: () => this.#do(this.#saveCopy()),
      show: (view) => this.#front()?.show(view),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
    this.#renewTray()
  }

  #renewTray(): void {
    const entries = [...this.#sessions.values()].map((session) => ({
      name: session.name,
      address: session.address,
      lag: session.lag,
      open: () => session.show(),
      start: () => this.#do(session.start()),
      stop: () => this.#do(session.stop()),
    }))
    this.#tray?.show(trayTemplate(entries, () => this.#do(this.quit())))
  }

  async #newWorkspace(): Promise<void> {
    const file = await askWhereToSave('New Workspace', join(app.getPath('documents'), 'workspace.ottla'))
    if (file) await this.#openAndShow(file)
  }

  async #openWorkspaces(): Promise<void> {
    for (const file of await askForWorkspaces()) await this.#openAndShow(file)
  }

  async #saveCopy(): Promise<void> {
    const session = this.#front()
    if (!session) return
    const file = await askWhereToSave('Save a Copy', `${session.name} copy.ottla`)
    if (file) await session.saveCopy(file)
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

  /** What the user asked for may fail: he is told so. */
  #do(action: Promise<unknown>): void {
    action.catch((error: unknown) => {
      this.#onFault(error)
      tell(error instanceof Error ? error.message : String(error))
    })
  }
}
