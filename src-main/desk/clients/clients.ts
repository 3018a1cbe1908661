import type { Clock } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { ClientLine } from '../../contract/workspace'
import type { ClientFacts, ClientSource } from '../source/clients'
import type { GroupSource } from '../source/groups'
import { isRoutine } from './routine-errors'

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
  readonly client: ClientFacts
  readonly at: number
}

/** Clients that are connected, and those that were until a short time ago, with what each does per second. */
export class ClientRecords {
  readonly changed: Listen<void>
  readonly #changes: Emitter<void>
  readonly #source: ClientSource
  readonly #groups: GroupSource['list']
  readonly #clock: Clock
  /** By connection: what was counted at the last beats, the newest last. */
  readonly #beats = new Map<number, readonly Totals[]>()
  /** The newest first. */
  #left: readonly Left[] = []
  readonly #ends: (() => void)[]

  constructor(
    source: ClientSource,
    groups: GroupSource['list'],
    clock: Clock,
    beat: Listen<void>,
    onError: (error: unknown) => void,
  ) {
    this.#source = source
    this.#groups = groups
    this.#clock = clock
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    this.#ends = [
      beat(() => void this.#sample().catch(onError)),
      source.changed(({ kind, client }) => {
        if (kind === 'disconnected') this.#leave(client)
        this.#changes.emit()
      }),
    ]
  }

  async lines(): Promise<ClientLine[]> {
    const [clients, groups] = await Promise.all([this.#source.list(), this.#groups()])
    const groupsOf = new Map<string, Set<string>>()
    for (const { groupId, members } of groups) {
      for (const { clientId } of members) groupsOf.set(clientId, (groupsOf.get(clientId) ?? new Set()).add(groupId))
    }
    const line = (client: ClientFacts, leftAt: number | null): ClientLine => ({
      ...lineOf(client, this.#beats.get(client.connectionId), leftAt),
      groups: [...(groupsOf.get(client.clientId) ?? [])].sort(),
    })
    return [...clients.map((client) => line(client, null)), ...this.#left.map(({ client, at }) => line(client, at))]
  }

  dispose(): void {
    for (const end of this.#ends) end()
  }

  #leave(client: ClientFacts): void {
    this.#beats.delete(client.connectionId)
    // A connection that asked nothing (a port scan, a health check) leaves nothing to look at.
    if (client.requests === 0 && client.lastError === null) return
    const alike = this.#left.filter((left) => left.client.clientId === client.clientId)
    const tooMany = new Set(alike.slice(keptOfOne - 1))
    const others = this.#left.filter((left) => !tooMany.has(left)).slice(0, keptLeft - 1)
    this.#left = [{ client, at: this.#clock.now() }, ...others]
  }

  async #sample(): Promise<void> {
    const at = this.#clock.now()
    for (const { connectionId, requests, bytesIn, bytesOut } of await this.#source.list()) {
      const before = this.#beats.get(connectionId) ?? []
      this.#beats.set(connectionId, [...before.slice(-keptBeats), { at, requests, bytesIn, bytesOut }])
    }
    if (this.#left.some((left) => at - left.at >= keptMs)) {
      this.#left = this.#left.filter((left) => at - left.at < keptMs)
    }
    this.#changes.emit()
  }
}

function lineOf(client: ClientFacts, beats: readonly Totals[] = [], leftAt: number | null): Omit<ClientLine, 'groups'> {
  const { remoteAddress, remotePort } = client
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress
  return {
    connectionId: client.connectionId,
    clientId: client.clientId,
    software: `${client.softwareName} ${client.softwareVersion}`.trim(),
    address: `${host}:${remotePort}`,
    listener: client.listener,
    principal: client.principal,
    connectedAt: client.connectedAt,
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
    apis: client.apis,
    writes: client.writes,
    reads: client.reads,
    metricsAt: client.metricsAt,
    throttle: client.throttle,
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
