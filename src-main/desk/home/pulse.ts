import type { Clock } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { Core } from '../../broker/core'
import type { Partition } from '../../broker/log/partition'
import type { TrafficPoint } from '../../contract/workspace'
import { Lags } from '../groups/lags'

/** What a topic does per second. */
export interface TopicRate {
  readonly inRecords: number
  readonly inBytes: number
  readonly outBytes: number
}

/** Of a log, or of what clients have read of a topic: each only ever grows. */
interface LogTotals {
  readonly end: number
  readonly bytes: number
}

const periodMs = 1000
/** Five minutes of traffic. */
const keptPoints = 300
const none: TopicRate = { inRecords: 0, inBytes: 0, outBytes: 0 }

/** Once a second: what came in and went out, by the logs' ends and the clients' counters, which are kept anyway. */
export class Pulse {
  readonly beat: Listen<void>
  readonly lags: Lags
  readonly #core: Core
  readonly #clock: Clock
  readonly #beats: Emitter<void>
  /** Where each opened log was at the last beat: one that is opened later begins with what it holds. */
  readonly #logs = new WeakMap<Partition, LogTotals>()
  /** What each client had read and asked at the last beat, so that one that leaves takes nothing away. */
  #clients = new Map<number, { requests: number; fetched: Map<string, number> }>()
  #rates = new Map<string, TopicRate>()
  #points: TrafficPoint[] = []
  #cancel: () => void

  constructor(core: Core, onError: (error: unknown) => void) {
    this.#core = core
    this.#clock = core.clock
    this.lags = new Lags(core)
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
    const { requests, fetched } = this.#sampleClients()
    const rates = new Map<string, TopicRate>()
    const sum = { inRecords: 0, inBytes: 0, outBytes: 0 }
    for (const topic of this.#core.topics.all()) {
      const rate = { inRecords: 0, inBytes: 0, outBytes: fetched.get(topic.name) ?? 0 }
      for (const partition of topic.opened()) {
        const { logEnd: end, sizeBytes: bytes } = partition.facts
        const before = this.#logs.get(partition) ?? { end, bytes }
        this.#logs.set(partition, { end, bytes })
        rate.inRecords += end - before.end
        rate.inBytes += Math.max(0, bytes - before.bytes)
      }
      if (rate.inRecords === 0 && rate.inBytes === 0 && rate.outBytes === 0) continue
      rates.set(topic.name, rate)
      sum.inRecords += rate.inRecords
      sum.inBytes += rate.inBytes
      sum.outBytes += rate.outBytes
    }
    this.#rates = rates
    this.#points = [...this.#points.slice(1 - keptPoints), { at: this.#clock.now(), ...sum, requests }]
    this.lags.sample()
  }

  #sampleClients(): { requests: number; fetched: Map<string, number> } {
    const fetched = new Map<string, number>()
    const clients = new Map<number, { requests: number; fetched: Map<string, number> }>()
    let requests = 0
    for (const client of this.#core.clients.all()) {
      const before = this.#clients.get(client.connection.id)
      requests += client.requests - (before?.requests ?? 0)
      const now = new Map<string, number>()
      for (const [topic, { fetched: read }] of client.topics) {
        now.set(topic, read.bytes)
        fetched.set(topic, (fetched.get(topic) ?? 0) + read.bytes - (before?.fetched.get(topic) ?? 0))
      }
      clients.set(client.connection.id, { requests: client.requests, fetched: now })
    }
    this.#clients = clients
    return { requests, fetched }
  }
}
