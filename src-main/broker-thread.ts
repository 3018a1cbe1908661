import { parentPort, workerData } from 'node:worker_threads'
import type { App } from './app'
import { assert } from './base/assert'
import { systemClock } from './base/clock'
import { createLog, formatLogEntry } from './base/log'
import { ClientError } from './client/failures'
import { distantKeeper, type KeeperNews } from './connections/keeper'
import { watchFaults } from './faults'
import { leaveRoomForBuffers } from './old-generation'
import type { FromThread, StartFailure, ThreadData, ToThread } from './options/thread'
import type { MachineParts } from './pages'
import { ListenError } from './server/listener'

assert(parentPort, 'the broker thread is started by the desktop app')
const port = parentPort
const { options } = workerData as ThreadData

function say(message: FromThread): void {
  port.postMessage(message)
}

async function run(): Promise<void> {
  const logOf = (room: string) =>
    createLog(room, options.logLevel, (entry) => process.stderr.write(`${formatLogEntry(entry)}\n`), Date.now)
  const onError = (error: unknown) => logOf('shell').error(String(error))
  // An exception that nobody catches ends the thread: the main process logs it, and the window says why and how to start again (BrokerHost.ended).
  watchFaults({
    taskFailed(text) {
      logOf('faults').error(`A task failed because of a fault in Ottla; everything else goes on: ${text}`)
      const [first = text] = text.split('\n')
      say({
        type: 'notice',
        notice: { kind: 'error', title: 'A task failed in Ottla', text: `${first}. The broker goes on.`, view: null },
      })
    },
  })
  // The connections are kept, and their secrets decrypted, by the main process.
  const { keeper, heard } = distantKeeper((call) => say({ type: 'toKeeper', call }), onError)
  port.on('message', (message: ToThread) => {
    if (message.type === 'fromKeeper') heard(message.news as KeeperNews)
  })
  const app = await start({ clock: systemClock, logOf, entriesFolder: __dirname, keeper: async () => keeper })
  leaveRoomForBuffers()
  port.on('message', (message: ToThread) => {
    obey(app, message).catch(onError)
  })
  app.onLag?.((messages) => say({ type: 'lag', messages }))
  app.onNotice?.((notice) => say({ type: 'notice', notice }))
  say({ type: 'ready', kafka: app.kafka, file: app.file })
}

/** What runs in this thread: a broker, or the pages over a cluster elsewhere. */
type Running = Pick<App, 'kafka' | 'file' | 'stop' | 'attachPage'> & Partial<App>

async function start(parts: MachineParts & Required<Pick<MachineParts, 'keeper'>>): Promise<Running> {
  const { cluster } = options
  if (!cluster || !('connectionId' in cluster.from)) return await (await import('./app')).startApp(options, parts)
  const { keptCluster } = await import('./stored-connections')
  const { startRemoteApp } = await import('./remote-app')
  return await startRemoteApp(
    await keptCluster(await parts.keeper(), cluster.from.connectionId),
    cluster,
    options,
    parts,
  )
}

async function obey(app: Running, message: ToThread): Promise<void> {
  switch (message.type) {
    case 'fromKeeper':
      return
    case 'page':
      app.attachPage(message.port)
      return
    case 'saveCopy': {
      const error = app.saveCopy
        ? await app.saveCopy(message.path).then(
            () => null,
            (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
          )
        : 'A cluster elsewhere is no file that could be copied.'
      say({ type: 'copied', path: message.path, error })
      return
    }
    case 'stop':
      await app.stop()
      say({ type: 'stopped' })
      port.close()
      // Clients of the demo may still be trying to reach a broker that is gone.
      process.exit(0)
  }
}

function failureOf(error: unknown): StartFailure {
  const message = error instanceof Error ? error.message : String(error)
  // Another port helps where the first listener's is taken; further ones were named one by one.
  const isFirst =
    error instanceof ListenError && !options.listeners.slice(1).some(({ port: other }) => other === error.port)
  const taken = isFirst && error.code === 'EADDRINUSE'
  // The class is loaded with a cluster elsewhere only.
  const otherCluster = error instanceof Error && 'clusterId' in error ? String(error.clusterId) : null
  const mayPass = error instanceof ClientError && ['unreachable', 'timeout', 'closed'].includes(error.problem)
  return { message, takenPort: taken ? error.port : null, otherCluster, mayPass }
}

run().catch((error: unknown) => {
  say({ type: 'failed', failure: failureOf(error) })
  port.close()
})
