import { Emitter, type Listen } from '../base/emitter'
import type { KafkaClient } from '../client/client'
import {
  type CopyOrder,
  type CopyOutcome,
  type CopyParts,
  type CopyPlan,
  type CopyState,
  planCopy,
  runCopy,
} from './copy'

/** Copies that are over and still listed. */
const keptJobs = 20
/** Warnings of one copy that are kept. */
const keptWarnings = 20

export interface CopyJob {
  readonly id: string
  readonly order: CopyOrder
  /** `localhost:9092` */
  readonly to: string
  readonly startedAt: number
  /** Null while it is planned. */
  readonly progress: CopyState | null
  readonly state: 'running' | 'stopped' | 'failed' | 'done'
  readonly outcome: CopyOutcome | null
  readonly warnings: readonly string[]
  /** Why it failed, in a sentence. */
  readonly problem: string | null
}

interface Running {
  job: CopyJob
  abort: AbortController
}

interface Parts extends Pick<CopyParts, 'source' | 'textFilter'> {
  /** A client of the broker that is written to; whoever asks for it disposes it. @throws UsageError */
  readonly connect: (to: string) => KafkaClient
  readonly onError: (error: unknown) => void
}

/** Copies in this process: each can be stopped, and goes on where it stopped or failed. What it is at is forgotten with the process. */
export class CopyJobs {
  readonly changed: Listen<void>
  readonly #parts: Parts
  readonly #changes: Emitter<void>
  readonly #jobs = new Map<string, Running>()
  #last = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#changes = new Emitter(parts.onError)
    this.changed = this.#changes.listen
  }

  /** The newest first. */
  list(): readonly CopyJob[] {
    return [...this.#jobs.values()].map(({ job }) => job).reverse()
  }

  /** What a copy would write; nothing is written. @throws UsageError, KafkaError, ClientError */
  async preview(
    order: CopyOrder,
    to: string,
  ): Promise<{ readonly plan: CopyPlan; readonly warnings: readonly string[] }> {
    const warnings: string[] = []
    const target = this.#parts.connect(to)
    try {
      const plan = await planCopy(order, { source: this.#parts.source, target, warn: (text) => warnings.push(text) })
      return { plan, warnings }
    } finally {
      target.dispose()
    }
  }

  start(order: CopyOrder, to: string): string {
    const id = String(++this.#last)
    const startedAt = this.#parts.source.clock.now()
    const fresh = { progress: null, state: 'running', outcome: null, warnings: [], problem: null } as const
    this.#jobs.set(id, { job: { id, order, to, startedAt, ...fresh }, abort: new AbortController() })
    for (const [oldest, { job }] of this.#jobs) {
      if (this.#jobs.size <= keptJobs) break
      if (job.state !== 'running') this.#jobs.delete(oldest)
    }
    this.#begin(id)
    return id
  }

  /** It ends behind the messages that are being written. */
  stop(id: string): void {
    this.#jobs.get(id)?.abort.abort()
  }

  /** Goes on with what is left of a copy that was stopped or failed. */
  resume(id: string): void {
    const running = this.#jobs.get(id)
    if (!running || running.job.state === 'running' || running.job.state === 'done') return
    running.abort = new AbortController()
    this.#change(id, { state: 'running', problem: null })
    this.#begin(id)
  }

  forget(id: string): void {
    if (this.#jobs.get(id)?.job.state === 'running') return
    this.#jobs.delete(id)
    this.#changes.emit()
  }

  dispose(): void {
    for (const { abort } of this.#jobs.values()) abort.abort()
  }

  #begin(id: string): void {
    this.#run(id).catch((error: unknown) => {
      this.#change(id, { state: 'failed', problem: error instanceof Error ? error.message : String(error) })
    })
  }

  async #run(id: string): Promise<void> {
    const running = this.#jobs.get(id)
    if (!running) return
    const { order, to, progress: before } = running.job
    const { signal } = running.abort
    const target = this.#parts.connect(to)
    const warn = (text: string) => {
      const known = this.#jobs.get(id)?.job.warnings ?? []
      if (known.length < keptWarnings) this.#change(id, { warnings: [...known, text] })
    }
    try {
      const parts = { source: this.#parts.source, target, textFilter: this.#parts.textFilter, warn }
      const plan = await planCopy(order, parts, before ?? undefined)
      const outcome = await runCopy(plan, order, {
        ...parts,
        signal,
        onProgress: (state) => this.#change(id, { progress: sumOf(before, state) }),
      })
      const known = this.#jobs.get(id)?.job.progress
      this.#change(id, {
        state: outcome.isDone ? 'done' : 'stopped',
        outcome: { ...outcome, totals: known?.totals ?? outcome.totals },
      })
    } finally {
      target.dispose()
    }
  }

  #change(id: string, change: Partial<CopyJob>): void {
    const running = this.#jobs.get(id)
    if (!running) return
    running.job = { ...running.job, ...change }
    this.#changes.emit()
  }
}

/** A copy that goes on counts what was copied before, too. */
function sumOf(before: CopyState | null, now: CopyState): CopyState {
  if (!before) return { ...now, totals: { ...now.totals } }
  const done = before.offsetsDone
  const { messages, bytes, filtered, unmasked } = before.totals
  return {
    ...now,
    offsets: done + now.offsets,
    offsetsDone: done + now.offsetsDone,
    totals: {
      messages: messages + now.totals.messages,
      bytes: bytes + now.totals.bytes,
      filtered: filtered + now.totals.filtered,
      unmasked: unmasked + now.totals.unmasked,
    },
  }
}
