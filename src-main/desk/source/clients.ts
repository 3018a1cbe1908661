import type { Listen } from '../../base/emitter'
import type { TopicPartition } from '../../base/topic-partition'
import type { Codec } from '../../records/batch'

/** One connection. What a client says of itself (KIP-511) is never trusted. */
export interface ClientFacts {
  readonly connectionId: number
  readonly clientId: string
  readonly softwareName: string
  readonly softwareVersion: string
  readonly remoteAddress: string
  readonly remotePort: number
  readonly listener: string
  readonly principal: string
  readonly connectedAt: number
  readonly requests: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly lastRequestAt: number
  readonly apis: readonly { readonly name: string; readonly version: number; readonly requests: number }[]
  readonly writes: readonly string[]
  readonly reads: readonly string[]
  /** When it last pushed metrics of its own (KIP-714). */
  readonly metricsAt: number | null
  readonly lastError: {
    readonly at: number
    readonly api: string
    readonly error: string
    readonly text: string
  } | null
  /** The newest pause that a quota put on it, and the sum of all; `null`: there was none. */
  readonly throttle: { readonly at: number; readonly pauseMs: number; readonly totalMs: number } | null
  /** It belongs to the demo of the app: some of what it does fails on purpose. */
  readonly isOfDemo: boolean
}

/** A connection that fetches a partition: it was given everything before `offset`, and what lies from `from` on at `at`. */
export interface PartitionReader extends TopicPartition {
  readonly clientId: string
  readonly remoteAddress: string
  /** Groups that this connection named; none: a connection that only fetches. */
  readonly groupIds: ReadonlySet<string>
  readonly offset: number
  readonly from: number
  readonly at: number
  /** It fetches with `isolation.level=read_committed`. */
  readonly committedOnly: boolean
}

export interface ClientChange {
  readonly kind: 'connected' | 'disconnected' | 'identified' | 'failed'
  readonly client: ClientFacts
}

/** Who is connected: only the broker itself knows. */
export interface ClientSource {
  readonly changed: Listen<ClientChange>
  /** Clients with an open connection, by client id. */
  count(): Promise<number>
  list(): Promise<readonly ClientFacts[]>
  /** Connections that have fetched from a topic, and where each stands. */
  readers(topics: readonly string[]): Promise<readonly PartitionReader[]>
  /** Connections that produced with this producer id. */
  writers(producerId: string): Promise<readonly ClientFacts[]>
  /** The metrics that a client pushed last, in OpenTelemetry's format; `null`: none. */
  telemetry(
    connectionId: number,
  ): Promise<{ readonly at: number; readonly codec: Codec; readonly payload: Uint8Array } | null>
}
