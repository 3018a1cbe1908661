import { Worker } from 'node:worker_threads'
import type { LogTime } from '../../contract/reset'
import { WorkspaceReader } from '../../storage'
import type { RegistryAccess } from '../chosen-registry/access'
import type { CountRange, Scan, ScanPlan, ScanReply } from '../source/records'
import { LiveScan } from './live-scan'
import { readerAnswers } from './reader-answers'
import type { ReaderReply, ReaderRequest } from './reader-protocol'
import type { Counted } from './record-counts'

/** Without a limit V8 lets young objects take up to 128 MiB in a scan, and hardly collects less often for it. */
const maxYoungGenerationSizeMb = 24

/** Replies after which there may be more. */
const goesOn: ReadonlySet<ReaderReply['kind']> = new Set([
  'rows',
  'text',
  'records',
  'ended',
  'progress',
  'histogram',
  'analysis',
])

/** These ask for no rows. */
const asksNothing: ReadonlySet<ReaderRequest['kind']> = new Set(['taken', 'stop', 'registry'])

/** Where questions are answered: a thread, or in tests this one. */
interface Answers {
  post(request: ReaderRequest): void
  end(): Promise<unknown>
}

type StartAnswers = (tell: (reply: ReaderReply) => void, failed: (error: Error) => void) => Answers

/** @param entry the built `reader-thread.js` */
export function readerThread(entry: string, file: string): StartAnswers {
  return (tell, failed) => {
    const worker = new Worker(entry, { workerData: { file }, resourceLimits: { maxYoungGenerationSizeMb } })
    worker.unref()
    worker.on('message', tell)
    worker.on('error', failed)
    // Also after an error, or when it is ended: only the first of them is of interest.
    worker.on('exit', (code) => failed(new Error(`it ended with code ${code}`)))
    return { post: (request) => worker.postMessage(request), end: () => worker.terminate() }
  }
}

/** Without a thread, for tests: replies still come later. */
export function readerHere(file: string): StartAnswers {
  return (tell) => {
    const reader = new WorkspaceReader(file)
    const answer = readerAnswers(reader, (reply) => queueMicrotask(() => tell(reply)))
    return { post: answer, end: async () => reader.dispose() }
  }
}

/** Asks the reader, which is started with the first question. */
export class Reader {
  readonly #startAnswers: StartAnswers
  readonly #onError: (error: unknown) => void
  readonly #settled: () => Promise<void>
  readonly #listeners = new Map<number, (reply: ReaderReply) => void>()
  /** Questions that the thread has; the others wait for their turn. */
  readonly #sent = new Set<number>()
  readonly #live = new Map<number, LiveScan>()
  #answers: Answers | undefined
  /** The registry that values are decoded with; `null`: that of the workspace. */
  #registry: RegistryAccess | null = null
  #lastId = 0
  /** Requests are posted one after the other. */
  #posted: Promise<void> = Promise.resolve()
  /** Ends that live scans were not told, by their ids: on a full disk not all before them has rows, and a scan does not look twice. */
  readonly #untold = new Map<number, Record<string, number>>()
  #isDisposed = false

  /** @param settled `Workspace.settled`: the reader sees nothing else */
  constructor(start: StartAnswers, onError: (error: unknown) => void, settled: () => Promise<void>) {
    this.#startAnswers = start
    this.#onError = onError
    this.#settled = settled
  }

  /** A page is there: what it asks first need not wait for the thread to start. */
  warm(): void {
    this.#started()
  }

  useRegistry(registry: RegistryAccess | null): void {
    this.#registry = registry
    if (this.#answers) this.#post({ kind: 'registry', id: 0, registry })
  }

  scan(
    plan: ScanPlan,
    listener: (reply: ScanReply) => void,
  ): Scan & { grown(ends: Readonly<Record<string, number>>): void } {
    const live = LiveScan.of(plan)
    const tell = (reply: ReaderReply) => {
      if (reply.kind === 'times' || reply.kind === 'counts') return
      live?.took(reply)
      listener(reply)
    }
    const id = this.#ask(tell, (newId) => ({ kind: 'scan', id: newId, plan }))
    if (live) this.#live.set(id, live)
    return {
      grown: (ends) => {
        live?.grown(ends)
        this.#post({ kind: 'grown', id, ends })
      },
      add: (ranges) => {
        live?.add(ranges)
        this.#post({ kind: 'add', id, ranges })
      },
      taken: () => this.#post({ kind: 'taken', id }),
      more: () => this.#post({ kind: 'more', id }),
      stop: () => {
        if (this.#forget(id)) this.#post({ kind: 'stop', id })
      },
    }
  }

  async times(topic: string, partition: number, steps: number): Promise<readonly LogTime[]> {
    return (await this.#once('times', (id) => ({ kind: 'times', id, topic, partition, steps }))).times
  }

  async counts(ranges: readonly CountRange[]): Promise<Counted> {
    if (ranges.length === 0) return { counts: [], isAll: true }
    const isAll = await this.#isSettled()
    return { counts: (await this.#once('counts', (id) => ({ kind: 'counts', id, ranges }))).counts, isAll }
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true
    this.#listeners.clear()
    await this.#answers?.end()
  }

  /** A question with one answer. */
  #once<K extends ReaderReply['kind']>(
    kind: K,
    request: (id: number) => ReaderRequest,
  ): Promise<ReaderReply & { readonly kind: K }> {
    return new Promise((resolve, reject) => {
      this.#ask((reply) => {
        if (reply.kind === kind) resolve(reply as ReaderReply & { readonly kind: K })
        else if (reply.kind === 'failed') reject(new Error(reply.message))
      }, request)
    })
  }

  #ask(listener: (reply: ReaderReply) => void, request: (id: number) => ReaderRequest): number {
    const id = ++this.#lastId
    this.#listeners.set(id, listener)
    this.#post(request(id))
    return id
  }

  #post(request: ReaderRequest): void {
    this.#posted = this.#posted
      .then(async () => {
        if (asksNothing.has(request.kind)) this.#send(request)
        else if (await this.#isSettled()) this.#sendAll(request)
        else if (request.kind !== 'grown') this.#send(request)
        else this.#untold.set(request.id, { ...this.#untold.get(request.id), ...request.ends })
      })
      .catch(this.#onError)
  }

  #send(request: ReaderRequest): void {
    if (this.#isDisposed) return
    this.#started().post(request)
    if (this.#listeners.has(request.id)) this.#sent.add(request.id)
  }

  /** Everything has rows: live scans hear first of what they were not told. */
  #sendAll(request: ReaderRequest): void {
    for (const [id, ends] of this.#untold) this.#send({ kind: 'grown', id, ends })
    this.#untold.clear()
    this.#send(request)
  }

  /** On a full disk there is still to be read what had rows before; the workspace tells of the failure. */
  #isSettled(): Promise<boolean> {
    return this.#settled().then(
      () => true,
      () => false,
    )
  }

  #started(): Answers {
    if (this.#answers) return this.#answers
    const answers = this.#start()
    this.#answers = answers
    if (this.#registry) answers.post({ kind: 'registry', id: 0, registry: this.#registry })
    return answers
  }

  #start(): Answers {
    const answers: Answers = this.#startAnswers(
      (reply) => {
        if (this.#answers !== answers) return
        const listener = this.#listeners.get(reply.id)
        if (!goesOn.has(reply.kind)) this.#forget(reply.id)
        listener?.(reply)
      },
      (error) => {
        if (this.#answers === answers && !this.#isDisposed) this.#lost(error)
      },
    )
    return answers
  }

  /** The thread is gone: what it was asked fails, live scans go on in a new one, and so does what still waits to be asked. */
  #lost(error: Error): void {
    this.#onError(error)
    this.#answers = undefined
    for (const id of [...this.#sent]) {
      const live = this.#live.get(id)
      const plan = live?.moved()
      this.#sent.delete(id)
      if (live && plan) {
        this.#post({ kind: 'scan', id, plan })
        this.#post({ kind: 'grown', id, ends: live.ends })
        continue
      }
      const listener = this.#listeners.get(id)
      this.#forget(id)
      listener?.({ kind: 'failed', id, message: `The thread that reads messages stopped: ${error.message}` })
    }
  }

  #forget(id: number): boolean {
    this.#live.delete(id)
    this.#sent.delete(id)
    return this.#listeners.delete(id)
  }
}
