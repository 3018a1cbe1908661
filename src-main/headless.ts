import { startApp } from './app'
import { systemClock } from './base/clock'
import { createLog, formatLogEntry } from './base/log'
import { readServeOptions, serveHelp } from './options/command-line'
import { defaultWorkspaceFile } from './options/default-file'

/** `ottla serve`: the broker without a window. Its exit code is 1 when it cannot start, 0 after a clean stop. */
async function serve(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    process.stdout.write(serveHelp())
    return
  }
  const options = readServeOptions(argv, process.env, defaultWorkspaceFile(process.platform, process.env))
  const logOf = (room: string) =>
    createLog(room, options.logLevel, (entry) => process.stderr.write(`${formatLogEntry(entry)}\n`), Date.now)
  const app = await startApp(options, { clock: systemClock, logOf, entriesFolder: __dirname })
  let stopping = false
  const stop = () => {
    // The second signal does not wait.
    if (stopping) process.exit(1)
    stopping = true
    app.stop().then(() => process.exit(0), fail)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.stdout.write(options.json ? readyLine(app) : welcome(app))
}

interface Started {
  readonly kafka: readonly string[]
  readonly registry: string | null
  readonly ui: string | null
  readonly file: string | null
}

function readyLine({ kafka, registry, ui, file }: Started): string {
  const startupMs = Math.round(performance.now())
  return `${JSON.stringify({ ready: true, pid: process.pid, kafka, registry, ui, file, startupMs })}\n`
}

function welcome({ kafka, registry, ui, file }: Started): string {
  const lines = [
    `Kafka    ${kafka.join('  ')}`,
    ...(registry ? [`Schemas  ${registry}`] : []),
    ...(ui ? [`Pages    ${ui}`] : []),
    `File     ${file ?? 'none: everything is in memory'}`,
    `Ready in ${Math.round(performance.now())} ms. Ctrl+C stops.`,
  ]
  return `${lines.join('\n')}\n`
}

/** What a user can mend is one sentence; a mistake of ours keeps its stack, for the report. */
function fail(error: unknown): void {
  const told =
    error instanceof Error &&
    ['UsageError', 'ListenError', 'PagePortError', 'RegistryPortError', 'WorkspaceError'].includes(error.name)
  process.stderr.write(`ottla: ${told ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}

serve(process.argv.slice(2)).catch(fail)
