import { contextBridge, ipcRenderer, webUtils } from 'electron'

/**
 * The page gets one message port and hears which view to show; nothing else of Electron reaches it.
 * Both come as window messages: `{ ottla: 'port' }` with the port, `{ ottla: 'view', view }`. One thing it may ask itself: whether the app
 * starts at login.
 */
ipcRenderer.on('page-port', (event) => window.postMessage({ ottla: 'port' }, '*', [...event.ports]))
ipcRenderer.on('show-view', (_event, view: string) => window.postMessage({ ottla: 'view', view }, '*'))

contextBridge.exposeInMainWorld('loginItem', {
  get: () => ipcRenderer.invoke('login-item') as Promise<boolean>,
  set: (opens: boolean) => ipcRenderer.invoke('login-item', opens) as Promise<boolean>,
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
