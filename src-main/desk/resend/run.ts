import type { Clock } from '../../base/clock'
import { keyOf } from '../../base/topic-partition'
import type { Scan, ScannedRecord } from '../source/records'
import type { ClusterSource } from '../source/source'
import { Counts } from './counts'
import { Intervals } from './intervals'
import { Pace } from './pace'
import { type Route, Routes } from './routes'
import { planOf } from './selection'
import { type ResendProgress, type ResendSpec, remaining } from './stored'

/** About what a producer sends at once. */
const portionBytes = 1024 * 1024

interface RunParts {
  readonly source: ClusterSource
  readonly clock: Clock
  readonly spec: ResendSpec
  readonly progress: ResendProgress
  /** What earlier resends have sent. */
  readonly before: readonly ReadonlyMap<string, Intervals>[]
  /** What this one has sent so far, by source partition. */
  readonly sent: Map<string, Intervals>
  /** Stores how far it has come, after each portion. */
  readonly save: (progress: ResendProgress) => Promise<void>
}

interface Routing {
  readonly source: ScannedRecord
  readonly route: Route
}

/**
 * Reads messages and writes them to their targets, portion by portion. A portion that is written is stored as done; when the app ends
 * in between, the last portion may be sent again (at least once, as producers do it).
 */
export class ResendRun {
  readonly #parts: RunParts
  readonly #pace: Pace
  readonly #counts: Counts
  readonly #next: Record<string, number>
  readonly #ahead: Set<string>
  readonly #replies: (readonly ScannedRecord[])[] = []
  /** How many records of the first reply are done. */
  #taken = 0
  #isRead = false
  #readProblem: string | null = null
  #unread: string | null = null
  #isStopped = false
  #wake: () => void = () => {}
  /** Resolves with the last state when it has ended, one way or another; that is not stored yet. */
  readonly ended: Promise<ResendProgress>

  constructor(parts: RunParts) {
    this.#parts = parts
    this.#pace = new Pace(parts.clock, parts.spec.perSecond)
    this.#counts = new Counts(parts.progress.counts)
    this.#next = { ...parts.progress.next }
    this.#ahead = new Set(parts.progress.ahead)
    this.ended = this.#run()
  }

  /** Ends after the portion that is under way. */
  stop(): void {
    this.#isStopped = true
    this.#wake()
  }

  async #run(): Promise<ResendProgress> {
    let scan: Scan | undefined
    try {
      const routes = await this.#routes()
      scan = this.#scan()
      await this.#pump(routes, scan)
      return this.#progress(this.#isStopped && !this.#isOver ? 'stopped' : 'done', this.#unread)
    } catch (error) {
      return this.#progress('failed', error instanceof Error ? error.message : String(error))
    } finally {
      scan?.stop()
    }
  }

  async #routes(): Promise<Routes> {
    const { source, spec, before } = this.#parts
    const topics = await source.topics.list()
    for (const [name, id] of Object.entries(spec.topicIds)) {
      if (topics.find((topic) => topic.name === name)?.id !== id) {
        throw new Error(`Topic ${name} was deleted since this resend began.`)
      }
    }
    return new Routes({ ...spec, before }, topics)
  }

  #scan(): Scan {
    const { source, spec } = this.#parts
    return source.records.scan(planOf(remaining(spec.selected, this.#next)), (reply) => {
      if (reply.kind === 'records') this.#replies.push(reply.records)
      else if (reply.kind === 'done') this.#isRead = true
      else if (reply.kind === 'failed') this.#readProblem = reply.message
      else if (reply.kind === 'progress' && reply.progress.failed) {
        const { records, first } = reply.progress.failed
        this.#unread = `${records} could not be read and were left out; the first: ${first}`
      }
      this.#wake()
    })
  }

  get #isOver(): boolean {
    return this.#isRead && this.#replies.length === 0
  }

  async #pump(routes: Routes, scan: Scan): Promise<void> {
    while (!this.#isStopped && !this.#isOver) {
      if (this.#readProblem !== null) throw new Error(this.#readProblem)
      const [reply] = this.#replies
      if (!reply) {
        await this.#woken()
        continue
      }
      const most = fitting(reply, this.#taken)
      const count = this.#pace.take(most)
      if (count === 0) {
        await this.#woken(this.#pace.nextAt)
        continue
      }
      await this.#send(routes, reply.slice(this.#taken, this.#taken + count))
      this.#taken += count
      if (this.#taken < reply.length) continue
      this.#replies.shift()
      this.#taken = 0
      scan.taken()
    }
  }

  /** Until something was read, it is stopped, or a time has come. */
  async #woken(at?: number): Promise<void> {
    let cancel = () => {}
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      if (at !== undefined) cancel = this.#parts.clock.at(at, resolve)
    })
    cancel()
    this.#wake = () => {}
  }

  async #send(routes: Routes, records: readonly ScannedRecord[]): Promise<void> {
    const { source, clock, sent } = this.#parts
    const at = clock.now()
    const left: Parameters<Counts['add']>[0][] = []
    const groups = new Map<string, Routing[]>()
    const kept: ScannedRecord[] = []
    for (const record of records) {
      if (this.#ahead.has(placeOf(record))) {
        kept.push(record)
        continue
      }
      const routed = routes.of(record, at)
      if (!('record' in routed)) {
        left.push(routed)
        continue
      }
      kept.push(record)
      const key = keyOf(routed.topic, routed.partition)
      groups.set(key, [...(groups.get(key) ?? []), { source: record, route: routed }])
    }
    const problems = await Promise.all([...groups.values()].map((group) => this.#append(source, group)))
    const problem = problems.find((one): one is string => one !== null)
    if (problem !== undefined) throw new Error(problem)
    for (const one of left) this.#counts.add(one)
    for (const { topic, partition, offset } of records) this.#next[keyOf(topic, partition)] = offset + 1
    for (const { topic, partition, offset } of kept) {
      const key = keyOf(topic, partition)
      const known = sent.get(key) ?? new Intervals()
      sent.set(key, known)
      known.note(offset)
    }
    this.#ahead.clear()
    await this.#parts.save(this.#progress('running', null))
  }

  /** Messages for one partition; why they were not written, or `null`. */
  async #append(source: ClusterSource, group: readonly Routing[]): Promise<string | null> {
    const topic = group[0]?.route.topic ?? ''
    try {
      const { refused } = await source.records.append(
        topic,
        group.map(({ route: { partition, record } }) => ({ partition, record })),
        'none',
      )
      if (refused) {
        const { source: from } = group[refused.index] ?? (group[0] as Routing)
        return `${from.topic}-${from.partition} offset ${from.offset} was not written to ${topic}: ${refused.why}.`
      }
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    for (const { source: from, route } of group) {
      this.#ahead.add(placeOf(from))
      this.#counts.add(route)
    }
    return null
  }

  #progress(state: ResendProgress['state'], problem: string | null): ResendProgress {
    return { next: { ...this.#next }, ahead: [...this.#ahead], counts: this.#counts.picture, state, problem }
  }
}

function placeOf({ topic, partition, offset }: ScannedRecord): string {
  return `${topic}:${partition}:${offset}`
}

/** How many records from `from` on fit a portion; at least one. */
function fitting(records: readonly ScannedRecord[], from: number): number {
  let sizeBytes = 0
  let count = 0
  for (let i = from; i < records.length; i++) {
    const { key, value } = records[i] as ScannedRecord
    sizeBytes += (key?.byteLength ?? 0) + (value?.byteLength ?? 0)
    if (count > 0 && sizeBytes > portionBytes) break
    count++
  }
  return count
}
