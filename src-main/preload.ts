import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Closing, DesktopActions, ShellMessage } from './contract/shell'

/**
 * The page gets one message port and the messages of the shell (contract/shell.ts), both as window messages. It may call the actions of
 * `window.desktop`; nothing else of Electron reaches it.
 */
const portMessage: ShellMessage = { ottla: 'port' }
ipcRenderer.on('page-port', (event) => window.postMessage(portMessage, '*', [...event.ports]))
ipcRenderer.on('to-page', (_event, message: ShellMessage) => window.postMessage(message, '*'))

const actions: DesktopActions = {
  getStartsAtLogin: () => ipcRenderer.invoke('login-item') as Promise<boolean>,
  setStartsAtLogin: (opens: boolean) => ipcRenderer.invoke('login-item', opens) as Promise<boolean>,
  getClosing: () => ipcRenderer.invoke('closing') as Promise<Closing>,
  setClosing: (closing: Closing) => ipcRenderer.invoke('closing', closing) as Promise<Closing>,
  startBroker: () => ipcRenderer.send('start-broker'),
  restartBroker: () => ipcRenderer.send('restart-broker'),
  saveCopy: () => ipcRenderer.send('save-copy'),
}
contextBridge.exposeInMainWorld('desktop', actions)

/** A file's path: a method of the file before Electron 32, a function since. */
function pathOf(file: File & { readonly path?: string }): string {
  return webUtils ? webUtils.getPathForFile(file) : (file.path ?? '')
}

// A workspace that is dropped on the window is opened; other files are left to the page (import).
window.addEventListener('dragover', (event) => event.preventDefault())
window.addEventListener(
  'drop',
  (event) => {
    const paths = [...(event.dataTransfer?.files ?? [])].map(pathOf).filter((path) => path.endsWith('.ottla'))
    event.preventDefault()
    if (paths.length === 0) return
    event.stopPropagation()
    ipcRenderer.send('open-files', paths)
  },
  true,
)
