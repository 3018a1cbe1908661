import { parentPort, workerData } from 'node:worker_threads'
import { type App, startApp } from './app'
import { assert } from './base/assert'
import { systemClock } from './base/clock'
import { createLog, formatLogEntry } from './base/log'
import type { FromThread, StartFailure, ThreadData, ToThread } from './options/thread'
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
  const app = await startApp(options, { clock: systemClock, logOf, entriesFolder: __dirname })
  port.on('message', (message: ToThread) => {
    obey(app, message).catch((error: unknown) => logOf('shell').error(String(error)))
  })
  app.onLag((messages) => say({ type: 'lag', messages }))
  app.onNotice((notice) => say({ type: 'notice', notice }))
  say({ type: 'ready', kafka: app.kafka, file: app.file })
}

async function obey(app: App, message: ToThread): Promise<void> {
  switch (message.type) {
    case 'page':
      app.attachPage(message.port)
      return
    case 'saveCopy': {
      const error = await app.saveCopy(message.path).then(
        () => null,
        (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
      )
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
  return { message, takenPort: taken ? error.port : null }
}

run().catch((error: unknown) => {
  say({ type: 'failed', failure: failureOf(error) })
  port.close()
})
