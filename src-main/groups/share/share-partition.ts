import type { Millis } from '../../base/clock'

/** org.apache.kafka.server.share.fetch.RecordState; the broker writes dead letters in the commit that archives, so that there is no ARCHIVING. */
export type DeliveryState = 'available' | 'acquired' | 'acknowledged' | 'archived'

/** Neighbouring records that share everything that can be said of them. */
export interface Run {
  readonly first: number
  readonly last: number
  readonly state: DeliveryState
  /** How often it was handed out; 0 for what was read along with others and never handed out. */
  readonly deliveryCount: number
  /** Who holds it; `null` unless it is acquired. */
  readonly memberId: string | null
  readonly acquiredAt: Millis | null
  readonly lockedUntil: Millis | null
}

/** What was acquired in one piece (InFlightBatch). It stays one piece until a part of it is treated differently; then it is told apart for good. */
export interface InFlightBatch {
  readonly first: number
  readonly last: number
  /** Ascending, without holes. */
  readonly runs: readonly Run[]
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

/** A part of the state that survives the broker: acquisitions do not, as in Kafka (PersisterStateBatch). */
export interface StoredRun {
  readonly first: number
  readonly last: number
  readonly state: 'available' | 'acknowledged' | 'archived'
  readonly deliveryCount: number
}

/** Became of records in a step, for the journal and the dead-letter topic. */
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

export const isFinished = ({ state }: Run): boolean => state === 'acknowledged' || state === 'archived'

/** [D1] A share-partition whose first offset was just resolved. */
export function emptySharePartition(startOffset: number): SharePartition {
  return { startOffset, endOffset: startOffset, batches: [], gap: null }
}

/** Offsets in flight, finished ones between unfinished ones included (numInFlightRecords). */
export function inFlight({ batches, startOffset, endOffset }: SharePartition): number {
  return batches.length === 0 ? 0 : endOffset - startOffset + 1
}

/** Finished offsets from the start offset on, ascending. */
export function finishedRanges({ batches, startOffset }: SharePartition): { first: number; last: number }[] {
  return batches
    .flatMap(({ runs }) => runs)
    .filter((run) => isFinished(run) && run.last >= startOffset)
    .map(({ first, last }) => ({ first: Math.max(first, startOffset), last }))
}

/** Finished offsets from the start offset on: they are no lag (deliveryCompleteCount). */
export function finishedCount(partition: SharePartition): number {
  return finishedRanges(partition).reduce((sum, { first, last }) => sum + last - first + 1, 0)
}

/** The gap window is only valid while nothing behind it has been acquired (isPersisterReadGapWindowActive). */
export function activeGap({ gap, endOffset }: SharePartition): { readonly start: number; readonly end: number } | null {
  return gap !== null && gap.end === endOffset ? gap : null
}

/** [D2] Where a fetch for this share-partition should read: the first available record or hole, else behind everything. */
export function nextFetchOffset(partition: SharePartition): number {
  const { batches, startOffset, endOffset } = partition
  const last = batches.at(-1)
  if (last === undefined || startOffset > last.last) return endOffset
  let hole = activeGap(partition)?.start ?? null
  for (const batch of batches) {
    if (hole !== null) {
      if (batch.first > hole) return hole
      hole = Math.max(batch.last + 1, hole)
    }
    const available = batch.runs.find(({ state }) => state === 'available')
    if (available) return available.first
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
  for (const { runs } of batches) {
    for (const { lockedUntil } of runs) {
      if (lockedUntil !== null && (next === undefined || lockedUntil < next)) next = lockedUntil
    }
  }
  return next
}

/** [D4] What the file keeps: finished and released records. Of an acquisition it keeps what was there before it. */
export function storedRuns({ batches }: SharePartition): StoredRun[] {
  const stored: StoredRun[] = []
  for (const { runs } of batches) {
    for (const { first, last, state, deliveryCount } of runs) {
      const isOpen = state === 'acquired'
      const count = isOpen ? deliveryCount - 1 : deliveryCount
      if (count === 0) continue
      const next: StoredRun = { first, last, state: isOpen ? 'available' : state, deliveryCount: count }
      const before = stored.at(-1)
      if (before && before.last + 1 === first && before.state === next.state && before.deliveryCount === count) {
        stored[stored.length - 1] = { ...before, last }
      } else {
        stored.push(next)
      }
    }
  }
  return stored
}

const storedStates = ['available', 'acknowledged', 'archived'] as const

/**
 * Runs as the file keeps them: for each run the offsets since the run before, its length, its state and its delivery count. A window may
 * have ten thousand runs, and is written with each acknowledgement.
 */
export function packRuns(runs: readonly StoredRun[]): number[] {
  const packed: number[] = []
  let expected = 0
  for (const { first, last, state, deliveryCount } of runs) {
    packed.push(first - expected, last - first + 1, storedStates.indexOf(state), deliveryCount)
    expected = last + 1
  }
  return packed
}

export function unpackRuns(packed: readonly number[]): StoredRun[] {
  const runs: StoredRun[] = []
  let expected = 0
  for (let at = 0; at + 3 < packed.length; at += 4) {
    const [skipped = 0, length = 0, state = 0, deliveryCount = 0] = packed.slice(at, at + 4)
    const first = expected + skipped
    expected = first + length
    runs.push({ first, last: expected - 1, state: storedStates[state] ?? 'available', deliveryCount })
  }
  return runs
}

/** [D5] A share-partition as the file has it. Holes were acquired when the broker ended: a gap window. */
export function loadSharePartition(startOffset: number, stored: readonly StoredRun[]): SharePartition {
  const batches = stored
    .filter(({ last }) => last >= startOffset)
    .map(({ first, last, state, deliveryCount }): InFlightBatch => {
      const run: Run = { first, last, state, deliveryCount, memberId: null, acquiredAt: null, lockedUntil: null }
      return { first, last, runs: [run], isSplit: false, size: last - first + 1 }
    })
  let expected = startOffset
  let hole: number | null = null
  for (const { first, last } of batches) {
    if (hole === null && first > expected) hole = expected
    expected = last + 1
  }
  const endOffset = batches.at(-1)?.last ?? startOffset
  const gap = hole === null ? null : { start: hole, end: endOffset }
  return withStartMoved({ startOffset, endOffset, batches, gap })
}

/** [D6] Moves the start offset over what is finished, and forgets what lies below it (maybeUpdateCachedStateAndOffsets). */
export function withStartMoved(partition: SharePartition): SharePartition {
  const { batches } = partition
  if (batches.length === 0) return partition
  const gap = activeGap(partition)
  let next = partition.startOffset
  for (const batch of batches) {
    if (gap !== null && batch.last >= gap.start) return startedAt(partition, Math.min(next, gap.start))
    const open = batch.runs.find((run) => !isFinished(run))
    if (open) return startedAt(partition, open.first)
    next = batch.last + 1
  }
  return emptySharePartition(next)
}

/** The same share-partition from a later offset on: what lies below is forgotten, whatever became of it. */
export function startedAt(partition: SharePartition, startOffset: number): SharePartition {
  if (startOffset <= partition.startOffset) return partition
  const batches = partition.batches
    .filter(({ last }) => last >= startOffset)
    .map((batch) => (batch.first < startOffset ? cutTo(batch, startOffset) : batch))
  if (batches.length === 0) return emptySharePartition(startOffset)
  return { ...partition, startOffset, batches }
}

function cutTo(batch: InFlightBatch, first: number): InFlightBatch {
  const runs = batch.runs.filter(({ last }) => last >= first)
  return { ...batch, first, runs: runs.map((run) => (run.first < first ? { ...run, first } : run)) }
}

/**
 * Runs of which `parts` were changed: a run that reaches over the end of a part is cut there, and neighbours that became alike are joined.
 * Only the runs that the parts touch are looked at; the others are copied as they are.
 *
 * @param parts ascending and disjoint
 */
export function changedRuns<P extends { readonly first: number; readonly last: number }>(
  runs: readonly Run[],
  parts: readonly P[],
  change: (run: Run, part: P) => Run,
): readonly Run[] {
  const [firstPart, lastPart] = [parts[0], parts.at(-1)]
  if (firstPart === undefined || lastPart === undefined) return runs
  const begin = Math.max(0, indexAt(runs, firstPart.first))
  const end = indexAt(runs, lastPart.last) + 1
  const next = runs.slice(0, begin)
  const add = (run: Run) => {
    const before = next.at(-1)
    if (before && isAlike(before, run)) next[next.length - 1] = { ...before, last: run.last }
    else next.push(run)
  }
  let at = 0
  for (const run of runs.slice(begin, end)) {
    let from = run.first
    for (let part = parts[at]; part !== undefined && part.first <= run.last; part = parts[++at]) {
      if (part.last < from) continue
      if (part.first > from) add({ ...run, first: from, last: part.first - 1 })
      const changed = { ...run, first: Math.max(part.first, from), last: Math.min(part.last, run.last) }
      add(change(changed, part))
      from = changed.last + 1
      // The part goes on in the next run.
      if (part.last > run.last) break
    }
    if (from <= run.last) add(from === run.first ? run : { ...run, first: from })
  }
  const rest = runs[end]
  if (rest) add(rest)
  return next.concat(runs.slice(end + 1))
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

function isAlike(a: Run, b: Run): boolean {
  return (
    a.state === b.state &&
    a.deliveryCount === b.deliveryCount &&
    a.memberId === b.memberId &&
    a.lockedUntil === b.lockedUntil &&
    a.acquiredAt === b.acquiredAt
  )
}
