import type { SettingName } from '../options/workspace-settings'

export interface WorkspaceStatus {
  readonly running: true
  readonly version: string
  readonly clusterId: string
  /** `null` for the broker of this app. */
  readonly cluster: ClusterLabel | null
  readonly addresses: readonly string[]
  readonly listeners: readonly ListenerLine[]
  /** `http://localhost:8081`, for `schema.registry.url`; `null` when there is none. */
  readonly registryUrl: string | null
  /** `null` while everything is in memory. */
  readonly file: string | null
  readonly fileBytes: number
  /** Bytes of the file that hold nothing: they are used before it grows. */
  readonly freeBytes: number
  /** Giving that back takes small steps; else the file is written again at once, and clients wait for that long. */
  readonly shrinksInSteps: boolean
  /** What clients send cannot be stored; `null` while it is, and for a cluster elsewhere. */
  readonly writeFailure: WriteFailure | null
  readonly startedAt: number
  readonly topics: number
  readonly partitions: number
  readonly groups: number
  readonly clients: number
}

/** The file of the workspace cannot be written. */
export interface WriteFailure {
  /** When the first write failed. */
  readonly since: number
  /** `the disk is full` */
  readonly why: string
}

/** Sums over all groups: what a cluster elsewhere tells only with many requests. */
export interface WorkspaceLag {
  readonly total: number
  /** Partitions that groups read and have not committed: the total leaves them out. */
  readonly uncommitted: number
}

/** Colours by which people tell clusters from each other; in the order of the hues of the pages. */
export const clusterColors = ['blue', 'orange', 'teal', 'pink', 'violet', 'olive', 'red', 'gray'] as const
export type ClusterColor = (typeof clusterColors)[number]

export const clusterStages = ['development', 'test', 'staging', 'production'] as const
export type ClusterStage = (typeof clusterStages)[number]

/** A cluster elsewhere, as the band above every page names it. */
export interface ClusterLabel {
  readonly name: string
  /** `null`: nobody said. */
  readonly stage: ClusterStage | null
  readonly color: ClusterColor | null
  readonly isReadOnly: boolean
  /** It is read-only until somebody types its name. */
  readonly canUnlock: boolean
  /** Time until it becomes read-only again; `null`: it is read-only, or stays writable. */
  readonly unlockedForMs: number | null
  /** Requests that it was sent from here in the last minute. */
  readonly requestsPerMinute: number
}

/** One of Kafka's `listeners`. */
export interface ListenerLine {
  readonly name: string
  readonly securityProtocol: string
  /** `127.0.0.1:9092`, `[::1]:9092` */
  readonly addresses: readonly string[]
  /** What clients are told instead of the address that they dialled. */
  readonly advertised: string | null
  /** Other machines can reach it. */
  readonly isOpen: boolean
  /** Why it is not bound; `null` when it is. */
  readonly problem: string | null
}

/** Sums over all topics, per second. */
export interface TrafficPoint {
  readonly at: number
  readonly inRecords: number
  readonly inBytes: number
  readonly outBytes: number
  readonly requests: number
}

/** Something that happened and that a person may want to know. */
export interface ActivityLine {
  readonly seq: number
  readonly at: number
  readonly kind: 'topic' | 'client' | 'group' | 'transaction' | 'error' | 'reset' | 'alertOver'
  readonly text: string
  /** Of a group: `seq` of the line that its rebalance began with; steps that only carry a rebalance out have that of the line before them. */
  readonly rebalance: number | null
  /** Where to look: a topic, a group, a transactional id, or the number of a connection. */
  readonly subject: string | null
}

export interface ClientLine {
  readonly connectionId: number
  readonly clientId: string
  readonly software: string
  readonly address: string
  readonly listener: string
  readonly principal: string
  readonly connectedAt: number
  /** `null` while it is connected. */
  readonly leftAt: number | null
  readonly requests: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Averages of the last seconds. */
  readonly requestsPerSecond: number
  readonly inBytesPerSecond: number
  readonly outBytesPerSecond: number
  /** Bytes in both directions per second of the last minute, the newest last. */
  readonly traffic: readonly number[]
  readonly lastRequestAt: number
  readonly apis: readonly { readonly name: string; readonly version: number; readonly requests: number }[]
  readonly writes: readonly string[]
  readonly reads: readonly string[]
  /** When it last pushed metrics of its own (KIP-714); `null`: never. */
  readonly metricsAt: number | null
  /** Groups with a member of this client id. */
  readonly groups: readonly string[]
  /** The newest pause that a quota put on it, and the sum of all; `null`: there was none. */
  readonly throttle: { readonly at: number; readonly pauseMs: number; readonly totalMs: number } | null
  readonly lastError: {
    readonly at: number
    readonly api: string
    readonly error: string
    readonly text: string
    /** Part of a healthy day, as a rebalance is: clients mend it by themselves. */
    readonly isRoutine: boolean
  } | null
}

/** One figure that a client measured of itself. */
export interface MetricLine {
  readonly name: string
  readonly unit: string
  /** `partition=3 topic=orders` */
  readonly labels: string
  readonly value: string
}

export interface ClientMetrics {
  readonly at: number
  readonly metrics: readonly MetricLine[]
}

/** A transaction that is over. */
export interface EndedTransaction {
  readonly at: number
  readonly outcome: 'committed' | 'aborted' | 'timed out'
  /** -1 when it is not known. */
  readonly startedAt: number
  /** `orders:3` */
  readonly partitions: readonly string[]
}

/** A partition whose last stable offset an open transaction holds. */
export interface BlockedPartition {
  readonly topic: string
  readonly partition: number
  /** Records behind the last stable offset, of all producers: a read_committed consumer does not get them yet. */
  readonly records: number
  /** Groups that read the partition or have committed an offset of it. */
  readonly groups: readonly BlockedGroup[]
  /** Other transactions that are open in it: it stays blocked until they end too. */
  readonly others: readonly string[]
}

/** A group that may wait for a transaction. */
export interface BlockedGroup {
  readonly groupId: string
  /** `isolation.level` of its consumers, as they fetch; `null` when that is not known. */
  readonly isolation: 'read_committed' | 'read_uncommitted' | null
}

/** What an abort of an open transaction would do. */
export interface AbortPlan {
  readonly partitions: readonly AbortedPartition[]
  /** Offsets that it sent and that are dropped, by group; `null`: a cluster does not tell. */
  readonly offsets: readonly { readonly groupId: string; readonly partitions: number }[] | null
}

interface AbortedPartition {
  readonly topic: string
  readonly partition: number
  /** Records of the transaction; `null`: a cluster does not tell. */
  readonly written: number | null
  /** Records behind the last stable offset, of all producers. */
  readonly heldBack: number
  /** Other transactions that are open in it. */
  readonly others: readonly string[]
}

export interface TransactionLine {
  readonly transactionalId: string
  readonly producerId: string
  readonly producerEpoch: number
  readonly state: string
  readonly partitions: readonly string[]
  readonly startedAt: number
  readonly updatedAt: number
  readonly timeoutMs: number
  /** As far back as the workspace remembers the id; of a cluster elsewhere since its pages were opened. */
  readonly committed: number
  readonly aborted: number
  /** The newest first. */
  readonly ended: readonly EndedTransaction[]
  /** What an open transaction holds back. */
  readonly blocked: readonly BlockedPartition[]
}

export interface DemoState {
  readonly running: boolean
  /** It was cut short, and what it made is still there. */
  readonly leftover: boolean
  readonly note: string | null
}

/** A setting of the workspace. */
export type { SettingName }

export interface SettingLine {
  readonly section: 'Listening' | 'Storage' | 'Topics' | 'Groups' | 'Transactions'
  readonly name: string
  readonly label: string
  readonly type: string
  /** What it can be, where that is one of a few. */
  readonly choices: readonly { readonly value: string; readonly label: string }[] | null
  readonly value: string
  readonly defaultValue: string
  readonly isDefault: boolean
  /** The config that decides while this one has no value, with its value in the unit of this one; `null` where none does. */
  readonly inherited: { readonly name: string; readonly value: string } | null
  /** Why it cannot be changed here; `null` when it can. */
  readonly fixed: string | null
  /** It takes effect immediately; otherwise when the workspace is opened the next time. */
  readonly atOnce: boolean
  readonly documentation: string
  /** URL that is served now because of it; `null` when it serves none. */
  readonly address: string | null
  /** Reason why it is not in effect although it is set, in a sentence; `null` when it is. */
  readonly problem: string | null
}
