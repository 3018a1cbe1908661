import type { EndedRow } from '../../contract/messages'
import type { SchemaSource } from '../decoders/framing'
import type { ScanPlan, ScanRange, ScanReply } from '../source/records'
import { Analysis } from './analysis'
import type { BatchReader } from './batch-reader'
import { conditionsFilter } from './conditions'
import { type Decoding, decodingFor } from './decoding'
import { ConditionError, type Filter, FilterError, scriptFilter, textFilter } from './filter'
import { followFilter } from './follow'
import { LatestKeys } from './latest-keys'
import { type MakeSearch, NewestExport } from './newest-export'
import { OpenRows } from './open-rows'
import { Search } from './search'
import { Tally } from './tally'
import { ScanStopped, Turns } from './turns'

/** Rows come from a search; the newest as a file from two; counts over time from a tally; sums from an analysis. */
type Running = Search | NewestExport | Tally | Analysis

interface Job {
  readonly search: Running
  readonly plan: ScanPlan
  readonly decodings: Map<string, Decoding>
  readonly dispose: () => void
  /** Of a live scan: rows whose transaction was open. */
  readonly open: OpenRows
  /** A slice is being read. */
  isReading: boolean
  /** The limit is met, and the page may ask for more. */
  isWaiting: boolean
  /** Replies with rows or text that the page has not taken yet. */
  untaken: number
  toldAt: number
}

/** Replies with rows or text that may be under way: nothing is read ahead for a page that is slow or hidden. */
const maxUntaken = 8

/** What is written is counted this often. */
const tallyPauseMs = 200

/** An analysis is told this often: its keys are sorted each time. */
const analysisPauseMs = 500

/** Progress is told this often. */
const progressPauseMs = 100

/** Runs scans over one reader, slice by slice, so that they and other questions take turns. */
export class ScanJobs {
  readonly #reader: BatchReader
  readonly #say: (id: number, reply: ScanReply) => void
  readonly #schemas: SchemaSource | undefined
  readonly #jobs = new Map<number, Job>()
  /** Scans whose filter and decoders are still being made, with the ends that their logs have come to meanwhile. */
  readonly #starting = new Map<number, Record<string, number>>()

  /** @param schemas those that keys and values name; undefined where there is no registry */
  constructor(reader: BatchReader, say: (id: number, reply: ScanReply) => void, schemas?: SchemaSource) {
    this.#reader = reader
    this.#say = say
    this.#schemas = schemas
  }

  start(id: number, plan: ScanPlan): void {
    this.#starting.set(id, {})
    this.#open(id, plan).catch((error: unknown) => this.#fail(id, error))
  }

  /** The logs of a live scan have grown: the new ends by `topic:partition`. */
  grown(id: number, ends: Readonly<Record<string, number>>): void {
    const job = this.#jobs.get(id)
    if (!job) return void Object.assign(this.#starting.get(id) ?? {}, ends)
    if (job.search instanceof Search || job.search instanceof Tally) job.search.extend(ends)
    this.#go(id, job)
  }

  async add(id: number, ranges: readonly ScanRange[]): Promise<void> {
    const job = this.#jobs.get(id)
    if (!job) return
    await this.#decodeInto(job.decodings, ranges)
    if (job.search instanceof Search || job.search instanceof Tally) job.search.add(ranges)
    this.#go(id, job)
  }

  taken(id: number): void {
    const job = this.#jobs.get(id)
    if (!job) return
    job.untaken = Math.max(0, job.untaken - 1)
    this.#go(id, job)
  }

  /** The page wants what lies behind the limit. */
  more(id: number): void {
    const job = this.#jobs.get(id)
    if (!job?.isWaiting || !(job.search instanceof Search)) return
    job.isWaiting = false
    // Who asks has all of the page before.
    job.untaken = 0
    job.search.goOn()
    this.#go(id, job)
  }

  stop(id: number): void {
    this.#starting.delete(id)
    this.#jobs.get(id)?.dispose()
    this.#jobs.delete(id)
  }

  async #open(id: number, plan: ScanPlan): Promise<void> {
    const decodings = new Map<string, Decoding>()
    await this.#decodeInto(decodings, plan.ranges)
    const text = textFilter(plan.find, decodings)
    const holds = conditionsFilter(plan.conditions ?? [], decodings)
    const script = plan.script.trim() === '' ? undefined : await scriptFilter(plan.script, decodings)
    const grown = this.#starting.get(id)
    if (!grown) {
      script?.dispose()
      return
    }
    this.#starting.delete(id)
    const followed = plan.follow ? followFilter(plan.follow, decodings) : null
    const filter: Filter = (record, range) =>
      (followed?.(record, range) ?? true) &&
      text(record, range) &&
      holds(record, range) &&
      (script?.filter(record, range) ?? true)
    const turns = isCostly(plan) ? new Turns(Date.now) : undefined
    const latest = plan.latest ? new LatestKeys(this.#reader.openKeys?.bind(this.#reader)) : null
    const make: MakeSearch = (one, passes) => {
      const own: Filter = passes ? (record, at) => passes(at.topic, at.partition, record.offset) : filter
      return new Search(this.#reader, one, own, decodings, Date.now, { latest: one.latest ? latest : null, turns })
    }
    const open = new OpenRows(this.#reader)
    open.note(plan.openRows ?? [])
    const job: Job = {
      search: plan.analysis
        ? new Analysis(this.#reader, plan, decodings, Date.now)
        : plan.buckets !== null
          ? new Tally(this.#reader, plan, filter, plan.buckets, turns)
          : plan.backward && plan.format !== null
            ? new NewestExport(plan, make)
            : make(plan),
      plan,
      decodings,
      dispose: () => {
        turns?.stop()
        script?.dispose()
        latest?.dispose()
      },
      open,
      isReading: false,
      isWaiting: false,
      untaken: 0,
      toldAt: 0,
    }
    this.#jobs.set(id, job)
    this.grown(id, grown)
  }

  /** Goes on unless a slice is being read, the page has not taken enough, or it has all that it asked for. */
  #go(id: number, job: Job): void {
    if (job.isReading || job.isWaiting || job.untaken >= maxUntaken || this.#jobs.get(id) !== job) return
    job.isReading = true
    const { search } = job
    const step =
      search instanceof Tally
        ? this.#tally(id, job, search)
        : search instanceof Analysis
          ? this.#analyse(id, job, search)
          : this.#step(id, job, search)
    step.catch((error: unknown) => {
      if (!(error instanceof ScanStopped)) this.#fail(id, error)
    })
  }

  async #tally(id: number, job: Job, tally: Tally): Promise<void> {
    await tally.advance()
    if (this.#jobs.get(id) !== job) return
    const { isDone } = tally
    const now = Date.now()
    if (isDone || now - job.toldAt >= progressPauseMs) {
      job.toldAt = now
      this.#say(id, { kind: 'histogram', histogram: tally.histogram() })
    }
    const goOn = () => {
      job.isReading = false
      if (!tally.isDone) this.#go(id, job)
    }
    // When it has come to the end it rests a little: a busy log grows many times a second.
    if (isDone) setTimeout(goOn, tallyPauseMs).unref()
    else setImmediate(goOn)
  }

  async #analyse(id: number, job: Job, analysis: Analysis): Promise<void> {
    await analysis.advance()
    job.isReading = false
    if (this.#jobs.get(id) !== job) return
    const { isDone } = analysis
    const now = Date.now()
    if (isDone || now - job.toldAt >= analysisPauseMs) {
      job.toldAt = now
      this.#say(id, { kind: 'analysis', analysis: analysis.picture() })
    }
    if (isDone) {
      this.#say(id, { kind: 'done' })
      this.stop(id)
    } else setImmediate(() => this.#go(id, job))
  }

  async #step(id: number, job: Job, search: Search | NewestExport): Promise<void> {
    const { format, live, waitsForMore } = job.plan
    const found = await sliceOf(search, format)
    if (this.#jobs.get(id) !== job) return
    if (live && found.kind === 'rows') {
      job.open.note(found.rows)
      const ended = await job.open.ended()
      if (this.#jobs.get(id) !== job) return
      if (ended.length > 0) this.#later(id, ended)
    }
    if (sizeOf(found) > 0) {
      job.untaken++
      this.#say(id, found)
    }
    const { isDone } = search
    if (isDone && !live) {
      const progress = search.progress(true)
      job.isReading = false
      job.isWaiting = Boolean(waitsForMore && progress.next)
      this.#say(id, { kind: 'progress', progress })
      if (job.isWaiting) return
      this.#say(id, { kind: 'done' })
      this.stop(id)
      return
    }
    const now = Date.now()
    if (isDone || now - job.toldAt >= progressPauseMs) {
      job.toldAt = now
      this.#say(id, { kind: 'progress', progress: search.progress(false) })
    }
    // Only now: a page in this process takes what is said at once.
    job.isReading = false
    // Other questions get their turn between slices.
    if (!search.isDone) setImmediate(() => this.#go(id, job))
  }

  /** After the rows that it is about. */
  #later(id: number, rows: readonly EndedRow[]): void {
    queueMicrotask(() => this.#say(id, { kind: 'ended', rows }))
  }

  #fail(id: number, error: unknown): void {
    this.stop(id)
    const text = error instanceof Error ? error.message : String(error)
    this.#say(id, {
      kind: 'failed',
      message: error instanceof FilterError ? text : `The messages cannot be read: ${text}`,
      ...(error instanceof ConditionError && { isCondition: true }),
    })
  }

  async #decodeInto(decodings: Map<string, Decoding>, ranges: readonly ScanRange[]): Promise<void> {
    for (const { topic, decoders } of ranges) {
      if (!decodings.has(topic)) decodings.set(topic, await decodingFor(decoders, topic, this.#schemas))
    }
  }
}

/** Whether a record may take long. */
function isCostly({ script, conditions = [] }: ScanPlan): boolean {
  return script.trim() !== '' || conditions.some(({ test }) => test === 'matches')
}

type Slice = Extract<ScanReply, { readonly kind: 'rows' | 'text' | 'records' }>

/** What the next slice of a search gives, in the form that its plan asks for. */
async function sliceOf(search: Search | NewestExport, format: ScanPlan['format']): Promise<Slice> {
  if (format === 'records' && search instanceof Search) return { kind: 'records', records: await search.nextRecords() }
  if (format === null && search instanceof Search) return { kind: 'rows', rows: await search.next() }
  return { kind: 'text', text: await search.nextLines(format === 'csv' ? 'csv' : 'jsonl') }
}

function sizeOf(slice: Slice): number {
  return slice.kind === 'text' ? slice.text.length : slice.kind === 'rows' ? slice.rows.length : slice.records.length
}
