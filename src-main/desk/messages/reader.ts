import { Worker } from 'node:worker_threads'
import type { Histogram } from '../../contract/messages'
import type { LogTime } from '../../contract/reset'
import type { ReaderReply, ReaderRequest, SearchPlan } from './reader-protocol'

export interface SearchListener {
  reply(reply: ReaderReply): void
}

/** Replies after which there may be more. */
const goesOn: ReadonlySet<ReaderReply['kind']> = new Set(['rows', 'text', 'progress'])

/** The reader thread, started with the first question. */
export class Reader {
  readonly #entry: string
  readonly #file: string
  readonly #onError: (error: unknown) => void
  readonly #listeners = new Map<number, (reply: ReaderReply) => void>()
  #worker: Worker | undefined
  #lastId = 0

  /** @param entry the built `reader-thread.js` */
  constructor(entry: string, file: string, onError: (error: unknown) => void) {
    this.#entry = entry
    this.#file = file
    this.#onError = onError
  }

  /** A page is there: what it asks first need not wait for the thread to start. */
  warm(): void {
    this.#worker ??= this.#start()
  }

  /** Returns what extends a live search and what stops it. */
  search(plan: SearchPlan, listener: (reply: ReaderReply) => void) {
    const id = this.#ask(listener, (id) => ({ kind: 'search', id, plan }))
    return {
      grown: (ends: Readonly<Record<string, number>>) => this.#post({ kind: 'grown', id, ends }),
      /** The page has drawn some rows. */
      taken: () => this.#post({ kind: 'taken', id }),
      stop: () => {
        if (this.#listeners.delete(id)) this.#post({ kind: 'stop', id })
      },
    }
  }

  async histogram(
    topicRows: readonly number[],
    partitions: readonly number[] | null,
    buckets: number,
  ): Promise<Histogram> {
    const request = { kind: 'histogram', topicRows, partitions, buckets } as const
    return (await this.#once('histogram', (id) => ({ ...request, id }))).histogram
  }

  async times(topicRow: number, partition: number, steps: number): Promise<readonly LogTime[]> {
    return (await this.#once('times', (id) => ({ kind: 'times', id, topicRow, partition, steps }))).times
  }

  async dispose(): Promise<void> {
    this.#listeners.clear()
    await this.#worker?.terminate()
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
    this.#worker ??= this.#start()
    this.#worker.postMessage(request)
  }

  #start(): Worker {
    const worker = new Worker(this.#entry, { workerData: { file: this.#file } })
    worker.unref()
    worker.on('message', (reply: ReaderReply) => {
      const listener = this.#listeners.get(reply.id)
      if (!goesOn.has(reply.kind)) this.#listeners.delete(reply.id)
      listener?.(reply)
    })
    // Whoever waited is told, and the next question starts a new one.
    worker.on('error', (error) => {
      this.#onError(error)
      this.#worker = undefined
      const listeners = [...this.#listeners]
      this.#listeners.clear()
      for (const [id, listener] of listeners)
        listener({ kind: 'failed', id, message: `The reader stopped: ${error.message}` })
    })
    return worker
  }
}
