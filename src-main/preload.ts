import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Closing, ToPage } from './shell/page-messages'

/**
 * The page gets one message port, and hears what the shell tells it; nothing else of Electron reaches it. Both come as window messages:
 * `{ ottla: 'port' }` with the port, and those of `shell/page-messages.ts`. What only the shell can do, it may ask for.
 */
ipcRenderer.on('page-port', (event) => window.postMessage({ ottla: 'port' }, '*', [...event.ports]))
ipcRenderer.on('to-page', (_event, message: ToPage) => window.postMessage(message, '*'))

contextBridge.exposeInMainWorld('desktop', {
  getStartsAtLogin: () => ipcRenderer.invoke('login-item') as Promise<boolean>,
  setStartsAtLogin: (opens: boolean) => ipcRenderer.invoke('login-item', opens) as Promise<boolean>,
  getClosing: () => ipcRenderer.invoke('closing') as Promise<Closing>,
  setClosing: (closing: Closing) => ipcRenderer.invoke('closing', closing) as Promise<Closing>,
  startBroker: () => ipcRenderer.send('start-broker'),
  restartBroker: () => ipcRenderer.send('restart-broker'),
  saveCopy: () => ipcRenderer.send('save-copy'),
})

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
