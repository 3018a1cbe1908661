import type { Clock } from '../base/clock'
import { Emitter, type Listen } from '../base/emitter'
import type { Core } from '../broker/core'
import type { TrafficPoint } from '../contract/workspace'

/** What a topic does per second. */
export interface TopicRate {
  readonly inRecords: number
  readonly inBytes: number
  readonly outBytes: number
}

interface TopicTotals {
  records: number
  bytes: number
  fetched: number
}

const periodMs = 1000
/** Five minutes of traffic. */
const keptPoints = 300
const keptLags = 120
const none: TopicRate = { inRecords: 0, inBytes: 0, outBytes: 0 }

/** Once a second: what came in and went out, by the logs' ends and the clients' counters, which are kept anyway. */
export class Pulse {
  readonly beat: Listen<void>
  readonly #core: Core
  readonly #clock: Clock
  readonly #beats: Emitter<void>
  readonly #totals = new Map<string, TopicTotals>()
  readonly #lags = new Map<string, number[]>()
  #rates = new Map<string, TopicRate>()
  #points: TrafficPoint[] = []
  #requests = 0
  #cancel: () => void

  constructor(core: Core, onError: (error: unknown) => void) {
    this.#core = core
    this.#clock = core.clock
    this.#beats = new Emitter(onError)
    this.beat = this.#beats.listen
    this.#sample()
    this.#cancel = this.#next()
  }

  get traffic(): readonly TrafficPoint[] {
    return this.#points
  }

  rateOf(topic: string): TopicRate {
    return this.#rates.get(topic) ?? none
  }

  /** One value per beat, the newest last. */
  lagHistory(groupId: string): readonly number[] {
    return this.#lags.get(groupId) ?? []
  }

  dispose(): void {
    this.#cancel()
  }

  #next(): () => void {
    return this.#clock.at(this.#clock.now() + periodMs, () => {
      this.#sample()
      this.#beats.emit()
      this.#cancel = this.#next()
    })
  }

  #sample(): void {
    const fetched = new Map<string, number>()
    let requests = 0
    for (const client of this.#core.clients.all()) {
      requests += client.requests
      for (const [topic, use] of client.topics) fetched.set(topic, (fetched.get(topic) ?? 0) + use.fetched.bytes)
    }
    const rates = new Map<string, TopicRate>()
    const sum = { inRecords: 0, inBytes: 0, outBytes: 0 }
    const isFirst = this.#points.length === 0
    for (const topic of this.#core.topics.all()) {
      const now: TopicTotals = { records: 0, bytes: 0, fetched: fetched.get(topic.name) ?? 0 }
      for (const { facts } of topic.opened()) {
        now.records += facts.logEnd
        now.bytes += facts.sizeBytes
      }
      const before = this.#totals.get(topic.name)
      this.#totals.set(topic.name, now)
      if (!before && isFirst) continue
      const grown = (key: keyof TopicTotals) => Math.max(0, now[key] - (before?.[key] ?? 0))
      const rate = { inRecords: grown('records'), inBytes: grown('bytes'), outBytes: grown('fetched') }
      if (rate.inRecords === 0 && rate.inBytes === 0 && rate.outBytes === 0) continue
      rates.set(topic.name, rate)
      sum.inRecords += rate.inRecords
      sum.inBytes += rate.inBytes
      sum.outBytes += rate.outBytes
    }
    this.#rates = rates
    const point = { at: this.#clock.now(), ...sum, requests: Math.max(0, requests - this.#requests) }
    this.#requests = requests
    this.#points = [...this.#points.slice(1 - keptPoints), point]
    this.#sampleLags()
  }

  #sampleLags(): void {
    const { groups } = this.#core
    for (const groupId of groups.offsets.groupIds()) {
      const history = this.#lags.get(groupId) ?? []
      this.#lags.set(groupId, [...history.slice(1 - keptLags), lagOf(this.#core, groupId)])
    }
    for (const groupId of this.#lags.keys()) if (!groups.offsets.has(groupId)) this.#lags.delete(groupId)
  }
}

/** Messages between the committed offsets of a group and the log ends. */
export function lagOf({ groups, topics }: Core, groupId: string): number {
  let lag = 0
  for (const { topic, partition, offset } of groups.offsets.of(groupId)) {
    const log = topics.partition(topic, partition)
    if (log) lag += Math.max(0, log.highWatermark - Math.max(offset, log.logStartOffset))
  }
  return lag
}
