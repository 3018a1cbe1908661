import type { Listen } from '../../base/emitter'
import type { Name } from '../../contract/contract'
import type { ExchangeBatch, ExchangeDetail } from '../../contract/exchanges'
import type { ClusterLabel, DemoState, SettingLine, WriteFailure } from '../../contract/workspace'

/** A map that the app keeps. What is set is stored when the promise resolves; when it rejects nothing has changed. */
export interface KeptMap<T> {
  get(key: string): Promise<T | undefined>
  entries(): Promise<readonly (readonly [string, T])[]>
  /** `null` removes it. */
  set(key: string, value: T | null): Promise<void>
}

export interface KeptMaps {
  map<T>(kind: string): KeptMap<T>
}

export interface WorkspaceSource {
  readonly clusterId: string
  /** `null` for the broker of this app. */
  readonly label: ClusterLabel | null
  /** `null`: everything is in memory, or elsewhere. */
  readonly file: string | null
  fileBytes(): Promise<number>
  /** Bytes of the file that hold nothing, and are used before it grows. */
  freeBytes(): Promise<number>
  /** Gives that back to the disk. */
  shrink(): Promise<void>
  shrinksInSteps(): boolean
  /** `null` while what clients send is stored, and for a cluster elsewhere. */
  writeFailure(): WriteFailure | null
  readonly writeFailureChanged: Listen<void> | null
  /** Writes a copy that can be opened by itself. */
  saveCopy(path: string): Promise<void>
}

/** A cluster elsewhere that is read-only until it is unlocked. */
export interface LockSource {
  /** What changes the cluster. */
  readonly names: readonly Name[]
  /** Why nothing may be changed now, in a sentence; undefined: it may. */
  why(): string | undefined
  /** @throws Error with a sentence when it cannot be unlocked, or the name is another */
  unlock(name: string): void
  lock(): void
  /** Name of the cluster, where messages are written only after somebody allowed it in this session; `null`: they are written. */
  readonly asksForMessages: string | null
  /** The same as a sentence. */
  whyNoMessages(): string | undefined
  /** @throws Error with a sentence when the name is another */
  allowMessages(name: string): void
}

/** What goes over the wire while somebody looks. */
export interface WireSource {
  /**
   * Batches, each after the one before was taken: a page that takes none costs nothing. Returns what ends it.
   * @param after frames that closed their connection before anybody looked are told if they came after this one
   */
  watch(after: number, tell: (batch: ExchangeBatch, taken: () => void) => void): () => void
  detail(seq: number): Promise<ExchangeDetail>
}

export interface SettingsSource {
  readonly changed: Listen<void>
  lines(): Promise<readonly SettingLine[]>
  /** `null` removes the setting. */
  set(name: string, value: string | null): Promise<void>
}

export interface DemoSource {
  /** True for a connection of the demo's clients: some of what they do fails on purpose. */
  owns(connectionId: number): boolean
  readonly changed: Listen<void>
  readonly state: DemoState
  start(): Promise<void>
  stop(): Promise<void>
}
