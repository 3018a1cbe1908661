import { systemClock } from './base/clock'
import { createLog, formatLogEntry } from './base/log'
import { failureText } from './base/user-error'
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
  const parts = { clock: systemClock, logOf, entriesFolder: __dirname }
  const app = options.cluster
    ? await (await import('./remote-app')).startRemoteApp(options.cluster, options, parts)
    : await (await import('./app')).startApp(options, parts)
  let stopping = false
  const stop = () => {
    // The second signal does not wait.
    if (stopping) process.exit(1)
    stopping = true
    app.stop().then(() => process.exit(0), fail)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  const kept = options.cluster
    ? `none: this is the cluster of ${options.cluster.file}`
    : 'none: everything is in memory'
  process.stdout.write(options.json ? readyLine(app) : welcome(app, kept))
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

function welcome({ kafka, registry, ui, file }: Started, withoutFile: string): string {
  const lines = [
    `Kafka    ${kafka.join('  ')}`,
    ...(registry ? [`Schemas  ${registry}`] : []),
    ...(ui ? [`Pages    ${ui}`] : []),
    `File     ${file ?? withoutFile}`,
    `Ready in ${Math.round(performance.now())} ms. Ctrl+C stops.`,
  ]
  return `${lines.join('\n')}\n`
}

function fail(error: unknown): void {
  process.stderr.write(`ottla: ${failureText(error)}\n`)
  process.exit(1)
}

serve(process.argv.slice(2)).catch(fail)
