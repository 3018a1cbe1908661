import type { Clock } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { TrafficPoint } from '../../contract/workspace'
import { Lags } from '../groups/lags'
import type { ClusterSource } from '../source/source'
import type { TopicFacts, Totals } from '../source/topics'

/** What a topic does per second. */
export interface TopicRate {
  readonly inRecords: number
  readonly inBytes: number
  readonly outBytes: number
}

const periodMs = 1000
/** Five minutes of traffic. */
const keptPoints = 300
const none: TopicRate = { inRecords: 0, inBytes: 0, outBytes: 0 }

/** Ends of the interest in what is sampled. */
type End = () => void

/**
 * Once a second: what came in and went out, as the differences of totals that only grow, and the lags of groups. Where each answer costs a
 * cluster requests, only what somebody shows is sampled.
 */
export class Pulse {
  readonly beat: Listen<void>
  readonly lags: Lags
  readonly #source: ClusterSource
  readonly #clock: Clock
  readonly #beats: Emitter<void>
  readonly #onError: (error: unknown) => void
  #totals: Totals = { topics: new Map(), requests: null }
  #rates = new Map<string, TopicRate>()
  #points: readonly TrafficPoint[] = []
  #sum = { inRecords: 0, inBytes: 0, outBytes: 0, requests: 0 }
  #beatsSinceTotals = 0
  #trafficWatchers = 0
  /** The groups whose lags are wanted, each as often as it is; `null`: all. */
  readonly #lagWatchers = new Map<string | null, number>()
  #isSampling = false
  #cancel: () => void

  constructor(source: ClusterSource, clock: Clock, onError: (error: unknown) => void) {
    this.#source = source
    this.#clock = clock
    this.#onError = onError
    this.lags = new Lags(source, clock)
    this.#beats = new Emitter(onError)
    this.beat = this.#beats.listen
    this.#sample().catch(onError)
    this.#cancel = this.#next()
  }

  /** The beat, for what shows traffic or rates. */
  readonly trafficBeat: Listen<void> = (listener) => {
    this.#trafficWatchers++
    return this.#ended(listener, () => this.#trafficWatchers--)
  }

  /** The beat, for what shows the lag over time of a group; `null`: of all groups. */
  lagBeat(groupId: string | null): Listen<void> {
    return (listener) => {
      this.#lagWatchers.set(groupId, (this.#lagWatchers.get(groupId) ?? 0) + 1)
      return this.#ended(listener, () => {
        const left = (this.#lagWatchers.get(groupId) ?? 1) - 1
        if (left > 0) this.#lagWatchers.set(groupId, left)
        else this.#lagWatchers.delete(groupId)
      })
    }
  }

  #ended(listener: () => void, end: () => void): End {
    const unlisten = this.beat(listener)
    let hasEnded = false
    return () => {
      unlisten()
      if (!hasEnded) end()
      hasEnded = true
    }
  }

  /** The newest last. */
  get traffic(): readonly TrafficPoint[] {
    return this.#points
  }

  rateOf(topic: string): TopicRate {
    return this.#rates.get(topic) ?? none
  }

  dispose(): void {
    this.#cancel()
  }

  #next(): () => void {
    return this.#clock.at(this.#clock.now() + periodMs, () => {
      this.#cancel = this.#next()
      this.#beat()
    })
  }

  /** A beat is left out while the one before is still being answered. */
  #beat(): void {
    if (this.#isSampling) return
    this.#isSampling = true
    this.#sample()
      .catch(this.#onError)
      .finally(() => {
        this.#isSampling = false
        this.#beats.emit()
      })
  }

  async #sample(): Promise<void> {
    const { isPolled = false } = this.#source
    this.#beatsSinceTotals++
    if (!isPolled || this.#trafficWatchers > 0) await this.#sampleTraffic()
    if (!isPolled || this.#lagWatchers.has(null)) await this.lags.sample()
    else if (this.#lagWatchers.size > 0) {
      await this.lags.sample([...this.#lagWatchers.keys()].filter((groupId) => groupId !== null))
    }
  }

  async #sampleTraffic(): Promise<void> {
    const [totals, topics] = await Promise.all([this.#source.topics.totals(), this.#source.topics.list()])
    if (totals !== this.#totals) this.#compare(totals, topics)
    this.#points = [...this.#points.slice(1 - keptPoints), { at: this.#clock.now(), ...this.#sum }]
  }

  /** The differences to the totals before, for each beat since then. */
  #compare(totals: Totals, topics: readonly TopicFacts[]): void {
    const beats = this.#beatsSinceTotals
    this.#beatsSinceTotals = 0
    const internal = new Set(topics.flatMap((topic) => (topic.internal ? [topic.name] : [])))
    const rates = new Map<string, TopicRate>()
    const sum = { inRecords: 0, inBytes: 0, outBytes: 0 }
    for (const [name, now] of totals.topics) {
      const before = this.#totals.topics.get(name)
      // A topic that was deleted and created again begins at nothing.
      const grown = (value: number | null, base: number | null | undefined) =>
        Math.round(Math.max(0, (value ?? 0) - (base ?? 0)) / beats)
      const rate = {
        inRecords: grown(now.writtenRecords, before?.writtenRecords),
        inBytes: grown(now.writtenBytes, before?.writtenBytes),
        outBytes: grown(now.readBytes, before?.readBytes),
      }
      if (rate.inRecords === 0 && rate.inBytes === 0 && rate.outBytes === 0) continue
      rates.set(name, rate)
      if (internal.has(name)) continue
      sum.inRecords += rate.inRecords
      sum.inBytes += rate.inBytes
      sum.outBytes += rate.outBytes
    }
    const requests = Math.round(Math.max(0, (totals.requests ?? 0) - (this.#totals.requests ?? 0)) / beats)
    this.#totals = totals
    this.#rates = rates
    this.#sum = { ...sum, requests }
  }
}
