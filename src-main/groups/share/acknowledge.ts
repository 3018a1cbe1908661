import type { Millis } from '../../base/clock'
import { changedRuns, type Delivery, eachRun, isFinished, runIndexAt, unheldDelivery } from './runs'
import {
  type DeliverySettings,
  type InFlightBatch,
  indexAt,
  type Outcome,
  type SharePartition,
  startedAt,
  withStartMoved,
} from './share-partition'

/** org.apache.kafka.clients.consumer.AcknowledgeType by its code; 0 says that there is no record. */
export const acknowledgeTypes = ['gap', 'accept', 'release', 'reject', 'renew'] as const
export type AcknowledgeType = (typeof acknowledgeTypes)[number]

/** One type for all offsets, or one for each. */
export interface AcknowledgementBatch {
  readonly first: number
  readonly last: number
  readonly types: readonly AcknowledgeType[]
}

export type AcknowledgeError = 'INVALID_RECORD_STATE' | 'INVALID_REQUEST'

export type Acknowledged =
  | { readonly error: 'NONE'; readonly partition: SharePartition; readonly outcomes: readonly Outcome[] }
  | { readonly error: AcknowledgeError; readonly message: string }

/** Result of a step that ends deliveries. */
export interface Ended {
  readonly partition: SharePartition
  readonly outcomes: readonly Outcome[]
}

/** [D15] All batches of a request, or none (SharePartition.acknowledge). */
export function acknowledge(
  before: SharePartition,
  memberId: string,
  acknowledgements: readonly AcknowledgementBatch[],
  settings: DeliverySettings,
  at: Millis,
): Acknowledged {
  const turn = new Acknowledging(before, memberId, settings, at)
  for (const acknowledgement of acknowledgements) {
    // [D16] What lies below the start offset is finished, whatever the member says now.
    if (acknowledgement.last < before.startOffset) continue
    const problem = coverageProblem(turn.batches, acknowledgement, before.startOffset) ?? turn.apply(acknowledgement)
    if (problem) return problem
  }
  return turn.end()
}

/** [D17] The offsets must have been acquired by somebody (fetchSubMapForAcknowledgementBatch). */
function coverageProblem(
  batches: readonly InFlightBatch[],
  { first, last }: AcknowledgementBatch,
  startOffset: number,
): (Acknowledged & { error: AcknowledgeError }) | undefined {
  const from = batches[indexAt(batches, Math.max(first, startOffset))]
  if (from === undefined) {
    return {
      error: 'INVALID_RECORD_STATE',
      message: 'Batch record not found. The request batch offsets are not found in the cache.',
    }
  }
  const to = batches[indexAt(batches, last)] ?? from
  if (to.last < first) {
    return {
      error: 'INVALID_REQUEST',
      message: 'Batch record not found. The first offset in request is past acquired records.',
    }
  }
  if (to.last < last) {
    return {
      error: 'INVALID_REQUEST',
      message: 'Batch record not found. The last offset in request is past acquired records.',
    }
  }
  return undefined
}

interface Part {
  readonly first: number
  readonly last: number
  readonly type: AcknowledgeType
}

/**
 * One request under way. Clients name what they acknowledge in many small batches: those about one batch in flight are collected, so that its runs
 * are written once.
 */
class Acknowledging {
  readonly batches: InFlightBatch[]
  readonly #before: SharePartition
  readonly #memberId: string
  readonly #settings: DeliverySettings
  readonly #at: Millis
  readonly #outcomes: Outcome[] = []
  readonly #renewed = new Map<Delivery, Delivery>()
  /** Index of the batch in flight that `#parts` are about. */
  #index = 0
  #parts: Part[] = []

  constructor(before: SharePartition, memberId: string, settings: DeliverySettings, at: Millis) {
    this.batches = [...before.batches]
    this.#before = before
    this.#memberId = memberId
    this.#settings = settings
    this.#at = at
  }

  /** A problem, when the acknowledgement does not apply to all of its offsets. */
  apply({ first, last, types }: AcknowledgementBatch): (Acknowledged & { error: AcknowledgeError }) | undefined {
    for (let index = Math.max(0, indexAt(this.batches, first)); index < this.batches.length; index++) {
      if (index !== this.#index || !this.#collects(first)) this.#write()
      const batch = this.batches[index]
      if (batch === undefined || batch.first > last) break
      if (batch.last < first) continue
      const [from, to] = [Math.max(batch.first, first), Math.min(batch.last, last)]
      const isSplit = batch.isSplit || from > batch.first || to < batch.last || types.length > 1
      const problem = ownershipProblem(batch, isSplit, from, to, this.#memberId, types, this.#settings)
      if (problem) return { error: 'INVALID_RECORD_STATE', message: problem }
      if (isSplit !== batch.isSplit) this.batches[index] = { ...batch, isSplit }
      this.#index = index
      addParts(this.#parts, first, types, from, to)
    }
    return undefined
  }

  end(): Acknowledged {
    this.#write()
    const partition = withStartMoved({ ...this.#before, batches: this.batches })
    return { error: 'NONE', partition, outcomes: this.#outcomes }
  }

  /**
   * Whether an acknowledgement from `first` on can be collected too. An offset that was named before is as that acknowledgement left it; one
   * that was renewed is held as before, so that only its last acknowledgement is collected.
   */
  #collects(first: number): boolean {
    const before = this.#parts.at(-1)
    if (before === undefined || before.last < first) return true
    if (before.type !== 'renew' || before.last > first) return false
    this.#parts.pop()
    if (before.first < first) this.#parts.push({ ...before, last: first - 1 })
    return true
  }

  #write(): void {
    const batch = this.batches[this.#index]
    if (this.#parts.length === 0 || batch === undefined) return
    const runs = changedRuns(batch, this.#parts, (delivery, { type }, first, last) => {
      const [after, kind] = this.#settled(delivery, type)
      this.#outcomes.push(outcomeOf(delivery, first, last, kind))
      return after
    })
    this.batches[this.#index] = { ...batch, ...runs }
    this.#parts = []
  }

  /** [D20] What an acknowledgement of each type makes of records. */
  #settled(delivery: Delivery, type: AcknowledgeType): readonly [Delivery, Outcome['kind']] {
    switch (type) {
      case 'accept':
        return [unheldDelivery('acknowledged', delivery.deliveryCount), 'accepted']
      case 'gap':
        return [unheldDelivery('archived', delivery.deliveryCount), 'gap']
      case 'reject':
        return [unheldDelivery('archived', delivery.deliveryCount), 'rejected']
      case 'renew':
        return [this.#renew(delivery), 'renewed']
      case 'release':
        return givenBack(delivery, this.#settings)
    }
  }

  #renew(delivery: Delivery): Delivery {
    let renewed = this.#renewed.get(delivery)
    if (renewed === undefined) {
      renewed = { ...delivery, lockedUntil: this.#at + this.#settings.lockMs }
      this.#renewed.set(delivery, renewed)
    }
    return renewed
  }
}

/** [D18] The member must hold every one of the offsets. */
function ownershipProblem(
  batch: InFlightBatch,
  isSplit: boolean,
  from: number,
  to: number,
  memberId: string,
  types: readonly AcknowledgeType[],
  { renewEnabled }: DeliverySettings,
): string | undefined {
  const end = runIndexAt(batch, to)
  for (let index = runIndexAt(batch, from); index <= end; index++) {
    const delivery = batch.deliveries[index]
    if (delivery === undefined) break
    if (delivery.state !== 'acquired') {
      return isSplit
        ? 'The offset cannot be acknowledged. The offset is not acquired.'
        : 'The batch cannot be acknowledged. The batch is not in the acquired state.'
    }
    if (delivery.memberId !== memberId) {
      return isSplit ? 'Member is not the owner of offset' : 'Member is not the owner of batch record'
    }
  }
  // [D19]
  if (types.includes('renew') && !renewEnabled) return 'Renewing acquisition locks is not enabled for the group.'
  return undefined
}

/** Adds neighbouring offsets with one type each, between `from` and `to`. */
function addParts(parts: Part[], first: number, types: readonly AcknowledgeType[], from: number, to: number): void {
  const [only] = types
  if (only === undefined) return
  if (types.length === 1) {
    parts.push({ first: from, last: to, type: only })
    return
  }
  let start = from
  for (let offset = from + 1; offset <= to + 1; offset++) {
    const type = types[start - first] ?? only
    if (offset <= to && types[offset - first] === type) continue
    parts.push({ first: start, last: offset - 1, type })
    start = offset
  }
}

function outcomeOf({ deliveryCount, memberId }: Delivery, first: number, last: number, kind: Outcome['kind']): Outcome {
  return { first, last, deliveryCount, memberId, kind }
}

/** [D21] Available again, or archived when it was handed out as often as the limit allows (InFlightState.tryUpdateState). */
function givenBack(
  { deliveryCount }: Delivery,
  { deliveryCountLimit }: DeliverySettings,
): readonly [Delivery, Outcome['kind']] {
  return deliveryCount >= deliveryCountLimit
    ? [unheldDelivery('archived', deliveryCount), 'exhausted']
    : [unheldDelivery('available', deliveryCount), 'released']
}

/** [D22] Gives back all that a member holds: its share session ended (releaseAcquiredRecords). */
export function release(before: SharePartition, memberId: string, settings: DeliverySettings): Ended {
  return giveBack(before, (delivery) => delivery.memberId === memberId, settings)
}

/** [D23] Gives back what has been locked for too long. */
export function expireLocks(before: SharePartition, settings: DeliverySettings, at: Millis): Ended {
  return giveBack(before, ({ lockedUntil }) => lockedUntil !== null && lockedUntil <= at, settings)
}

/** [D23] The clock was set back to `at`: no lock holds for longer than a whole one from now. */
export function setBackLocks(before: SharePartition, { lockMs }: DeliverySettings, at: Millis): SharePartition {
  const latest = at + lockMs
  const moved = new Map<Delivery, Delivery>()
  const change = (delivery: Delivery): Delivery => {
    if (delivery.lockedUntil === null || delivery.lockedUntil <= latest) return delivery
    const known = moved.get(delivery) ?? { ...delivery, lockedUntil: latest }
    moved.set(delivery, known)
    return known
  }
  return { ...before, batches: before.batches.map((batch) => ({ ...batch, ...changedRuns(batch, [batch], change) })) }
}

function giveBack(
  before: SharePartition,
  isGivenBack: (delivery: Delivery) => boolean,
  settings: DeliverySettings,
): Ended {
  const outcomes: Outcome[] = []
  const applies = (delivery: Delivery) => delivery.state === 'acquired' && isGivenBack(delivery)
  const batches = before.batches.map((batch): InFlightBatch => {
    if (!batch.deliveries.some(applies)) return batch
    const runs = changedRuns(batch, [batch], (delivery, _batch, first, last) => {
      if (!applies(delivery)) return delivery
      const [after, kind] = givenBack(delivery, settings)
      outcomes.push(outcomeOf(delivery, first, last, kind))
      return after
    })
    return { ...batch, ...runs }
  })
  if (outcomes.length === 0) return { partition: before, outcomes }
  return { partition: withStartMoved({ ...before, batches }), outcomes }
}

/** [D24] The log was cut (DeleteRecords, retention): what lay below its new start is out of the window (updateCacheAndOffsets). */
export function logStartMoved(before: SharePartition, logStart: number): Ended {
  if (logStart <= before.startOffset) return { partition: before, outcomes: [] }
  const outcomes: Outcome[] = []
  for (const batch of before.batches) {
    if (batch.first >= logStart) break
    eachRun(batch, (delivery, first, last) => {
      if (first >= logStart || isFinished(delivery)) return
      outcomes.push(outcomeOf(delivery, first, Math.min(last, logStart - 1), 'unreadable'))
    })
  }
  const partition = startedAt(before, logStart)
  return { partition: withStartMoved({ ...partition, endOffset: Math.max(partition.endOffset, logStart) }), outcomes }
}
