import { app, type BrowserWindow, dialog } from 'electron'

const workspaceFilter = [{ name: 'Ottla workspace', extensions: ['ottla'] }]

/** Asks which workspaces to open; empty when the user cancels. */
export async function askForWorkspaces(): Promise<readonly string[]> {
  const { filePaths } = await dialog.showOpenDialog({
    title: 'Open Workspace',
    filters: workspaceFilter,
    properties: ['openFile', 'multiSelections'],
  })
  return filePaths
}

/** Asks where to write a workspace; undefined when the user cancels. */
export async function askWhereToSave(title: string, suggestion: string): Promise<string | undefined> {
  const { filePath } = await dialog.showSaveDialog({ title, defaultPath: suggestion, filters: workspaceFilter })
  return filePath || undefined
}

export type PortAnswer = 'nextFree' | 'again' | 'leave'

/** A port that is in use. */
export interface TakenPort {
  readonly taken: number
  readonly nextFree: number
  /** The open workspace that uses it; null when another program does. */
  readonly holder: string | null
  /** No other workspace is open: to cancel is to quit. */
  readonly isOnly: boolean
}

/** Explains that the port is in use, and offers the next free one. */
export async function askAboutTakenPort({ taken, nextFree, holder, isOnly }: TakenPort): Promise<PortAnswer> {
  const answers: readonly PortAnswer[] = ['nextFree', 'again', 'leave']
  // The broker starts before Electron is ready; a dialog needs Electron.
  await app.whenReady()
  const offer = `Ottla can use port ${nextFree} instead; clients then connect to localhost:${nextFree}. You can change the port later in Settings.`
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message:
      holder === null
        ? `Port ${taken} is in use by another program.`
        : `Port ${taken} is in use by the workspace ${holder}.`,
    detail:
      holder === null
        ? `Another Kafka broker, perhaps in Docker, may already listen on port ${taken}. ${offer}`
        : `Each open workspace runs its own broker, which needs its own port. ${offer}`,
    buttons: [`Use Port ${nextFree}`, 'Try Again', isOnly ? 'Quit' : 'Do Not Open'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  })
  return answers[response] ?? 'leave'
}

/** Asks, when the last window closes for the first time, whether the broker keeps running in the tray. */
export async function askOnClose(window: BrowserWindow): Promise<'tray' | 'quit' | 'cancel'> {
  const answers = ['tray', 'quit', 'cancel'] as const
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Keep the broker running?',
    detail:
      'Clients stay connected, and Ottla stays in the tray. Ottla remembers the answer; you can change it in Settings.',
    buttons: ['Keep Running', 'Stop and Quit', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  })
  return answers[response] ?? 'cancel'
}

/** A cluster that answers at the address of a connection, and is another one than at the first connect. */
interface OtherCluster {
  readonly name: string
  readonly clusterId: string
}

/** Asks whether another cluster is accepted under the name of a connection. */
export async function askAboutOtherCluster({ name, clusterId }: OtherCluster): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: `Another cluster answers at the address of ${name}.`,
    detail: `Its id is ${clusterId}, which is not the id of the first connect. Nothing was read from it. Accept it only when the cluster was replaced on purpose.`,
    buttons: ['Do Not Connect', 'Accept This Cluster'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  return response === 1
}

/** Shows an error in a dialog of the system. */
/** Tells of a fault in the windows' own code, which the brokers survive. */
export async function askAfterFault(fault: string): Promise<'continue' | 'quit'> {
  await app.whenReady()
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: 'A fault in Ottla may have broken a window or a menu.',
    detail: `${fault}\n\nThe brokers go on, and everything acknowledged is in their files. Quit and start Ottla again if something no longer works.`,
    buttons: ['Continue', 'Quit Ottla'],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1 ? 'quit' : 'continue'
}

export function showError(sentence: string): void {
  dialog.showErrorBox('Ottla', sentence)
}
