import type { Millis } from '../../base/clock'
import { eachRun, firstOf, isFinished, type Run, type Runs, runsFrom } from './runs'

/** What was acquired in one piece (InFlightBatch). It stays one piece until a part of it is treated differently; then it is told apart for good. */
export interface InFlightBatch extends Runs {
  readonly last: number
  /** InFlightBatch.offsetState is not null. */
  readonly isSplit: boolean
  /** Offsets that it had when it was acquired; finished ones at its front may be gone by now. */
  readonly size: number
}

/**
 * Deliveries of one topic-partition to one share group (KIP-932) as a value: kafka.server.share.SharePartition. Its rules are in SPEC.md.
 * It knows offsets only; the records are read by the host.
 */
export interface SharePartition {
  /** First offset that is not finished (SPSO). */
  readonly startOffset: number
  /** Last offset ever acquired (SPEO); the next one to acquire while `batches` is empty. */
  readonly endOffset: number
  /** Ascending and disjoint; holes only inside the gap window. */
  readonly batches: readonly InFlightBatch[]
  /** After a restart: holes from `start` on up to `end` were acquired when the broker ended, and are acquired as if for the first time. */
  readonly gap: { readonly start: number; readonly end: number } | null
}

/** Broker and group configs that a step is held against. */
export interface DeliverySettings {
  /** `share.delivery.count.limit` */
  readonly deliveryCountLimit: number
  /** `share.partition.max.record.locks` */
  readonly maxRecordLocks: number
  /** `share.record.lock.duration.ms` */
  readonly lockMs: Millis
  /** `share.renew.acknowledge.enable` */
  readonly renewEnabled: boolean
}

/** Result of a step for neighbouring records, for the file, the journal and the dead-letter topic. */
export interface Outcome {
  readonly first: number
  readonly last: number
  readonly deliveryCount: number
  readonly memberId: string | null
  /**
   * `accepted`, `rejected`, `gap`: acknowledged so. `released`: available again. `exhausted`: released or timed out at the delivery
   * count limit, so archived. `unreadable`: archived because it is aborted or no longer in the log.
   */
  readonly kind: 'accepted' | 'rejected' | 'gap' | 'released' | 'renewed' | 'exhausted' | 'unreadable'
}

/** [D1] A share-partition whose first offset was just resolved. */
export function emptySharePartition(startOffset: number): SharePartition {
  return { startOffset, endOffset: startOffset, batches: [], gap: null }
}

/** Offsets in flight, finished ones between unfinished ones included (numInFlightRecords). */
export function inFlight({ batches, startOffset, endOffset }: SharePartition): number {
  return batches.length === 0 ? 0 : endOffset - startOffset + 1
}

/** All runs as objects, one after the other, for those who look on: a window may have ten thousand of them. */
export function runsOf({ batches }: SharePartition): Iterable<Run> {
  return {
    *[Symbol.iterator]() {
      for (const batch of batches) {
        for (const [index, delivery] of batch.deliveries.entries()) {
          const first = firstOf(batch, index)
          yield { ...delivery, first, last: batch.lasts[index] ?? first }
        }
      }
    },
  }
}

/** Finished offsets from the start offset on, ascending. */
export function finishedRanges({ batches, startOffset }: SharePartition): { first: number; last: number }[] {
  const ranges: { first: number; last: number }[] = []
  for (const batch of batches) {
    eachRun(batch, (delivery, first, last) => {
      if (isFinished(delivery) && last >= startOffset) ranges.push({ first: Math.max(first, startOffset), last })
    })
  }
  return ranges
}

/** Finished offsets from the start offset on: they are no lag (deliveryCompleteCount). */
export function finishedCount({ batches, startOffset }: SharePartition): number {
  let count = 0
  for (const batch of batches) {
    eachRun(batch, (delivery, first, last) => {
      if (isFinished(delivery)) count += Math.max(0, last - Math.max(first, startOffset) + 1)
    })
  }
  return count
}

/** The gap window is only valid while nothing behind it has been acquired (isPersisterReadGapWindowActive). */
export function activeGap({ gap, endOffset }: SharePartition): { readonly start: number; readonly end: number } | null {
  return gap !== null && gap.end === endOffset ? gap : null
}

/** The gap window begins at the next hole from `start` on, and ends with the last one (maybeUpdatePersisterGapWindowStartOffset). */
export function gapFrom(partition: SharePartition, start: number): SharePartition['gap'] {
  const gap = activeGap(partition)
  if (gap === null) return null
  const { batches } = partition
  let hole = start
  for (let index = Math.max(0, indexAt(batches, start)); index < batches.length; index++) {
    const batch = batches[index]
    if (batch === undefined || batch.first > hole) break
    hole = Math.max(hole, batch.last + 1)
  }
  return hole <= gap.end ? { ...gap, start: hole } : null
}

/** A value does not change: a hundred members that wait for it look through its runs once. */
const nextOffsets = new WeakMap<SharePartition, number>()

/** [D2] Where a fetch for this share-partition should read: the first available record or hole, else behind everything. */
export function nextFetchOffset(partition: SharePartition): number {
  let next = nextOffsets.get(partition)
  if (next === undefined) nextOffsets.set(partition, (next = findNext(partition)))
  return next
}

function findNext(partition: SharePartition): number {
  const { batches, startOffset, endOffset } = partition
  const last = batches.at(-1)
  if (last === undefined || startOffset > last.last) return endOffset
  let hole = activeGap(partition)?.start ?? null
  for (const batch of batches) {
    if (hole !== null) {
      if (batch.first > hole) return hole
      hole = Math.max(batch.last + 1, hole)
    }
    const available = batch.deliveries.findIndex(({ state }) => state === 'available')
    if (available >= 0) return firstOf(batch, available)
  }
  return endOffset + 1
}

/** [D3] Whether a fetch may acquire anything at all: inside the window always, behind it while locks are left. */
export function canAcquire(partition: SharePartition, { maxRecordLocks }: DeliverySettings): boolean {
  return nextFetchOffset(partition) !== partition.endOffset + 1 || inFlight(partition) < maxRecordLocks
}

/** The earliest lock that ends; `undefined` when nothing is acquired. */
export function nextLockEnd({ batches }: SharePartition): Millis | undefined {
  let next: Millis | undefined
  for (const { deliveries } of batches) {
    for (const { lockedUntil } of deliveries) {
      if (lockedUntil !== null && (next === undefined || lockedUntil < next)) next = lockedUntil
    }
  }
  return next
}

/** [D6] Moves the start offset over what is finished, and forgets what lies below it (maybeUpdateCachedStateAndOffsets). */
export function withStartMoved(partition: SharePartition): SharePartition {
  const { batches } = partition
  if (batches.length === 0) return partition
  const gap = activeGap(partition)
  let next = partition.startOffset
  for (const batch of batches) {
    if (gap !== null && batch.last >= gap.start) return startedAt(partition, Math.min(next, gap.start))
    const open = batch.deliveries.findIndex((delivery) => !isFinished(delivery))
    if (open >= 0) return startedAt(partition, firstOf(batch, open))
    next = batch.last + 1
  }
  return emptySharePartition(next)
}

/** The same share-partition from a later offset on: what lies below is forgotten, whatever became of it. */
export function startedAt(partition: SharePartition, startOffset: number): SharePartition {
  if (startOffset <= partition.startOffset) return partition
  const batches = partition.batches
    .filter(({ last }) => last >= startOffset)
    .map((batch) =>
      batch.first < startOffset ? { ...batch, first: startOffset, ...runsFrom(batch, startOffset) } : batch,
    )
  if (batches.length === 0) return emptySharePartition(startOffset)
  const started = { ...partition, startOffset, batches }
  const gap = activeGap(started)
  // A hole that the log begins behind is none any more.
  return gap !== null && gap.start < startOffset ? { ...started, gap: gapFrom(started, startOffset) } : started
}

/** Index of the last of these that begins at this offset or before it; -1 when all begin behind it. */
export function indexAt(ascending: readonly { readonly first: number }[], offset: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const one = ascending[middle]
    if (one !== undefined && one.first <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}
