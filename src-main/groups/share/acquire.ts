import type { Millis } from '../../base/clock'
import { changedRuns, type Delivery, eachRun, firstOf, runIndexAt, unheldDelivery } from './runs'
import {
  activeGap,
  type DeliverySettings,
  gapFrom,
  type InFlightBatch,
  indexAt,
  inFlight,
  type Outcome,
  type SharePartition,
  withStartMoved,
} from './share-partition'

/** A record batch that was read for the fetch. */
export interface ReadBatch {
  readonly first: number
  readonly last: number
  /** Of an aborted transaction; only told to readers of committed records. */
  readonly isAborted: boolean
}

export interface Acquire {
  readonly memberId: string
  /** `share.acquire.mode` (KIP-1206). */
  readonly mode: 'batchOptimized' | 'recordLimit'
  /** Size that the client wishes acquired batches to have. */
  readonly batchSize: number
  readonly maxRecords: number
  /** Where the read began. */
  readonly fetchOffset: number
  /** In the order of the log, the first one may begin before `fetchOffset`. */
  readonly read: readonly ReadBatch[]
}

/** Offsets that were handed out; some of them may hold no record (compacted, control). */
export interface AcquiredRange {
  readonly first: number
  readonly last: number
  readonly deliveryCount: number
}

export interface Acquired {
  readonly partition: SharePartition
  readonly acquired: readonly AcquiredRange[]
  readonly outcomes: readonly Outcome[]
}

/** SharePartition.acquire: hands records to a member until its lock ends. Rules D7 to D14. */
export function acquire(before: SharePartition, request: Acquire, settings: DeliverySettings, at: Millis): Acquired {
  const nothing: Acquired = { partition: before, acquired: [], outcomes: [] }
  const { memberId, fetchOffset, read } = request
  const [firstRead, lastRead] = [read[0], read.at(-1)]
  if (firstRead === undefined || lastRead === undefined || lastRead.last < before.startOffset) return nothing
  const bounds = boundsOf(before, request, lastRead.last, settings)
  if (bounds === undefined) return nothing

  const { partition: readable, outcomes: lost } = withoutLost(before, fetchOffset, firstRead.first)
  const turn = new Acquisition(readable, request, settings, at)
  const base = baseOf(turn.batches, firstRead.first, before.startOffset)
  const from = Math.min(firstRead.first, base)
  const cached = turn.batches.filter(({ first, last }) => last >= from && first <= bounds.last)
  if (cached.length === 0) turn.takeNew(base, bounds.last, bounds.records)
  else turn.takeAlong(cached, base, firstRead.first, bounds.last, bounds.records)
  const { partition, acquired, outcomes: aborted } = withoutAborted(turn.end(), turn.acquired, read, memberId)
  const outcomes = [...lost, ...aborted]
  return { partition: outcomes.length > 0 ? withStartMoved(partition) : partition, acquired, outcomes }
}

/** [D7] How much may be acquired, and up to where (lastOffsetAndMaxRecordsToAcquire). */
function boundsOf(
  partition: SharePartition,
  { maxRecords, fetchOffset }: Acquire,
  lastRead: number,
  { maxRecordLocks }: DeliverySettings,
): { readonly records: number; readonly last: number } | undefined {
  if (maxRecords <= 0) return undefined
  const records = Math.min(maxRecords, maxRecordLocks - inFlight(partition))
  if (records > 0) return { records, last: lastRead }
  if (fetchOffset > partition.endOffset) return undefined
  return {
    records: Math.min(maxRecords, partition.endOffset - fetchOffset + 1),
    last: Math.min(lastRead, partition.endOffset),
  }
}

/** [D8] Available records that the read passed over are no longer in the log (maybeArchiveStaleBatches). */
function withoutLost(
  partition: SharePartition,
  fetchOffset: number,
  firstRead: number,
): { readonly partition: SharePartition; readonly outcomes: readonly Outcome[] } {
  const outcomes: Outcome[] = []
  if (fetchOffset >= firstRead) return { partition, outcomes }
  for (const batch of partition.batches) {
    if (batch.first >= firstRead) break
    eachRun(batch, ({ state, deliveryCount, memberId }, first, last) => {
      if (state !== 'available' || last < fetchOffset || first >= firstRead) return
      const lost = { first: Math.max(first, fetchOffset), last: Math.min(last, firstRead - 1) }
      outcomes.push({ ...lost, deliveryCount, memberId, kind: 'unreadable' })
    })
  }
  if (outcomes.length === 0) return { partition, outcomes }
  const batches = partition.batches.map((batch) =>
    batch.last >= fetchOffset && batch.first < firstRead
      ? archived(batch, fetchOffset, firstRead - 1, 'available')
      : batch,
  )
  return { partition: { ...partition, batches }, outcomes }
}

function archived(batch: InFlightBatch, from: number, to: number, state: Delivery['state']): InFlightBatch {
  const isWhole = batch.first >= from && batch.last <= to
  const part = { first: Math.max(from, batch.first), last: Math.min(to, batch.last) }
  const runs = changedRuns(batch, [part], (delivery) =>
    delivery.state === state ? unheldDelivery('archived', delivery.deliveryCount) : delivery,
  )
  return { ...batch, ...runs, isSplit: batch.isSplit || !isWhole }
}

/** A read may begin inside a batch in flight, or below the start offset. */
function baseOf(batches: readonly InFlightBatch[], firstRead: number, startOffset: number): number {
  const floor = batches[indexAt(batches, firstRead)]
  if (floor === undefined) return Math.max(firstRead, startOffset)
  return floor.last >= firstRead ? floor.first : firstRead
}

/** One acquisition under way: the only place that changes; what comes out is a value again. */
class Acquisition {
  batches: InFlightBatch[]
  readonly acquired: AcquiredRange[] = []
  readonly #before: SharePartition
  readonly #request: Acquire
  readonly #settings: DeliverySettings
  readonly #at: Millis
  /** States of what is acquired, by the delivery count. */
  readonly #held = new Map<number, Delivery>()
  #startOffset: number
  #endOffset: number
  #gap: SharePartition['gap']

  constructor(partition: SharePartition, request: Acquire, settings: DeliverySettings, at: Millis) {
    this.#before = partition
    this.batches = [...partition.batches]
    this.#request = request
    this.#settings = settings
    this.#at = at
    this.#startOffset = partition.startOffset
    this.#endOffset = partition.endOffset
    this.#gap = activeGap(partition)
  }

  end(): SharePartition {
    if (this.acquired.length === 0) return this.#before
    return { startOffset: this.#startOffset, endOffset: this.#endOffset, batches: this.batches, gap: this.#gap }
  }

  /** [D11] Goes over what is in flight, in order; holes of a gap window and what lies behind are acquired as new. */
  takeAlong(cached: readonly InFlightBatch[], base: number, firstRead: number, last: number, most: number): void {
    let left = most
    let hole = base
    for (const batch of cached) {
      if (left <= 0) return
      if (this.#gap !== null) {
        if (hole < batch.first) left -= this.takeNew(hole, batch.first - 1, left)
        hole = batch.last + 1
        if (left <= 0) return
      }
      const isThrottled = this.#isThrottled(batch, firstRead, last)
      // [D12] Records that failed often are handed out alone.
      if (isThrottled && left < most) return
      const isWhole = batch.first >= firstRead && batch.last <= last
      const isTooLarge = this.#request.mode === 'recordLimit' && batch.last - batch.first + 1 > left
      if (isWhole && !batch.isSplit && !isTooLarge && !isThrottled) {
        left -= this.#takeWhole(batch)
      } else if (batch.isSplit || batch.deliveries[0]?.state === 'available') {
        const taken = this.#takePart(batch, firstRead, last, left)
        left -= taken
        if (isThrottled && taken > 0) return
      }
    }
    const end = cached.at(-1)?.last ?? last
    if (left > 0 && end < last) this.takeNew(end + 1, last, left)
  }

  /** [D9] Acquires what was never acquired, cut to whole record batches (acquireNewBatchRecords). Answers how much it took. */
  takeNew(from: number, to: number, most: number): number {
    const { read, mode, batchSize } = this.#request
    const first = this.batches.length === 0 ? Math.max(from, this.#endOffset) : from
    let last = to
    if (most < last - first + 1) {
      const wished = first + most - 1
      const batch = read.findLast(({ first: base }) => base <= wished)
      last = batch && wished <= batch.last ? batch.last : wished
      if (this.#gap !== null) last = Math.min(last, to)
    }
    if (last < first) return 0
    const held = this.#heldOf(1)
    const add = (start: number, end: number) => {
      this.#insert({
        first: start,
        last: end,
        lasts: [end],
        deliveries: [held],
        isSplit: false,
        size: end - start + 1,
      })
      this.acquired.push({ first: start, last: end, deliveryCount: 1 })
    }
    let taken = last - first + 1
    if (mode === 'recordLimit' && taken > most) {
      // [D10] Exactly as many as asked for; the rest of the record batch waits in the window.
      taken = most
      const cut = first + most
      const deliveries = [held, unheldDelivery('available', 0)]
      this.#insert({ first, last, lasts: [cut - 1, last], deliveries, isSplit: true, size: last - first + 1 })
      this.acquired.push({ first, last: cut - 1, deliveryCount: 1 })
    } else {
      let start = first
      if (mode === 'batchOptimized' && taken > batchSize) {
        for (const { first: base } of read) {
          if (base > last) break
          if (base - start >= batchSize) {
            add(start, base - 1)
            start = base
          }
        }
      }
      add(start, last)
    }
    if (this.batches[0]?.first === first) this.#startOffset = first
    this.#endOffset = Math.max(this.#endOffset, last)
    this.#moveGap(first + taken)
    return taken
  }

  #takeWhole(batch: InFlightBatch): number {
    const delivery = batch.deliveries[0]
    if (delivery?.state !== 'available') return 0
    const deliveryCount = delivery.deliveryCount + 1
    this.#replace({ ...batch, deliveries: [this.#heldOf(deliveryCount)] })
    this.acquired.push({ first: batch.first, last: batch.last, deliveryCount })
    this.#moveGap(batch.last + 1)
    return batch.last - batch.first + 1
  }

  /** [D12] Record by record, as far as throttling lets it (acquireSubsetBatchRecords). */
  #takePart(batch: InFlightBatch, from: number, to: number, left: number): number {
    const { deliveryCountLimit: limit } = this.#settings
    const throttleFrom = throttleFromOf(limit)
    let most = this.#request.mode === 'recordLimit' ? left : Number.POSITIVE_INFINITY
    let isThrottling = false
    let taken = 0
    let isOver = false
    const ranges: AcquiredRange[] = []
    const end = runIndexAt(batch, to)
    for (let index = runIndexAt(batch, from); index <= end && !isOver; index++) {
      const delivery = batch.deliveries[index]
      const runLast = batch.lasts[index]
      if (delivery?.state !== 'available' || runLast === undefined) continue
      const isLastAttempt = limit > 2 && delivery.deliveryCount === limit - 1
      if (isLastAttempt && taken > 0) break
      if (delivery.deliveryCount >= throttleFrom && !isThrottling) {
        isThrottling = true
        most = Math.min(most, Math.max(1, Math.floor(batch.size / 2 ** (delivery.deliveryCount - throttleFrom + 1))))
      }
      const first = Math.max(firstOf(batch, index), from)
      const last = Math.min(runLast, to, isLastAttempt ? first : first + (most - taken) - 1)
      if (last < first) break
      const deliveryCount = delivery.deliveryCount + 1
      const before = ranges.at(-1)
      if (before && before.last + 1 === first && before.deliveryCount === deliveryCount) {
        ranges[ranges.length - 1] = { ...before, last }
      } else {
        ranges.push({ first, last, deliveryCount })
      }
      taken += last - first + 1
      isOver = isLastAttempt || taken >= most
    }
    if (taken === 0) return 0
    const runs = changedRuns(batch, ranges, (_delivery, { deliveryCount }) => this.#heldOf(deliveryCount))
    this.#replace({ ...batch, ...runs, isSplit: true })
    for (const range of ranges) this.acquired.push(range)
    this.#moveGap((ranges.at(-1)?.last ?? batch.last) + 1)
    return taken
  }

  #isThrottled(batch: InFlightBatch, from: number, to: number): boolean {
    const throttleFrom = throttleFromOf(this.#settings.deliveryCountLimit)
    const [begin, end] = [runIndexAt(batch, from), runIndexAt(batch, to)]
    return batch.deliveries.some(
      ({ state, deliveryCount }, index) =>
        state === 'available' && deliveryCount >= throttleFrom && index >= begin && index <= end,
    )
  }

  #heldOf(deliveryCount: number): Delivery {
    let held = this.#held.get(deliveryCount)
    if (held === undefined) {
      const { memberId } = this.#request
      const [acquiredAt, lockedUntil] = [this.#at, this.#at + this.#settings.lockMs]
      held = { state: 'acquired', deliveryCount, memberId, acquiredAt, lockedUntil }
      this.#held.set(deliveryCount, held)
    }
    return held
  }

  #replace(batch: InFlightBatch): void {
    this.batches[indexAt(this.batches, batch.first)] = batch
  }

  #insert(batch: InFlightBatch): void {
    this.batches.splice(indexAt(this.batches, batch.first) + 1, 0, batch)
  }

  #moveGap(start: number): void {
    const partition = { startOffset: this.#startOffset, endOffset: this.#endOffset, batches: this.batches }
    this.#gap = gapFrom({ ...partition, gap: this.#gap }, start)
  }
}

const leastThrottleFrom = 2

/** Records that were handed out this often are slowed down. */
function throttleFromOf(deliveryCountLimit: number): number {
  return Math.max(leastThrottleFrom, Math.ceil(deliveryCountLimit / 2))
}

/** [D13] Aborted records are finished at once, and cut out of what is handed out (filterAbortedTransactionalAcquiredRecords). */
function withoutAborted(
  partition: SharePartition,
  acquired: readonly AcquiredRange[],
  read: readonly ReadBatch[],
  memberId: string,
): Acquired {
  let { batches } = partition
  let ranges: readonly AcquiredRange[] = acquired
  const outcomes: Outcome[] = []
  for (const { first, last, isAborted } of read) {
    if (!isAborted || !ranges.some((range) => range.first <= last && range.last >= first)) continue
    batches = batches.map((batch) =>
      batch.first <= last && batch.last >= first ? archived(batch, first, last, 'acquired') : batch,
    )
    for (const range of ranges) {
      const [from, to] = [Math.max(range.first, first), Math.min(range.last, last)]
      if (from <= to)
        outcomes.push({ first: from, last: to, deliveryCount: range.deliveryCount, memberId, kind: 'unreadable' })
    }
    ranges = ranges.flatMap((range) => without(range, first, last))
  }
  if (outcomes.length === 0) return { partition, acquired, outcomes }
  return { partition: { ...partition, batches }, acquired: ranges, outcomes }
}

function without(range: AcquiredRange, first: number, last: number): AcquiredRange[] {
  if (range.last < first || range.first > last) return [range]
  return [
    ...(range.first < first ? [{ ...range, last: first - 1 }] : []),
    ...(range.last > last ? [{ ...range, first: last + 1 }] : []),
  ]
}
