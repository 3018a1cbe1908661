import type { Uuid } from '../../base/uuid'
import type { Outcome, SharePartition } from '../../groups/share/share-partition'
import {
  combinedRuns,
  numbersPerRun,
  outcomeRuns,
  type PackedRuns,
  packRuns,
  type StoredRun,
  storedRuns,
  unpackRuns,
} from '../../groups/share/stored-runs'
import type { Workspace } from '../../storage'
import type { Commits } from '../commits'
import { DocumentMap } from '../document-map'

/** The name of a share-partition. */
export interface SharePlace {
  readonly groupId: string
  readonly topicId: Uuid
  readonly partition: number
}

/** The state of a share-partition that outlives the broker (`ShareSnapshotValue` of `__share_group_state` in Kafka). */
export interface StoredSharePartition extends SharePlace {
  readonly stateEpoch: number
  readonly leaderEpoch: number
  /** -1 until `share.auto.offset.reset` was applied. */
  readonly startOffset: number
  readonly packed: PackedRuns
  /** How many offsets are finished, when another broker wrote so (WriteShareGroupState); by itself it follows from the runs. */
  readonly finishedCount?: number
  /** What `share.auto.offset.reset` decided: the first offset, and where the log began then. */
  readonly began?: { readonly offset: number; readonly logStart: number }
}

/** What one step changed (`ShareUpdateValue` in Kafka). */
interface ShareUpdate {
  readonly startOffset: number
  readonly packed: PackedRuns
}

/** The updates of a share-partition since its snapshot. */
interface Updates {
  readonly count: number
  /** Numbers that they hold together. */
  readonly numbers: number
  /** The snapshot with all of them, once it was asked for. */
  combined: StoredSharePartition | undefined
}

const noUpdates: Updates = { count: 0, numbers: 0, combined: undefined }
/** The key and the start offset of an update, in numbers of a run. */
const numbersOfUpdate = 8

/** JSON of a snapshot. Older workspaces have the runs as objects in place of `packed`. */
const snapshotCodec = {
  encode(stored: StoredSharePartition): string {
    return JSON.stringify(stored)
  },
  decode(text: string): StoredSharePartition {
    const written = JSON.parse(text) as StoredSharePartition | OldStored
    if ('packed' in written) return written
    const { runs, ...rest } = written
    return { ...rest, packed: packRuns(runs) }
  },
}

type OldStored = Omit<StoredSharePartition, 'packed'> & { readonly runs: readonly StoredRun[] }

/**
 * Share-partitions in the workspace (org.apache.kafka.coordinator.share.ShareCoordinatorShard): a snapshot of each, and updates since then. An
 * acknowledgement adds an update with what it changed. A window of ten thousand runs takes a hundred kilobytes; it is written again only when the
 * updates have become as large, or are as many as `share.coordinator.snapshot.update.records.per.snapshot`. A snapshot and the removal of
 * its updates are one group commit: the file never has one without the other.
 */
export class StoredSharePartitions {
  readonly #snapshots: DocumentMap<StoredSharePartition>
  readonly #updates: DocumentMap<ShareUpdate>
  readonly #mostUpdates: () => number
  /** Keys by group: there may be thousands of groups, and most questions are about one. */
  #keysOf = new Map<string, Set<string>>()
  /** By the key of the share-partition; none without updates. */
  #updatesOf = new Map<string, Updates>()

  constructor(parts: {
    readonly workspace: Workspace
    readonly commits: Commits
    /** `share.coordinator.snapshot.update.records.per.snapshot` */
    readonly mostUpdates: () => number
  }) {
    const { workspace, commits } = parts
    this.#snapshots = new DocumentMap({
      workspace,
      commits,
      kind: 'share-partition',
      codec: snapshotCodec,
      rolledBack: () => this.#index(),
    })
    this.#updates = new DocumentMap({ workspace, commits, kind: 'share-update', rolledBack: () => this.#count() })
    this.#mostUpdates = parts.mostUpdates
    this.#index()
    this.#count()
  }

  has(key: string): boolean {
    return this.#snapshots.has(key)
  }

  /** All share-partitions by name. */
  places(): Iterable<SharePlace> {
    return this.#snapshots.values()
  }

  /** Share-partitions of a group by name. */
  placesOf(groupId: string): SharePlace[] {
    return [...(this.#keysOf.get(groupId) ?? [])].flatMap((key) => this.#snapshots.get(key) ?? [])
  }

  /** `null` when the first offset was set by an administrator, or is not decided yet. */
  began(key: string): NonNullable<StoredSharePartition['began']> | null {
    return this.#snapshots.get(key)?.began ?? null
  }

  get(key: string): StoredSharePartition | undefined {
    const snapshot = this.#snapshots.get(key)
    const updates = this.#updatesOf.get(key)
    if (!snapshot || !updates) return snapshot
    return (updates.combined ??= this.#combined(key, snapshot, updates.count))
  }

  /** Stores a snapshot, and removes the updates before it. @throws StorageFailure */
  set(key: string, stored: StoredSharePartition): void {
    this.#snapshots.set(key, stored)
    this.#add(key, stored)
    this.#removeUpdates(key)
  }

  /** Stores what a step changed, which led to `next`; nothing when the share-partition is not known. @throws StorageFailure */
  update(key: string, next: SharePartition, outcomes: readonly Outcome[]): void {
    const snapshot = this.#snapshots.get(key)
    if (!snapshot) return
    const { startOffset } = next
    const update = { startOffset, packed: outcomeRuns(outcomes, startOffset) }
    const before = this.#updatesOf.get(key) ?? noUpdates
    const count = before.count + 1
    const numbers = before.numbers + numbersOfUpdate + update.packed.length
    const runs = next.batches.reduce((sum, { lasts }) => sum + lasts.length, 0)
    if (numbers >= runs * numbersPerRun || count > this.#mostUpdates()) {
      this.set(key, { ...withoutCount(snapshot), startOffset, packed: storedRuns(next) })
      return
    }
    this.#updates.set(updateKeyOf(key, count), update)
    this.#updatesOf.set(key, { count, numbers, combined: undefined })
  }

  /** @throws StorageFailure */
  delete(key: string): void {
    const groupId = this.#snapshots.get(key)?.groupId
    this.#snapshots.delete(key)
    if (groupId !== undefined) this.#remove(key, groupId)
    this.#removeUpdates(key)
  }

  #index(): void {
    this.#keysOf = new Map()
    for (const [key, place] of this.#snapshots) this.#add(key, place)
  }

  #add(key: string, { groupId }: SharePlace): void {
    const keys = this.#keysOf.get(groupId)
    if (keys) keys.add(key)
    else this.#keysOf.set(groupId, new Set([key]))
  }

  #remove(key: string, groupId: string): void {
    const keys = this.#keysOf.get(groupId)
    keys?.delete(key)
    if (keys?.size === 0) this.#keysOf.delete(groupId)
  }

  #removeUpdates(key: string): void {
    const { count } = this.#updatesOf.get(key) ?? noUpdates
    for (let number = 1; number <= count; number++) this.#updates.delete(updateKeyOf(key, number))
    this.#updatesOf.delete(key)
  }

  #combined(key: string, snapshot: StoredSharePartition, count: number): StoredSharePartition {
    const written = unpackRuns(snapshot.packed)
    let { startOffset } = snapshot
    for (let number = 1; number <= count; number++) {
      const update = this.#updates.get(updateKeyOf(key, number))
      if (!update) continue
      startOffset = Math.max(startOffset, update.startOffset)
      for (const run of unpackRuns(update.packed)) written.push(run)
    }
    return { ...withoutCount(snapshot), startOffset, packed: combinedRuns(written, startOffset) }
  }

  #count(): void {
    const counted = new Map<string, Updates>()
    for (const [updateKey, { packed }] of this.#updates) {
      const key = keyOfUpdated(updateKey)
      const { count, numbers } = counted.get(key) ?? noUpdates
      counted.set(key, { count: count + 1, numbers: numbers + numbersOfUpdate + packed.length, combined: undefined })
    }
    this.#updatesOf = counted
  }
}

/** With the next outcome the count of another broker is out of date. */
function withoutCount({ finishedCount: _, ...stored }: StoredSharePartition): StoredSharePartition {
  return stored
}

export function shareKeyOf(groupId: string, topicId: Uuid, partition: number): string {
  return JSON.stringify([groupId, topicId, partition])
}

/** Updates are numbered from 1 on; those of one share-partition lie side by side in the file. */
function updateKeyOf(key: string, number: number): string {
  return `${key} ${number}`
}

function keyOfUpdated(updateKey: string): string {
  return updateKey.slice(0, updateKey.lastIndexOf(' '))
}
