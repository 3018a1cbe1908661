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

export type PortAnswer = 'nextFree' | 'again' | 'leave'

/** A port that a broker wanted and could not have. */
export interface TakenPort {
  readonly taken: number
  readonly nextFree: number
  /** The workspace of ours that has it; null when it is another program. */
  readonly holder: string | null
  /** Nothing else is open: whoever leaves, quits. */
  readonly isOnly: boolean
}

/** The port is taken: explains it and offers the next free one with one click. */
export async function askAboutTakenPort({ taken, nextFree, holder, isOnly }: TakenPort): Promise<PortAnswer> {
  const answers: readonly PortAnswer[] = ['nextFree', 'again', 'leave']
  // The broker starts before Electron is ready; a dialog cannot open before.
  await app.whenReady()
  const offer = `Ottla can listen on port ${nextFree} instead, and clients then connect to localhost:${nextFree}. Settings can change it later.`
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message:
      holder === null
        ? `Port ${taken} is in use by another program.`
        : `Port ${taken} is in use by the workspace ${holder}.`,
    detail:
      holder === null
        ? `Kafka clients look for a broker on port ${taken}; another Kafka, perhaps in Docker, may already listen there. ${offer}`
        : `Each open workspace is a broker with a port of its own. ${offer}`,
    buttons: [`Use port ${nextFree}`, 'Try again', isOnly ? 'Quit' : 'Do not open'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  })
  return answers[response] ?? 'leave'
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
