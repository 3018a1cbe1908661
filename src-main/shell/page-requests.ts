import { ipcMain, type WebContents } from 'electron'
import { type Closing, closings } from '../contract/shell'
import { opensAtLogin, setOpensAtLogin } from './login-item'
import type { WorkspaceSession } from './workspace-session'

/** Requests of a page to the shell; all others go to its broker. */
export interface PageRequests {
  /** The session whose window sent the request; other senders are ignored. */
  sessionOf(sender: WebContents): WorkspaceSession | undefined
  start(session: WorkspaceSession): void
  restart(session: WorkspaceSession): void
  saveCopy(session: WorkspaceSession): void
  open(file: string): void
  getClosing(): Closing
  setClosing(closing: Closing): void
}

/** Answers the requests of our own pages. */
export function answerPages(requests: PageRequests): void {
  ipcMain.handle('login-item', ({ sender }, opens: unknown) => {
    if (!requests.sessionOf(sender)) return false
    if (typeof opens === 'boolean') setOpensAtLogin(opens)
    return opensAtLogin()
  })
  ipcMain.handle('closing', ({ sender }, wanted: unknown) => {
    const closing = closings.find((known) => known === wanted)
    if (requests.sessionOf(sender) && closing) requests.setClosing(closing)
    return requests.getClosing()
  })
  ipcMain.on('start-broker', ({ sender }) => {
    const session = requests.sessionOf(sender)
    if (session) requests.start(session)
  })
  ipcMain.on('restart-broker', ({ sender }) => {
    const session = requests.sessionOf(sender)
    if (session) requests.restart(session)
  })
  ipcMain.on('save-copy', ({ sender }) => {
    const session = requests.sessionOf(sender)
    if (session) requests.saveCopy(session)
  })
  ipcMain.on('open-files', ({ sender }, files: unknown) => {
    if (!requests.sessionOf(sender) || !Array.isArray(files)) return
    for (const file of files) if (typeof file === 'string') requests.open(file)
  })
}
