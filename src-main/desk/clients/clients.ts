import { Emitter, type Listen } from '../../base/emitter'
import type { Client } from '../../broker/clients'
import type { Core } from '../../broker/core'
import type { ClientLine } from '../../contract/workspace'
import type { Pulse } from '../home/pulse'
import { isRoutine } from '../wire/routine-errors'

/** Beats of which the rate is an average: a second alone jumps. */
const averaged = 5
/** What the little series shows: a minute. */
const keptBeats = 60
/** Who has left stays to be looked at for so long; of connections with one client id the newest few, and no more of all than that. */
const keptMs = 10 * 60 * 1000
const keptOfOne = 3
const keptLeft = 100

interface Totals {
  readonly at: number
  readonly requests: number
  readonly bytesIn: number
  readonly bytesOut: number
}

interface Left {
  readonly client: Client
  readonly at: number
}

/** Who is connected and who was lately, with what each does per second. */
export class ClientRecords {
  readonly changed: Listen<void>
  readonly #changes: Emitter<void>
  readonly #core: Core
  /** By connection: what was counted at the last beats, the newest last. */
  readonly #beats = new Map<number, readonly Totals[]>()
  /** The newest first. */
  #left: readonly Left[] = []
  readonly #ends: (() => void)[]

  constructor(core: Core, pulse: Pulse, onError: (error: unknown) => void) {
    this.#core = core
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    this.#ends = [
      pulse.beat(() => this.#sample()),
      core.clients.changed(({ kind, client }) => {
        if (kind === 'disconnected') this.#leave(client)
        this.#changes.emit()
      }),
    ]
  }

  lines(): ClientLine[] {
    const here = [...this.#core.clients.all()].map((client) =>
      lineOf(client, this.#beats.get(client.connection.id), null),
    )
    return [...here, ...this.#left.map(({ client, at }) => lineOf(client, undefined, at))]
  }

  dispose(): void {
    for (const end of this.#ends) end()
  }

  #leave(client: Client): void {
    this.#beats.delete(client.connection.id)
    // Who knocked and said nothing (a port scan, a health check) leaves nothing to look at.
    if (client.requests === 0 && client.lastError === null) return
    const alike = this.#left.filter((left) => left.client.clientId === client.clientId)
    const tooMany = new Set(alike.slice(keptOfOne - 1))
    const others = this.#left.filter((left) => !tooMany.has(left)).slice(0, keptLeft - 1)
    this.#left = [{ client, at: this.#core.clock.now() }, ...others]
  }

  #sample(): void {
    const at = this.#core.clock.now()
    for (const { connection, requests, bytesIn, bytesOut } of this.#core.clients.all()) {
      const before = this.#beats.get(connection.id) ?? []
      this.#beats.set(connection.id, [...before.slice(-keptBeats), { at, requests, bytesIn, bytesOut }])
    }
    if (this.#left.some((left) => at - left.at >= keptMs)) {
      this.#left = this.#left.filter((left) => at - left.at < keptMs)
    }
    this.#changes.emit()
  }
}

function lineOf(client: Client, beats: readonly Totals[] = [], leftAt: number | null): ClientLine {
  const { connection } = client
  const host = connection.remoteAddress.includes(':') ? `[${connection.remoteAddress}]` : connection.remoteAddress
  const used = [...client.topics]
  return {
    connectionId: connection.id,
    clientId: client.clientId ?? '',
    software: `${client.softwareName} ${client.softwareVersion}`.trim(),
    address: `${host}:${connection.remotePort}`,
    listener: connection.listener,
    principal: client.principal,
    connectedAt: connection.connectedAt,
    leftAt,
    requests: client.requests,
    bytesIn: client.bytesIn,
    bytesOut: client.bytesOut,
    ...ratesOf(beats),
    traffic: beats.slice(1).map((now, i) => {
      const before = beats[i] as Totals
      return now.bytesIn - before.bytesIn + now.bytesOut - before.bytesOut
    }),
    lastRequestAt: client.lastRequestAt,
    apis: [...client.apis.values()].map(({ name, version, requests }) => ({ name, version, requests })),
    writes: used.flatMap(([topic, { produced }]) => (produced.records > 0 ? [topic] : [])),
    reads: used.flatMap(([topic, { fetched }]) => (fetched.bytes > 0 ? [topic] : [])),
    metricsAt: client.telemetry?.at ?? null,
    lastError: client.lastError && { ...client.lastError, isRoutine: isRoutine(client.lastError.error) },
  }
}

function ratesOf(beats: readonly Totals[]) {
  const last = beats.at(-1)
  const first = beats.at(-1 - averaged) ?? beats[0]
  const seconds = last && first ? (last.at - first.at) / 1000 : 0
  if (!last || !first || seconds <= 0) return { requestsPerSecond: 0, inBytesPerSecond: 0, outBytesPerSecond: 0 }
  return {
    requestsPerSecond: (last.requests - first.requests) / seconds,
    inBytesPerSecond: (last.bytesIn - first.bytesIn) / seconds,
    outBytesPerSecond: (last.bytesOut - first.bytesOut) / seconds,
  }
}
