import type { Core } from '../../broker/core'
import type { Partition } from '../../broker/log/partition'
import type { Totals } from '../source/topics'

interface LogTotals {
  readonly end: number
  readonly bytes: number
}

interface Sum {
  writtenRecords: number
  writtenBytes: number
  readBytes: number
}

/** What was written and read since it was made, from the logs' ends and the clients' counters, which are kept anyway. */
export class TotalsCounter {
  readonly #core: Core
  /** Where each opened log was at the last sample: one that is opened later begins with what it held then. */
  readonly #logs = new WeakMap<Partition, LogTotals>()
  /** What each client had read and asked at the last sample, so that one that leaves takes nothing away. */
  #clients = new Map<number, { readonly requests: number; readonly fetched: ReadonlyMap<string, number> }>()
  readonly #topics = new Map<string, Sum>()
  #requests = 0

  constructor(core: Core) {
    this.#core = core
    for (const topic of core.topics.all())
      for (const partition of topic.opened()) this.#logs.set(partition, at(partition))
    this.#sampleClients()
  }

  sample(): Totals {
    this.#sampleClients()
    const present = new Set<string>()
    for (const topic of this.#core.topics.all()) {
      present.add(topic.name)
      for (const partition of topic.opened()) {
        const { end, bytes } = at(partition)
        const before = this.#logs.get(partition) ?? partition.opened
        this.#logs.set(partition, { end, bytes })
        const sum = this.#of(topic.name)
        sum.writtenRecords += end - before.end
        sum.writtenBytes += Math.max(0, bytes - before.bytes)
      }
    }
    for (const name of this.#topics.keys()) if (!present.has(name)) this.#topics.delete(name)
    return {
      topics: new Map([...this.#topics].map(([name, sum]) => [name, { ...sum }])),
      requests: this.#requests,
    }
  }

  #of(topic: string): Sum {
    let sum = this.#topics.get(topic)
    if (!sum) this.#topics.set(topic, (sum = { writtenRecords: 0, writtenBytes: 0, readBytes: 0 }))
    return sum
  }

  #sampleClients(): void {
    const clients = new Map<number, { requests: number; fetched: Map<string, number> }>()
    for (const { connection, requests, topics } of this.#core.clients.all()) {
      const before = this.#clients.get(connection.id)
      this.#requests += requests - (before?.requests ?? 0)
      const fetched = new Map<string, number>()
      for (const [topic, { fetched: read }] of topics) {
        fetched.set(topic, read.bytes)
        this.#of(topic).readBytes += read.bytes - (before?.fetched.get(topic) ?? 0)
      }
      clients.set(connection.id, { requests, fetched })
    }
    this.#clients = clients
  }
}

function at({ facts: { logEnd: end, sizeBytes: bytes } }: Partition): LogTotals {
  return { end, bytes }
}
