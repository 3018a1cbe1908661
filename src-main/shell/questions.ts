import { app, type BrowserWindow, dialog } from 'electron'

const workspaceFilter = [{ name: 'Ottla workspace', extensions: ['ottla'] }]

/** Asks which workspace to open; empty when the user thinks better of it. */
export async function askForWorkspaces(): Promise<readonly string[]> {
  const { filePaths } = await dialog.showOpenDialog({
    title: 'Open Workspace',
    filters: workspaceFilter,
    properties: ['openFile', 'multiSelections'],
  })
  return filePaths
}

/** Asks where a workspace is to be written. */
export async function askWhereToSave(title: string, suggestion: string): Promise<string | undefined> {
  const { filePath } = await dialog.showSaveDialog({ title, defaultPath: suggestion, filters: workspaceFilter })
  return filePath || undefined
}

export type PortAnswer = 'nextFree' | 'again' | 'quit'

/** The port is taken: explains it and offers the next free one with one click. */
export async function askAboutTakenPort(takenPort: number, nextFreePort: number): Promise<PortAnswer> {
  const answers: readonly PortAnswer[] = ['nextFree', 'again', 'quit']
  // The broker starts before Electron is ready; a dialog cannot open before.
  await app.whenReady()
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: `Port ${takenPort} is in use by another program.`,
    detail:
      `Kafka clients look for a broker on port ${takenPort}; another Kafka, perhaps in Docker, may already listen there. ` +
      `Ottla can listen on port ${nextFreePort} instead, and clients then connect to localhost:${nextFreePort}.`,
    buttons: [`Use port ${nextFreePort}`, 'Try again', 'Quit'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  })
  return answers[response] ?? 'quit'
}

/** Asked once, when the last window closes: does the broker keep running in the tray? */
export async function askOnClose(window: BrowserWindow): Promise<'tray' | 'quit' | 'cancel'> {
  const answers = ['tray', 'quit', 'cancel'] as const
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Keep the broker running?',
    detail: 'Clients stay connected, and Ottla waits in the tray. The answer is remembered; Settings can change it.',
    buttons: ['Keep Running', 'Stop and Quit', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  })
  return answers[response] ?? 'cancel'
}

/** Something could not be done, in one sentence. */
export function tell(sentence: string): void {
  dialog.showErrorBox('Ottla', sentence)
}
