import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import { Emitter, type Listen } from '../../base/emitter'
import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { ResendCounts, ResendJob } from '../../contract/resend'
import type { Outlet } from '../../contract/server'
import type { ScanParts } from '../messages/scans'
import type { Scan } from '../source/records'
import type { ClusterSource } from '../source/source'
import type { KeptMap } from '../source/workspace'
import { Counts } from './counts'
import { Intervals } from './intervals'
import { Routes } from './routes'
import { ResendRun } from './run'
import { planOf, type Selected, selectedBy } from './selection'
import { jobOf, type ResendProgress, type ResendSpec } from './stored'

type PlanInput = InputOf<Contract['resend.plan']>
type StartInput = InputOf<Contract['resend.start']>

interface Job {
  readonly spec: ResendSpec
  progress: ResendProgress
  readonly sent: Map<string, Intervals>
  run: ResendRun | null
}

/** Ended resends that are remembered, and with them what they have sent. */
const keptJobs = 50

const fresh: ResendProgress = {
  next: {},
  ahead: [],
  counts: { found: 0, targets: [], skipped: [] },
  state: 'running',
  problem: null,
}

/**
 * Resends of this cluster: running ones, and those that were stopped and can go on, also after a restart. What they have sent is
 * remembered with them, so that a later one to the same target can leave it out.
 */
export class Resends implements Disposable {
  readonly changed: Listen<void>
  readonly #parts: ScanParts
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  readonly #changes: Emitter<void>
  readonly #specs: KeptMap<ResendSpec>
  readonly #progress: KeptMap<ResendProgress>
  readonly #sent: KeptMap<Readonly<Record<string, readonly number[]>>>
  readonly #jobs = new Map<number, Job>()
  readonly #loaded: Promise<void>

  constructor(source: ClusterSource, clock: Clock, onError: (error: unknown) => void) {
    this.#parts = { source, decoders: source.kept.map('decoders') }
    this.#clock = clock
    this.#onError = onError
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    this.#specs = source.kept.map('resends')
    this.#progress = source.kept.map('resend-progress')
    this.#sent = source.kept.map('resend-sent')
    this.#loaded = this.#load()
    this.#loaded.catch(onError)
  }

  /** The newest first. */
  async list(): Promise<readonly ResendJob[]> {
    await this.#loaded
    return [...this.#jobs.values()].map(({ spec, progress }) => jobOf(spec, progress)).reverse()
  }

  /** Counts what a resend would do. */
  plan(input: PlanInput, outlet: Outlet<ResendCounts>): () => void {
    let scan: Scan | undefined
    let isStopped = false
    const begin = async () => {
      await this.#loaded
      const selected = await selectedBy(this.#parts, input.selection)
      const topicIds = await this.#idsOf(selected)
      const topics = await this.#parts.source.topics.list()
      if (isStopped) return
      const routes = new Routes({ ...input, isCopy: false, before: this.#before(input, topicIds) }, topics)
      const counts = new Counts()
      const tell = (share: number, done: boolean) => outlet.push({ ...counts.picture, share, done })
      tell(0, false)
      scan = this.#parts.source.records.scan(planOf(selected), (reply) => {
        if (reply.kind === 'records') {
          for (const record of reply.records) counts.add(routes.of(record, 0))
          scan?.taken()
        } else if (reply.kind === 'progress') tell(reply.progress.share, false)
        else if (reply.kind === 'done') tell(1, true)
        else if (reply.kind === 'failed') outlet.fail(new Error(reply.message))
      })
    }
    begin().catch((error: unknown) => outlet.fail(error))
    return () => {
      isStopped = true
      scan?.stop()
    }
  }

  /** @throws Error with a sentence when a topic is gone or the resend cannot be stored */
  async start(input: StartInput): Promise<{ readonly id: number }> {
    return await this.#begin(input, false)
  }

  /** Copies all messages of a topic to another one that has as many partitions. */
  async copyAll(topic: string, to: string): Promise<void> {
    const everything = {
      topics: [topic],
      partitions: null,
      from: 'oldest',
      value: null,
      until: null,
      groupId: null,
      limit: 1,
      committed: true,
      find: '',
      script: '',
      conditions: [],
      follow: null,
    } as const
    const rules = { target: { topic: to }, maxTimes: 1, skipResent: false, perSecond: null }
    await this.#begin({ selection: { query: everything }, ...rules }, true)
  }

  async #begin({ selection, ...rules }: StartInput, isCopy: boolean): Promise<{ readonly id: number }> {
    await this.#loaded
    const selected = await selectedBy(this.#parts, selection)
    const topicIds = await this.#idsOf(selected)
    const id = Math.max(0, ...this.#jobs.keys()) + 1
    const job: Job = {
      spec: { ...rules, isCopy, id, startedAt: this.#clock.now(), topicIds, selected },
      progress: fresh,
      sent: new Map(),
      run: null,
    }
    this.#jobs.set(id, job)
    try {
      await Promise.all([this.#specs.set(String(id), job.spec), this.#progress.set(String(id), job.progress)])
    } catch (error) {
      this.#jobs.delete(id)
      throw error
    }
    await this.#forgetOld()
    this.#run(job)
    return { id }
  }

  /** Resolves when the portion under way is written, and the end stored. @throws Error when there is none, or it cannot be stored */
  async stop(id: number): Promise<void> {
    const job = await this.#job(id)
    await this.#end(job)
    await this.#store(job)
  }

  async resume(id: number): Promise<void> {
    const job = await this.#job(id)
    if (job.run) return
    if (job.progress.state === 'done') throw new Error('This resend is complete.')
    const running: ResendProgress = { ...job.progress, state: 'running', problem: null }
    await this.#progress.set(String(id), running)
    job.progress = running
    this.#run(job)
  }

  async forget(id: number): Promise<void> {
    await this.#end(await this.#job(id))
    await this.#remove(id)
    this.#changes.emit()
  }

  dispose(): void {
    for (const { run } of this.#jobs.values()) run?.stop()
  }

  async #end(job: Job): Promise<void> {
    const { run } = job
    run?.stop()
    if (run) job.progress = await run.ended
    job.run = null
  }

  /** Stores how a resend stands and what it has sent. */
  async #store({ spec, progress, sent }: Job): Promise<void> {
    const key = String(spec.id)
    const bounds = Object.fromEntries([...sent].map(([place, runs]) => [place, runs.bounds]))
    await Promise.all([this.#progress.set(key, progress), this.#sent.set(key, bounds)])
  }

  async #load(): Promise<void> {
    const [specs, progress, sent] = await Promise.all([
      this.#specs.entries(),
      this.#progress.entries(),
      this.#sent.entries(),
    ])
    const [progressOf, sentOf] = [new Map(progress), new Map(sent)]
    for (const [key, spec] of [...specs].sort(([a], [b]) => Number(a) - Number(b))) {
      const known = progressOf.get(key) ?? fresh
      const bounds = Object.entries(sentOf.get(key) ?? {})
      this.#jobs.set(spec.id, {
        spec,
        progress: known.state === 'running' ? { ...known, state: 'stopped' } : known,
        sent: new Map(bounds.map(([place, runs]) => [place, new Intervals(runs)])),
        run: null,
      })
    }
  }

  async #job(id: number): Promise<Job> {
    await this.#loaded
    const job = this.#jobs.get(id)
    if (!job) throw new Error('There is no such resend any more.')
    return job
  }

  #run(job: Job): void {
    const { spec } = job
    const key = String(spec.id)
    const run = new ResendRun({
      source: this.#parts.source,
      clock: this.#clock,
      spec,
      progress: job.progress,
      before: this.#before(spec, spec.topicIds, spec.id),
      sent: job.sent,
      save: async (progress) => {
        job.progress = progress
        this.#changes.emit()
        await this.#progress.set(key, progress)
      },
    })
    job.run = run
    this.#changes.emit()
    const ended = async () => {
      const progress = await run.ended
      // Who stopped it stores it.
      if (job.run !== run) return
      job.progress = progress
      job.run = null
      await this.#store(job)
    }
    ended()
      .catch((error: unknown) => {
        // What is not stored can be told, and stopped or resumed again.
        const problem = error instanceof Error ? error.message : String(error)
        job.progress = { ...job.progress, state: 'failed', problem }
      })
      .then(() => this.#changes.emit(), this.#onError)
  }

  /** What others to the same target have sent of the same topics. */
  #before(
    { target, skipResent }: Pick<StartInput, 'target' | 'skipResent'>,
    topicIds: ResendSpec['topicIds'],
    self = -1,
  ): readonly ReadonlyMap<string, Intervals>[] {
    if (!skipResent) return []
    const wanted = JSON.stringify(target)
    return [...this.#jobs.values()]
      .filter(({ spec }) => spec.id !== self && JSON.stringify(spec.target) === wanted)
      .filter(({ spec }) =>
        Object.entries(spec.topicIds).every(([name, id]) => topicIds[name] === undefined || topicIds[name] === id),
      )
      .map(({ sent }) => sent)
  }

  async #idsOf({ ranges }: Selected): Promise<ResendSpec['topicIds']> {
    const names = new Set(ranges.map(({ topic }) => topic))
    const topics = await this.#parts.source.topics.list()
    return Object.fromEntries(topics.filter(({ name }) => names.has(name)).map(({ name, id }) => [name, id]))
  }

  async #forgetOld(): Promise<void> {
    const ended = [...this.#jobs.values()].filter(({ run, progress }) => run === null && progress.state === 'done')
    for (const { spec } of ended.slice(0, Math.max(0, this.#jobs.size - keptJobs))) await this.#remove(spec.id)
  }

  async #remove(id: number): Promise<void> {
    const key = String(id)
    await Promise.all([this.#specs.set(key, null), this.#progress.set(key, null), this.#sent.set(key, null)])
    this.#jobs.delete(id)
  }
}
