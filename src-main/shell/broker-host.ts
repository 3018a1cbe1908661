import { join } from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import type { MessagePortMain } from 'electron'
import { Emitter } from '../base/emitter'
import { answerKeeperCall, type ConnectionKeeper, type KeeperCall, type KeeperNews } from '../connections/keeper'
import type { ServeOptions } from '../options/serve'
import type { FromThread, Notice, StartFailure, ThreadData, ToThread } from '../options/thread'

export interface Running {
  readonly kafka: readonly string[]
  readonly file: string | null
}

/** A broker could not be started; `failure` says why, for a dialog. */
export class StartError extends Error {
  override name = 'StartError'

  constructor(readonly failure: StartFailure) {
    super(failure.message)
  }
}

/** A thread that has not closed its file by then is terminated; the file survives that. */
const patienceMs = 10_000

/** A broker in its own thread, so that work of a window cannot delay it. */
export class BrokerHost {
  readonly #worker: Worker
  readonly #messages: Emitter<FromThread>
  /** Resolves when the thread has ended: to the reason when that was unexpected, else to null. */
  readonly ended: Promise<string | null>
  /** Facts of the running broker. */
  readonly running: Running
  #isStopping = false

  private constructor(worker: Worker, messages: Emitter<FromThread>, running: Running, death: Promise<string>) {
    this.#worker = worker
    this.#messages = messages
    this.running = running
    this.ended = death.then((why) => (this.#isStopping ? null : why))
  }

  /** Resolves when clients can connect. @throws StartError */
  static start(
    options: ServeOptions,
    keeper: ConnectionKeeper,
    onFault: (error: unknown) => void,
  ): Promise<BrokerHost> {
    const data: ThreadData = { options }
    // More room for young objects would be used, and spare little work (young-generation.ts).
    const resourceLimits = { maxYoungGenerationSizeMb: 24 }
    const worker = new Worker(join(__dirname, 'broker-thread.js'), { workerData: data, resourceLimits })
    const messages = new Emitter<FromThread>(onFault)
    worker.on('message', (message: FromThread) => messages.emit(message))
    const death = deathOf(worker, onFault)
    answerKeeperCalls(worker, messages, keeper, death)
    return new Promise((resolve, reject) => {
      const stop = messages.listen((message) => {
        if (message.type !== 'ready' && message.type !== 'failed') return
        stop()
        if (message.type === 'ready') resolve(new BrokerHost(worker, messages, message, death))
        else reject(new StartError(message.failure))
      })
      void death.then((message) =>
        reject(new StartError({ message, takenPort: null, otherCluster: null, mayPass: false })),
      )
    })
  }

  /** Calls `tell` with each event that deserves a notification. */
  onNotice(tell: (notice: Notice) => void): () => void {
    return this.#messages.listen((message) => {
      if (message.type === 'notice') tell(message.notice)
    })
  }

  /** Calls `tell` when the sum of all groups' lag changes. */
  onLag(tell: (messages: number) => void): () => void {
    return this.#messages.listen((message) => {
      if (message.type === 'lag') tell(message.messages)
    })
  }

  /** Relays a page's port to the broker until either side closes it. Electron's ports cannot enter a thread. */
  attachPage(page: MessagePortMain): void {
    const { port1: here, port2: there } = new MessageChannel()
    page.on('message', (event) => here.postMessage(event.data))
    here.on('message', (data: unknown) => page.postMessage(data))
    page.on('close', () => here.close())
    here.on('close', () => page.close())
    const message: ToThread = { type: 'page', port: there }
    this.#worker.postMessage(message, [there])
    page.start()
  }

  /** Writes a copy of the workspace while it is in use. @throws Error with a sentence for the user */
  saveCopy(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.#messages.listen((message) => {
        if (message.type !== 'copied' || message.path !== path) return
        stop()
        if (message.error === null) resolve()
        else reject(new Error(message.error))
      })
      void this.ended.then(() => {
        stop()
        reject(new Error('The copy was not saved: the broker stopped. Start it and try again.'))
      })
      this.#say({ type: 'saveCopy', path })
    })
  }

  /** Closes connections and file. Resolves when the thread has ended. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#say({ type: 'stop' })
    const impatience = setTimeout(() => void this.#worker.terminate(), patienceMs)
    await this.ended
    clearTimeout(impatience)
  }

  #say(message: ToThread): void {
    this.#worker.postMessage(message)
  }
}

/** The thread asks for connections that it dials, and for what its pages show of them; it is told when they change. */
function answerKeeperCalls(
  worker: Worker,
  messages: Emitter<FromThread>,
  keeper: ConnectionKeeper,
  death: Promise<string>,
): void {
  const tell = (news: KeeperNews) => {
    const message: ToThread = { type: 'fromKeeper', news }
    worker.postMessage(message)
  }
  messages.listen((message) => {
    if (message.type === 'toKeeper') void answerKeeperCall(keeper, message.call as KeeperCall).then(tell)
  })
  const stop = keeper.changed(() => tell({ type: 'connectionsChanged' }))
  void death.then(stop)
}

/** Resolves to the reason when a thread has ended. */
function deathOf(worker: Worker, onFault: (error: unknown) => void): Promise<string> {
  let fault: string | null = null
  worker.on('error', (error) => {
    fault = error.message
    onFault(error)
  })
  return new Promise((resolve) => {
    worker.once('exit', (code) => resolve(fault ?? `its thread ended with code ${code}`))
  })
}
