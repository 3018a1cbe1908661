import type { Disposable } from '../base/disposable'
import type { Core } from '../broker/core'
import { bucketsMs, type RequestMetrics } from '../broker/request-metrics'
import { groupMetrics } from './groups'
import { Family, labels } from './text'
import { type TopicTraffic, topicMetrics } from './topics'

/** Partitions of topics, and of groups, that have series of their own: more would make an answer of many megabytes. */
const mostPartitions = 10_000

export interface BrokerMetricsParts {
  readonly core: Core
  readonly requestMetrics: RequestMetrics
  /** By topic. */
  readonly traffic: () => Promise<ReadonlyMap<string, TopicTraffic>>
  readonly version: string
}

interface Connections {
  open: number
  opened: number
}

/**
 * What `GET /metrics` answers, in the text format of Prometheus. Events are counted from the start on; all else is read from what the broker
 * keeps anyway, when it is asked for: no record costs anything. The format is written here: a library would keep a copy of every series.
 */
export class BrokerMetrics implements Disposable {
  readonly #parts: BrokerMetricsParts
  /** By listener. */
  readonly #connections = new Map<string, Connections>()
  /** By group. */
  readonly #rebalances = new Map<string, number>()
  readonly #ends: readonly (() => void)[]
  #underWay: Promise<string> | undefined

  constructor(parts: BrokerMetricsParts) {
    this.#parts = parts
    const { core, requestMetrics } = parts
    requestMetrics.begin()
    for (const { connection } of core.clients.all()) this.#connected(connection.listener)
    this.#ends = [
      core.clients.changed(({ kind, client }) => {
        const { listener } = client.connection
        if (kind === 'connected') this.#connected(listener)
        else if (kind === 'disconnected') this.#of(listener).open--
      }),
      core.groups.framed(({ groupId, boundary, state }) => {
        if (state === 'Dead') this.#rebalances.delete(groupId)
        else if (boundary === 'end' || boundary === 'startAndEnd') {
          this.#rebalances.set(groupId, (this.#rebalances.get(groupId) ?? 0) + 1)
        }
      }),
    ]
  }

  /** Those who ask at the same time share one answer. */
  text(): Promise<string> {
    this.#underWay ??= this.#write().finally(() => {
      this.#underWay = undefined
    })
    return this.#underWay
  }

  dispose(): void {
    for (const end of this.#ends) end()
  }

  async #write(): Promise<string> {
    const { core, traffic } = this.#parts
    const topics = await topicMetrics(core.topics, await traffic(), mostPartitions)
    const groups = await groupMetrics(core, this.#rebalances, mostPartitions)
    const leftOut = new Family(
      'ottla_metrics_partitions_left_out',
      'gauge',
      `Partitions beyond the first ${mostPartitions}, which have no series of their own`,
    )
    leftOut.add('of="topics"', topics.leftOut)
    leftOut.add('of="groups"', groups.leftOut)
    const families = [...this.#ofProcess(), ...this.#ofRequests(), ...topics.families, ...groups.families, leftOut]
    return families.map(({ text }) => text).join('')
  }

  #ofRequests(): Family[] {
    const requests = new Family('kafka_network_requestmetrics_requests_total', 'counter', 'Answered requests, by API')
    const errors = new Family('kafka_network_requestmetrics_errors_total', 'counter', 'Errors in answers, by API')
    const times = new Family(
      'kafka_network_requestmetrics_totaltime_seconds',
      'histogram',
      'Time from a request to its answer; a fetch may wait for records',
    )
    for (const [request, { requests: count, totalMs, buckets, errors: byError }] of this.#parts.requestMetrics.byApi) {
      const own = labels({ request })
      requests.add(own, count)
      let sum = 0
      for (const [i, ms] of bucketsMs.entries()) {
        sum += buckets[i] ?? 0
        times.add(`${own},le="${ms / 1000}"`, sum, '_bucket')
      }
      times.add(`${own},le="+Inf"`, count, '_bucket')
      times.add(own, totalMs / 1000, '_sum')
      times.add(own, count, '_count')
      for (const [error, answers] of byError) errors.add(`${own},error="${error}"`, answers)
    }
    const prefix = 'kafka_server_socket_server_metrics_connection'
    const open = new Family(`${prefix}_count`, 'gauge', 'Open connections, by listener')
    const opened = new Family(`${prefix}_creation_total`, 'counter', 'Connections that were opened, by listener')
    for (const [listener, { open: now, opened: all }] of this.#connections) {
      const own = labels({ listener })
      open.add(own, now)
      opened.add(own, all)
    }
    return [requests, errors, times, open, opened]
  }

  #ofProcess(): Family[] {
    const single = (name: string, type: 'counter' | 'gauge', help: string, value: number, labelled = '') => {
      const family = new Family(name, type, help)
      family.add(labelled, value)
      return family
    }
    const { user, system } = process.cpuUsage()
    const startedAt = this.#parts.core.clock.now() / 1000 - process.uptime()
    const version = labels({ version: this.#parts.version })
    return [
      single('ottla_build_info', 'gauge', 'Version of Ottla', 1, version),
      single('kafka_brokers', 'gauge', 'Number of brokers', 1),
      single('process_cpu_seconds_total', 'counter', 'CPU time of the process', (user + system) / 1e6),
      single('process_resident_memory_bytes', 'gauge', 'Resident memory of the process', process.memoryUsage.rss()),
      single('process_start_time_seconds', 'gauge', 'Start of the process since the Unix epoch', startedAt),
    ]
  }

  #connected(listener: string): void {
    const connections = this.#of(listener)
    connections.open++
    connections.opened++
  }

  #of(listener: string): Connections {
    let connections = this.#connections.get(listener)
    if (!connections) this.#connections.set(listener, (connections = { open: 0, opened: 0 }))
    return connections
  }
}
