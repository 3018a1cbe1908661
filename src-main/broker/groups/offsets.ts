import type { Millis } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import { type Int64, int64 } from '../../base/int64'
import { keyOf } from '../../base/topic-partition'
import type { Workspace } from '../../storage'
import type { Commits, Uncommitted } from '../commits'
import { DocumentMap } from '../document-map'

/** A committed offset of a group. */
export interface CommittedOffset {
  readonly topic: string
  readonly partition: number
  /** Any 64-bit value that a client commits (OffsetMetadataManager does not look at it). */
  readonly offset: Int64
  readonly leaderEpoch: number
  readonly metadata: string
  readonly committedAt: Millis
  /** Only of old clients that set a retention time (OffsetCommit 2-4). */
  readonly expiresAt: Millis | null
}

/** A change of one offset; `offset` is null when it was removed. */
export interface OffsetCommitted {
  readonly groupId: string
  readonly topic: string
  readonly partition: number
  readonly offset: Int64 | null
  readonly at: Millis
}

/** A second place that offsets are written to in the same group commit: the topic `__consumer_offsets`. */
export interface OffsetsMirror {
  /** @throws StorageFailure */
  committed(groupId: string, rows: readonly CommittedOffset[]): void
  /** @throws StorageFailure */
  removed(groupId: string, partitions: readonly { readonly topic: string; readonly partition: number }[]): void
}

/** Offsets of open transactions, by producer id. Replaced as a whole, after the file. */
type Pending = ReadonlyMap<string, readonly CommittedOffset[]>

/**
 * Committed offsets of all groups (OffsetMetadataManager), in memory and in the workspace. Offsets of a transaction stay pending until
 * its marker is written.
 */
export class GroupOffsets implements Uncommitted {
  readonly #workspace: Workspace
  readonly #commits: Commits
  readonly #topic: OffsetsMirror
  readonly #groups = new Map<string, Map<string, CommittedOffset>>()
  readonly #pending: DocumentMap<Pending>
  readonly #emitter: Emitter<readonly OffsetCommitted[]>
  readonly changed: Listen<readonly OffsetCommitted[]>
  #uncommitted: OffsetCommitted[] = []

  constructor(workspace: Workspace, commits: Commits, topic: OffsetsMirror, onError: (error: unknown) => void) {
    this.#workspace = workspace
    this.#commits = commits
    this.#topic = topic
    this.#emitter = new Emitter(onError)
    this.changed = this.#emitter.listen
    this.#pending = new DocumentMap({ workspace, commits, kind: 'pending-offsets', codec: pendingCodec })
    this.#load()
  }

  get(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(groupId)?.get(keyOf(topic, partition))
  }

  /** All offsets of a group. */
  of(groupId: string): CommittedOffset[] {
    return [...(this.#groups.get(groupId)?.values() ?? [])]
  }

  has(groupId: string): boolean {
    return this.#groups.has(groupId)
  }

  groupIds(): IterableIterator<string> {
    return this.#groups.keys()
  }

  /** An open transaction has an offset for this partition (KIP-447: UNSTABLE_OFFSET_COMMIT). */
  isPending(groupId: string, topic: string, partition: number): boolean {
    for (const rows of this.#pending.get(groupId)?.values() ?? []) {
      if (rows.some((row) => row.topic === topic && row.partition === partition)) return true
    }
    return false
  }

  /** How many offsets the open transaction of a producer sent, by group. */
  pendingOf(producerId: bigint): Map<string, number> {
    return new Map(
      [...this.#pending].flatMap(([groupId, pending]): [string, number][] => {
        const rows = pending.get(String(producerId)) ?? []
        return rows.length > 0 ? [[groupId, rows.length]] : []
      }),
    )
  }

  hasPending(groupId: string): boolean {
    return this.#pending.has(groupId)
  }

  /** @throws StorageFailure */
  set(groupId: string, rows: readonly CommittedOffset[]): void {
    this.#workspace.write(() => this.#workspace.offsets.set(groupId, rows))
    this.#topic.committed(groupId, rows)
    let group = this.#groups.get(groupId)
    if (!group) this.#groups.set(groupId, (group = new Map()))
    for (const row of rows) {
      group.set(keyOf(row.topic, row.partition), row)
      const { topic, partition, offset, committedAt: at } = row
      this.#uncommitted.push({ groupId, topic, partition, offset, at })
    }
    this.#commits.touch(this)
  }

  /**
   * Removes offsets, and those of open transactions (OffsetMetadataManager.replay of a tombstone).
   *
   * @throws StorageFailure
   */
  remove(
    groupId: string,
    partitions: readonly { readonly topic: string; readonly partition: number }[],
    at: Millis,
  ): void {
    const gone = new Set(partitions.map(({ topic, partition }) => keyOf(topic, partition)))
    this.#retainPending(groupId, (_producerId, row) => !gone.has(keyOf(row.topic, row.partition)))
    const group = this.#groups.get(groupId)
    if (!group) return
    this.#workspace.write(() => {
      for (const { topic, partition } of partitions) this.#workspace.offsets.remove(groupId, topic, partition)
    })
    this.#topic.removed(groupId, partitions)
    for (const { topic, partition } of partitions) {
      if (group.delete(keyOf(topic, partition))) {
        this.#uncommitted.push({ groupId, topic, partition, offset: null, at })
      }
    }
    if (group.size === 0) this.#groups.delete(groupId)
    this.#commits.touch(this)
  }

  /** @throws StorageFailure */
  removeGroup(groupId: string, at: Millis): void {
    this.#retainPending(groupId, () => false)
    this.remove(groupId, this.of(groupId), at)
  }

  /** Removes the offsets of a deleted topic in every group. @throws StorageFailure */
  removeTopic(topic: string, at: Millis): void {
    for (const groupId of new Set([...this.#groups.keys(), ...this.#pending.keys()])) {
      this.#retainPending(groupId, (_producerId, row) => row.topic !== topic)
      const gone = this.of(groupId).filter((row) => row.topic === topic)
      if (gone.length > 0) this.remove(groupId, gone, at)
    }
  }

  /** Keeps offsets of a transaction until it ends. @throws StorageFailure */
  addPending(groupId: string, producerId: bigint, rows: readonly CommittedOffset[]): void {
    const pending = this.#pending.get(groupId)
    const sent = new Set(rows.map(({ topic, partition }) => keyOf(topic, partition)))
    const before = pending?.get(String(producerId)) ?? []
    const held = [...before.filter(({ topic, partition }) => !sent.has(keyOf(topic, partition))), ...rows]
    this.#setPending(groupId, new Map([...(pending ?? []), [String(producerId), held]]))
  }

  /**
   * The transaction of a producer ended: its offsets are committed or dropped, in all groups, or in those of one partition of
   * `__consumer_offsets`.
   *
   * @throws StorageFailure
   */
  completeProducer(producerId: bigint, committed: boolean, concerns: (groupId: string) => boolean = () => true): void {
    for (const [groupId, pending] of [...this.#pending]) {
      const held = pending.get(String(producerId))
      if (!held || !concerns(groupId)) continue
      this.#retainPending(groupId, (id) => id !== String(producerId))
      // An offset that was committed after the transaction sent its own is newer (OffsetMetadataManager.replayEndTransactionMarker).
      const rows = held.filter((row) => {
        const present = this.get(groupId, row.topic, row.partition)
        return !present || present.committedAt <= row.committedAt
      })
      if (committed && rows.length > 0) this.set(groupId, rows)
    }
  }

  committed(): void {
    const changes = this.#uncommitted
    this.#uncommitted = []
    if (changes.length > 0) this.#emitter.emit(changes)
  }

  rolledBack(): void {
    this.#uncommitted = []
    this.#load()
  }

  #load(): void {
    this.#groups.clear()
    for (const { groupId, ...row } of this.#workspace.offsets.list()) {
      let group = this.#groups.get(groupId)
      if (!group) this.#groups.set(groupId, (group = new Map()))
      group.set(keyOf(row.topic, row.partition), row)
    }
  }

  #retainPending(groupId: string, stays: (producerId: string, row: CommittedOffset) => boolean): void {
    const pending = this.#pending.get(groupId)
    if (!pending) return
    const next = new Map<string, readonly CommittedOffset[]>()
    let isChanged = false
    for (const [producerId, rows] of pending) {
      const left = rows.filter((row) => stays(producerId, row))
      isChanged ||= left.length < rows.length
      if (left.length > 0) next.set(producerId, left)
    }
    if (isChanged) this.#setPending(groupId, next)
  }

  /** Writes the file first: a failed write changes nothing in memory. */
  #setPending(groupId: string, pending: Pending): void {
    if (pending.size > 0) this.#pending.set(groupId, pending)
    else this.#pending.delete(groupId)
    this.#commits.touch(this)
  }
}

/** JSON, with offsets that no number holds exactly as text. */
const pendingCodec = {
  encode: (pending: Pending): string =>
    JSON.stringify(Object.fromEntries(pending), (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  decode: (text: string): Pending => {
    const rows = JSON.parse(text) as Record<string, (Omit<CommittedOffset, 'offset'> & { offset: number | string })[]>
    return new Map(
      Object.entries(rows).map(([producerId, held]) => [
        producerId,
        held.map((row) => ({
          ...row,
          offset: typeof row.offset === 'string' ? int64(BigInt(row.offset)) : row.offset,
        })),
      ]),
    )
  },
}
