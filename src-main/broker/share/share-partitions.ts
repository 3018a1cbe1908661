import type { Clock, Millis } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { Uuid } from '../../base/uuid'
import { type Ended, expireLocks, logStartMoved, release, setBackLocks } from '../../groups/share/acknowledge'
import {
  type DeliverySettings,
  inFlight,
  nextFetchOffset,
  nextLockEnd,
  type Outcome,
  type SharePartition,
} from '../../groups/share/share-partition'
import { loadSharePartition } from '../../groups/share/stored-runs'
import { StorageFailure, type Workspace } from '../../storage'
import type { Commits, Uncommitted } from '../commits'
import type { Configs } from '../config/configs'
import { type Deadline, Deadlines } from '../deadlines'
import type { Partition } from '../log/partition'
import type { Topics } from '../log/topics'
import { type SharePlace, type StoredSharePartition, StoredSharePartitions, shareKeyOf } from './stored-partitions'

/** For pages. */
export { eachRun } from '../../groups/share/runs'
export { finishedRanges, runsOf } from '../../groups/share/share-partition'

/** Reason for a change of records: a request of their member, or the end of a session, a lock or the log. */
export type ShareCause = 'acknowledged' | 'sessionEnded' | 'lockEnded' | 'releasedByHand' | 'logCut' | 'read'

/** Outcomes of one step for the records of a share-partition. */
export interface ShareOutcomes extends SharePlace {
  readonly at: Millis
  readonly cause: ShareCause
  readonly outcomes: readonly Outcome[]
  readonly totals: readonly OutcomeTotal[]
}

/** Number of records with the same outcome and member. */
export interface OutcomeTotal {
  readonly kind: Outcome['kind']
  readonly memberId: string | null
  readonly records: number
}

/** Records of one share-partition that one fetch gave to its member. */
export interface Acquisition {
  readonly groupId: string
  readonly memberId: string
  readonly records: number
}

/** A share-partition in memory. */
export interface OpenSharePartition {
  readonly groupId: string
  readonly topicId: Uuid
  readonly log: Partition
  value: SharePartition
  /** Called when something became available again, or the share-partition went away. */
  readonly waiters: Set<() => void>
}

/** A share-partition as pages and metrics see it. */
export interface SharePicture {
  /** `undefined` until a member has fetched it. */
  readonly value: SharePartition | undefined
  /** The offset behind everything that was ever handed out. */
  readonly windowEnd: number
  /** Where a fetch would read. */
  readonly next: number
  readonly inFlight: number
  readonly began: { readonly offset: number; readonly logStart: number } | null
}

interface Parts {
  readonly workspace: Workspace
  readonly commits: Commits
  readonly configs: Configs
  readonly topics: Topics
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** After a failed write the locks that ended are tried again no sooner than this. */
const retryMs = 1000

/**
 * Hosts the share-partitions (kafka.server.share.SharePartitionManager): opens them when they are first fetched, applies what the rules of
 * groups/share/SPEC.md decide, stores outcomes in the group commit, and ends locks.
 */
export class SharePartitions implements Uncommitted {
  readonly #parts: Parts
  readonly #stored: StoredSharePartitions
  readonly #open = new Map<string, OpenSharePartition>()
  /** Values as they were before this turn; `undefined` for a share-partition that was opened in it. */
  #before = new Map<OpenSharePartition, SharePartition | undefined>()
  readonly #writers: ((ended: ShareOutcomes) => void)[] = []
  readonly #outcomes: Emitter<ShareOutcomes>
  /** Outcomes, when they are stored. */
  readonly ended: Listen<ShareOutcomes>
  readonly #acquisitions: Emitter<Acquisition>
  /** Records that a member acquired, when the fetch cannot fail any more. */
  readonly handedOut: Listen<Acquisition>
  readonly #changes: Emitter<string>
  /** The id of a group whose deliveries changed: handed out, finished, given back or forgotten. */
  readonly changed: Listen<string>
  /** [D23] Of all locks. */
  readonly #deadlines: Deadlines

  constructor(parts: Parts) {
    this.#parts = parts
    const { workspace, commits, configs } = parts
    this.#stored = new StoredSharePartitions({
      workspace,
      commits,
      mostUpdates: () => configs.brokerNumber('share.coordinator.snapshot.update.records.per.snapshot'),
    })
    this.#deadlines = new Deadlines({
      clock: parts.clock,
      list: () => this.#deadlinesOf(),
      expire: (key, now) => this.#endLocks(key, now),
      setBack: (now) => this.#setBack(now),
    })
    this.#outcomes = new Emitter(parts.onError)
    this.ended = this.#outcomes.listen
    this.#acquisitions = new Emitter(parts.onError)
    this.handedOut = this.#acquisitions.listen
    this.#changes = new Emitter(parts.onError)
    this.changed = this.#changes.listen
    parts.topics.changed(({ kind }) => {
      if (kind === 'deleted') this.#deleteUnknown()
    })
  }

  settings(groupId: string): DeliverySettings {
    const { configs } = this.#parts
    return {
      deliveryCountLimit: configs.groupNumber(groupId, 'share.delivery.count.limit'),
      maxRecordLocks: configs.groupNumber(groupId, 'share.partition.max.record.locks'),
      lockMs: configs.groupNumber(groupId, 'share.record.lock.duration.ms'),
      renewEnabled: configs.group(groupId, 'share.renew.acknowledge.enable') === 'true',
    }
  }

  /** Calls `write` with all outcomes, in the turn that stores them; its StorageFailure fails the turn. */
  alsoWrite(write: (ended: ShareOutcomes) => void): void {
    this.#writers.push(write)
  }

  /** The group has initialized this share-partition. */
  has(groupId: string, topicId: Uuid, partition: number): boolean {
    return this.#stored.has(shareKeyOf(groupId, topicId, partition))
  }

  stored(groupId: string, topicId: Uuid, partition: number): StoredSharePartition | undefined {
    return this.#stored.get(shareKeyOf(groupId, topicId, partition))
  }

  /** The deliveries as they are now, in memory or in the file; `undefined` until a member has fetched them. */
  value(groupId: string, topicId: Uuid, partition: number): SharePartition | undefined {
    const open = this.find(groupId, topicId, partition)
    if (open) return open.value
    const stored = this.stored(groupId, topicId, partition)
    return stored && stored.startOffset >= 0 ? loadSharePartition(stored.startOffset, stored.packed) : undefined
  }

  /** A share-partition and what follows from its value; `undefined` when its group has not initialized it. */
  picture(groupId: string, topicId: Uuid, partition: number): SharePicture | undefined {
    const key = shareKeyOf(groupId, topicId, partition)
    if (!this.#stored.has(key)) return undefined
    const value = this.value(groupId, topicId, partition)
    return {
      value,
      windowEnd: value ? (value.batches.length === 0 ? value.startOffset : value.endOffset + 1) : 0,
      next: value ? nextFetchOffset(value) : 0,
      inFlight: value ? inFlight(value) : 0,
      began: this.#stored.began(key),
    }
  }

  /** The share-partitions that a group has initialized. */
  placesOf(groupId: string): SharePlace[] {
    return this.#stored.placesOf(groupId)
  }

  openOf(groupId: string): OpenSharePartition[] {
    return [...this.#open.values()].filter((open) => open.groupId === groupId)
  }

  /** Creates the state of a share-partition, and replaces what there was (InitializeShareGroupState). @throws StorageFailure */
  initialize(groupId: string, topicId: Uuid, partition: number, stateEpoch: number, startOffset: number): void {
    const key = shareKeyOf(groupId, topicId, partition)
    this.#close(key)
    this.#stored.set(key, { groupId, topicId, partition, stateEpoch, leaderEpoch: 0, startOffset, packed: [] })
  }

  /** Replaces what is stored, as another broker would (WriteShareGroupState). @throws StorageFailure */
  write(state: StoredSharePartition): void {
    const key = shareKeyOf(state.groupId, state.topicId, state.partition)
    this.#close(key)
    this.#stored.set(key, state)
  }

  /** Forgets share-partitions of a group: of one topic or partition, or all. @throws StorageFailure */
  delete(groupId: string, topicId?: Uuid, partition?: number): void {
    for (const place of this.placesOf(groupId)) {
      if (topicId !== undefined && place.topicId !== topicId) continue
      if (partition === undefined || place.partition === partition) this.#delete(place)
    }
  }

  /** The share-partition in memory; `undefined` when it was not fetched since it was last forgotten. */
  find(groupId: string, topicId: Uuid, partition: number): OpenSharePartition | undefined {
    return this.#open.get(shareKeyOf(groupId, topicId, partition))
  }

  /** Opens a share-partition; `undefined` when its group has not initialized it. @throws StorageFailure */
  open(groupId: string, topicId: Uuid, log: Partition): OpenSharePartition | undefined {
    const key = shareKeyOf(groupId, topicId, log.number)
    const known = this.#open.get(key)
    if (known) return known
    const stored = this.#stored.get(key)
    if (!stored) return undefined
    const isResolved = stored.startOffset >= 0
    const startOffset = isResolved ? stored.startOffset : this.#resetOffset(groupId, log)
    const value = loadSharePartition(startOffset, stored.packed)
    const open: OpenSharePartition = { groupId, topicId, log, value, waiters: new Set() }
    // Kafka forgets where "latest" was until the first acknowledgement; a restart would then pass over what was never delivered.
    if (!isResolved) {
      this.#stored.set(key, { ...stored, startOffset, began: { offset: startOffset, logStart: log.logStartOffset } })
    }
    // What this turn wrote may be undone: then it is read again.
    if (this.#parts.commits.settled) this.#restoreWithTurn(open, undefined)
    this.#open.set(key, open)
    this.#changes.emit(groupId)
    return open
  }

  /** Forgets what is in memory of a group: nobody has a share session any more. Locks end with it. */
  closeGroup(groupId: string): void {
    for (const [key, open] of [...this.#open]) if (open.groupId === groupId) this.#close(key)
  }

  /** Replaces the value of a share-partition, and stores the outcomes that led to it. @throws StorageFailure */
  change(open: OpenSharePartition, { partition, outcomes }: Ended, cause: ShareCause): void {
    const before = open.value
    if (partition === before) return
    const isDecided = outcomes.some(({ kind }) => kind !== 'renewed')
    if (isDecided || (partition.startOffset !== before.startOffset && partition.batches.length === 0)) {
      this.#store(open, partition, outcomes)
    }
    open.value = partition
    if (cause === 'read' || outcomes.some(({ kind }) => kind === 'renewed')) this.#armNext(partition)
    const { topicId, groupId } = open
    this.#changes.emit(groupId)
    if (outcomes.length === 0) return
    const place = { groupId, topicId, partition: open.log.number, at: this.#parts.clock.now() }
    const ended: ShareOutcomes = { ...place, cause, outcomes, totals: totalsOf(outcomes) }
    this.#parts.commits.whenStored(() => this.#outcomes.emit(ended))
    this.#writeWith(ended)
    wake(open)
  }

  /**
   * Replaces the value by one in which a fetch acquired records. Locks are not stored, but the fetch fails with the turn in which it acquired
   * (`commits.settled`): then its member holds nothing.
   *
   * @throws StorageFailure
   */
  acquired(open: OpenSharePartition, ended: Ended): void {
    const before = open.value
    this.change(open, ended, 'read')
    if (this.#parts.commits.settled) this.#restoreWithTurn(open, before)
  }

  /** Notifies listeners that a fetch gives its member what it acquired: nothing undoes it any more. */
  handOut(acquisition: Acquisition): void {
    this.#acquisitions.emit(acquisition)
  }

  /** Undoes what was acquired since `value`, in the same step of the event loop. */
  undo(open: OpenSharePartition, value: SharePartition): void {
    if (open.value === value) return
    open.value = value
    this.#changes.emit(open.groupId)
  }

  /** [D22] Returns how many offsets the member held. @throws StorageFailure */
  releaseMember(groupId: string, memberId: string, cause: ShareCause): number {
    const settings = this.settings(groupId)
    let held = 0
    for (const open of this.openOf(groupId)) {
      const ended = release(open.value, memberId, settings)
      for (const { first, last } of ended.outcomes) held += last - first + 1
      this.change(open, ended, cause)
    }
    return held
  }

  /** [D24] @throws StorageFailure */
  cut(open: OpenSharePartition): void {
    this.change(open, logStartMoved(open.value, open.log.logStartOffset), 'logCut')
  }

  committed(): void {
    this.#before = new Map()
  }

  /** What was decided in this turn is not stored: the share-partitions are again as before it. */
  rolledBack(): void {
    const before = this.#before
    this.#before = new Map()
    for (const [open, value] of before) {
      if (value === undefined) {
        this.#close(keyOfOpen(open))
        continue
      }
      open.value = value
      this.#deadlines.hold(keyOfOpen(open), this.#parts.clock.now() + retryMs)
      wake(open)
      this.#changes.emit(open.groupId)
    }
  }

  dispose(): void {
    this.#deadlines.dispose()
  }

  #store(open: OpenSharePartition, next: SharePartition, outcomes: readonly Outcome[]): void {
    this.#stored.update(keyOfOpen(open), next, outcomes)
    this.#restoreWithTurn(open, open.value)
  }

  /** Restores `before` when the turn fails, or closes the share-partition. Of several calls in one turn the first decides. */
  #restoreWithTurn(open: OpenSharePartition, before: SharePartition | undefined): void {
    if (!this.#before.has(open)) this.#before.set(open, before)
    this.#parts.commits.touch(this)
  }

  /** Deletes what belongs to deleted topics, also to one whose deletion was the last thing that an earlier broker stored. */
  #deleteUnknown(): void {
    const { topics } = this.#parts
    for (const place of [...this.#stored.places()]) if (!topics.byId(place.topicId)) this.#delete(place)
  }

  #delete({ groupId, topicId, partition }: SharePlace): void {
    const key = shareKeyOf(groupId, topicId, partition)
    this.#stored.delete(key)
    this.#close(key)
  }

  #close(key: string): void {
    const open = this.#open.get(key)
    if (!open) return
    this.#open.delete(key)
    this.#before.delete(open)
    wake(open)
    this.#changes.emit(open.groupId)
  }

  /** A mistake in what is written along does not keep the step from being stored. */
  #writeWith(ended: ShareOutcomes): void {
    for (const write of this.#writers) {
      try {
        write(ended)
      } catch (error) {
        if (error instanceof StorageFailure) throw error
        this.#parts.onError(error)
      }
    }
  }

  #armNext(partition: SharePartition): void {
    const lockEnd = nextLockEnd(partition)
    if (lockEnd !== undefined) this.#deadlines.arm(lockEnd)
  }

  /** [D1] SharePartition.startOffsetDuringInitialization; `by_duration` with no such record is the end. */
  #resetOffset(groupId: string, log: Partition): number {
    const policy = this.#parts.configs.group(groupId, 'share.auto.offset.reset')
    if (policy === 'earliest') return log.logStartOffset
    if (policy === 'latest') return log.highWatermark
    const at = this.#parts.clock.now() - durationMs(policy)
    return log.offsetAtTime(at, log.highWatermark)?.offset ?? log.highWatermark
  }

  /** A lock holds for as long again after the machine slept: its member slept too. */
  *#deadlinesOf(): Generator<Deadline> {
    for (const [key, { groupId, value }] of this.#open) {
      const at = nextLockEnd(value)
      if (at !== undefined) yield { key, at, graceMs: this.settings(groupId).lockMs }
    }
  }

  #endLocks(key: string, now: Millis): void {
    const open = this.#open.get(key)
    if (!open) return
    try {
      this.change(open, expireLocks(open.value, this.settings(open.groupId), now), 'lockEnded')
    } catch (error) {
      // The file cannot be written: the locks end when it can be.
      if (!(error instanceof StorageFailure)) throw error
      this.#deadlines.hold(key, now + retryMs)
    }
  }

  #setBack(now: Millis): void {
    for (const open of this.#open.values()) open.value = setBackLocks(open.value, this.settings(open.groupId), now)
  }
}

/** Outcomes of ten thousand single records as two or three numbers, for those who count them. */
function totalsOf(outcomes: readonly Outcome[]): OutcomeTotal[] {
  const totals: { kind: Outcome['kind']; memberId: string | null; records: number }[] = []
  for (const { kind, memberId, first, last } of outcomes) {
    let total = totals.find((each) => each.kind === kind && each.memberId === memberId)
    if (!total) totals.push((total = { kind, memberId, records: 0 }))
    total.records += last - first + 1
  }
  return totals
}

function keyOfOpen({ groupId, topicId, log }: OpenSharePartition): string {
  return shareKeyOf(groupId, topicId, log.number)
}

function wake({ waiters }: OpenSharePartition): void {
  for (const each of [...waiters]) each()
}

/** `by_duration:P1DT2H` in ms (java.time.Duration.parse; the config was checked when it was set). */
export function durationMs(policy: string): number {
  const match = /^by_duration:P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(policy)
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match ?? []
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000
}
