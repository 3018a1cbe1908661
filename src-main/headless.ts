import { systemClock } from './base/clock'
import { createLog, formatLogEntry, oneLine } from './base/log'
import { failureText, UserError } from './base/user-error'
import { faultExitCode, surviveClosedOutput, watchFaults, writeLastLine } from './faults'
import { keepFreedMemory } from './freed-memory'
import { leaveRoomForBuffers } from './old-generation'
import { readServeOptions, serveHelp } from './options/command-line'
import { defaultWorkspaceFile } from './options/default-file'
import { type ServeOptions, UsageError } from './options/serve'
import type { MachineParts } from './pages'
import type { RemoteApp } from './remote-app'
import { boundYoungGeneration } from './young-generation'

/** `ottla serve`: the broker without a window. Its exit code is 1 when it cannot start, 0 after a clean stop, 70 after a fault of its own. */
async function serve(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    process.stdout.write(serveHelp())
    return
  }
  const options = readServeOptions(argv, process.env, defaultWorkspaceFile(process.platform, process.env))
  const logOf = (room: string) =>
    createLog(room, options.logLevel, (entry) => process.stderr.write(`${formatLogEntry(entry)}\n`), Date.now)
  const onError = (error: unknown) => logOf('connections').error(failureText(error))
  surviveClosedOutput()
  watchFaults({
    taskFailed: (text) =>
      logOf('faults').error(`A task failed because of a fault in Ottla; everything else goes on: ${text}`),
    broken(text) {
      writeLastLine({ at: Date.now(), level: 'error', room: 'faults', text: oneLine(`${lastWords(options)} ${text}`) })
      process.exit(faultExitCode)
    },
  })
  const keeper = async () => {
    const { headlessKeeper } = await import('./stored-connections')
    return headlessKeeper(onError)
  }
  const parts = { clock: systemClock, logOf, entriesFolder: __dirname, keeper }
  const app = options.cluster
    ? await startRemote(options.cluster, options, parts, onError)
    : await (await import('./app')).startApp(options, parts).catch((error: unknown) => {
        throw adviceOn(error, options)
      })
  keepFreedMemory()
  boundYoungGeneration()
  leaveRoomForBuffers()
  let stopping = false
  const stop = () => {
    // The second signal does not wait.
    if (stopping) process.exit(1)
    stopping = true
    app.stop().then(() => process.exit(0), fail)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // The terminal was closed. Whoever started this process may pass the signal on as well, so a second one is no haste.
  process.on('SIGHUP', () => {
    if (!stopping) stop()
  })
  const from = options.cluster?.from
  const kept = from && 'word' in from ? `none: this is the cluster of ${from.word}` : 'none: everything is in memory'
  process.stdout.write(options.json ? readyLine(app) : welcome(app, kept))
}

/** The beginning of the last line: what ended, and what that means for the data. */
function lastWords({ cluster, file }: ServeOptions): string {
  if (cluster) return 'The pages stop because of a fault in Ottla. Nothing is lost: start them again.'
  return file === null
    ? 'The broker stops because of a fault in Ottla. Data in memory is lost.'
    : 'The broker stops because of a fault in Ottla. Everything acknowledged is in the file: start it again.'
}

/** A cluster elsewhere, by a file or by the name of a stored connection. */
async function startRemote(
  cluster: NonNullable<ServeOptions['cluster']>,
  options: ServeOptions,
  parts: MachineParts,
  onError: (error: unknown) => void,
): Promise<RemoteApp> {
  const [{ startRemoteApp }, { headlessConnections, namedCluster }, { promptOn }] = await Promise.all([
    import('./remote-app'),
    import('./stored-connections'),
    import('./connections/prompt'),
  ])
  if (!('word' in cluster.from)) throw new UsageError('--cluster needs a file or a name.')
  const named = await namedCluster(cluster.from.word, headlessConnections(onError), {
    environment: process.env,
    file: cluster.secretFile,
    prompt: promptOn(process.stdin, process.stderr),
  })
  return await startRemoteApp(named, cluster, options, parts)
}

interface Started {
  readonly kafka: readonly string[]
  readonly registry: string | null
  readonly ui: string | null
  readonly metrics: string | null
  readonly file: string | null
}

function readyLine({ kafka, registry, ui, metrics, file }: Started): string {
  const startupMs = Math.round(performance.now())
  return `${JSON.stringify({ ready: true, pid: process.pid, kafka, registry, ui, metrics, file, startupMs })}\n`
}

function welcome({ kafka, registry, ui, metrics, file }: Started, withoutFile: string): string {
  const lines = [
    `Kafka    ${kafka.join('  ')}`,
    ...(registry ? [`Schemas  ${registry}`] : []),
    ...(ui ? [`Pages    ${ui}`] : []),
    ...(metrics ? [`Metrics  ${metrics}`] : []),
    `File     ${file ?? withoutFile}`,
    `Ready in ${Math.round(performance.now())} ms. Ctrl+C stops.`,
  ]
  return `${lines.join('\n')}\n`
}

/** A port that is taken: the flag that chooses another. */
function adviceOn(error: unknown, { listeners }: ServeOptions): unknown {
  if (!(error instanceof UserError) || !('code' in error && 'port' in error) || error.code !== 'EADDRINUSE')
    return error
  const flag = listeners[0]?.port === error.port ? '--port' : '--listener'
  return new UserError(`${error.message.replace(/\.$/, '')}; ${flag} chooses another.`)
}

function fail(error: unknown): void {
  process.stderr.write(`ottla: ${failureText(error)}\n`)
  process.exit(1)
}

serve(process.argv.slice(2)).catch(fail)
