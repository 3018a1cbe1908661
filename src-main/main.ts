import { dirname } from 'node:path'
import { app } from 'electron'
import { surviveClosedOutput, watchFaults } from './faults'
import { readServeOptions } from './options/command-line'
import { defaultWorkspaceFile } from './options/default-file'
import { Desktop } from './shell/desktop'
import { askAfterFault, showError } from './shell/questions'

/** Words after `--` are options of `ottla serve`; those before belong to Electron, to a file or to a link. */
function splitWords(words: readonly string[]): { readonly own: readonly string[]; readonly flags: readonly string[] } {
  const end = words.indexOf('--')
  return end < 0 ? { own: words, flags: [] } : { own: words.slice(0, end), flags: words.slice(end + 1) }
}

function report(error: unknown): void {
  process.stderr.write(`ottla: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
}

function begin(): void {
  const { own, flags } = splitWords(process.argv.slice(1))
  const defaultFile = defaultWorkspaceFile(process.platform, process.env)
  // The pages come over a message port: no port is opened for them.
  const options = { ...readServeOptions(flags, process.env, defaultFile), uiPort: null }
  const desktop = new Desktop(options, dirname(defaultFile), report)
  watchFaults({
    taskFailed: report,
    broken: (text) => survive(text, () => desktop.quit()),
  })
  app.on('second-instance', (_event, words, folder) => void desktop.openMore(words.slice(1), folder).catch(report))
  app.on('open-file', (event, file) => {
    event.preventDefault()
    void desktop.openFile(file).catch(report)
  })
  app.on('open-url', (_event, link) => void desktop.openLink(link).catch(report))
  if (app.isPackaged) app.setAsDefaultProtocolClient('ottla')
  desktop.run(own).catch(fail)
}

/** The question about a fault is open. */
let isAsking = false

/** Windows and menus may be wrong from here on; the brokers, which run in threads of their own, are not. */
function survive(text: string, quit: () => Promise<void>): void {
  report(text)
  if (isAsking) return
  isAsking = true
  askAfterFault(text.split('\n')[0] ?? text)
    .then(async (answer) => {
      isAsking = false
      if (answer === 'quit') await quit()
    })
    .catch(report)
}

function fail(error: unknown): void {
  report(error)
  showError(error instanceof Error ? error.message : String(error))
  app.exit(1)
}

if (!app.requestSingleInstanceLock()) {
  app.quit()
} else {
  surviveClosedOutput()
  try {
    begin()
  } catch (error) {
    fail(error)
  }
}
