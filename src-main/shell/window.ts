import { join } from 'node:path'
import { BrowserWindow, MessageChannelMain, type MessagePortMain, nativeTheme, screen, shell } from 'electron'
import type { ShellMessage } from '../contract/shell'
import { minimumSize, placeWindow, type WindowState } from './window-bounds'

export interface WindowOptions {
  readonly title: string
  readonly remembered: WindowState | undefined
  /** The view to begin with, e.g. `/topics`. */
  readonly view: string | null
  /** Called with a new port whenever the page was loaded. */
  readonly onPage: (port: MessagePortMain) => void
}

/** Paper of both themes (look.md), so that nothing flashes before the page is there. */
const paper = { light: '#fbfaf7', dark: '#16171b' } as const

/** The only page that a window shows. */
const page = join(__dirname, '../renderer/index.html')

/** A window with the pages: sandboxed, isolated, and unable to go anywhere else. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea)
  const window = new BrowserWindow({
    ...placeWindow(options.remembered?.bounds, areas),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    title: options.title,
    backgroundColor: nativeTheme.shouldUseDarkColors ? paper.dark : paper.light,
    show: false,
    webPreferences: {
      preload: join(__dirname, '../preload/preload.js'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (options.remembered?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('page-title-updated', (event) => event.preventDefault())
  confine(window)
  window.webContents.on('did-finish-load', () => {
    options.onPage(handPort(window))
  })
  void window.loadFile(page, options.view === null ? {} : { hash: options.view })
  return window
}

/** Gives the page of a window a new port, in place of one that it had. Returns the other end. */
export function handPort({ webContents }: BrowserWindow): MessagePortMain {
  const { port1, port2 } = new MessageChannelMain()
  webContents.postMessage('page-port', null, [port2])
  return port1
}

/** What is worth remembering of a window. */
export function stateOf(window: BrowserWindow): WindowState {
  return { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
}

/** Brings a window to the front as it is. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Tells the page something; one that still loads hears of it when it has. */
export function tellPage({ webContents }: BrowserWindow, message: ShellMessage): void {
  // A page may be loaded and still count as loading: only this event is sure to come.
  if (webContents.isLoading()) webContents.once('did-stop-loading', () => webContents.send('to-page', message))
  else webContents.send('to-page', message)
}

/** The view that the page shows, e.g. `/topics/orders?offset=12`; empty before it has loaded. */
export function viewIn(window: BrowserWindow): string {
  return window.webContents.getURL().split('#')[1] ?? ''
}

/** No navigation, no new windows, no permissions; a link to the web opens in the user's browser. */
function confine(window: BrowserWindow): void {
  const { webContents } = window
  webContents.on('will-navigate', (event) => event.preventDefault())
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  webContents.setWindowOpenHandler(({ url }) => {
    if (/^https:\/\//.test(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
  webContents.session.setPermissionRequestHandler((_, permission, answer) => {
    answer(permission === 'clipboard-sanitized-write')
  })
}
