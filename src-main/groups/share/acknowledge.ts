import type { Millis } from '../../base/clock'
import {
  changedRuns,
  type DeliverySettings,
  type InFlightBatch,
  indexAt,
  isFinished,
  type Outcome,
  type Run,
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

/** What a step that ends deliveries leads to. */
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
  const outcomes: Outcome[] = []
  const batches = [...before.batches]
  for (const acknowledgement of acknowledgements) {
    // [D16] What lies below the start offset is finished, whatever the member says now.
    if (acknowledgement.last < before.startOffset) continue
    const problem =
      coverageProblem(batches, acknowledgement, before.startOffset) ??
      apply(acknowledgement, batches, { memberId, settings, at, outcomes })
    if (problem) return problem
  }
  return { error: 'NONE', partition: withStartMoved({ ...before, batches }), outcomes }
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

interface Turn {
  readonly memberId: string
  readonly settings: DeliverySettings
  readonly at: Millis
  /** Gets what became of the records. */
  readonly outcomes: Outcome[]
}

/** Changes the batches that an acknowledgement is about in their places; a problem, when it does not apply to all of it. */
function apply(
  { first, last, types }: AcknowledgementBatch,
  batches: InFlightBatch[],
  { memberId, settings, at, outcomes }: Turn,
): (Acknowledged & { error: AcknowledgeError }) | undefined {
  for (let index = Math.max(0, indexAt(batches, first)); index < batches.length; index++) {
    const batch = batches[index]
    if (batch === undefined || batch.first > last) break
    if (batch.last < first) continue
    const [from, to] = [Math.max(batch.first, first), Math.min(batch.last, last)]
    const isSplit = batch.isSplit || from > batch.first || to < batch.last || types.length > 1
    const problem = ownershipProblem({ ...batch, isSplit }, from, to, memberId, types, settings)
    if (problem) return { error: 'INVALID_RECORD_STATE', message: problem }
    const runs = changedRuns(batch.runs, partsOf(first, types, from, to), (run, { type }) => {
      const [after, outcome] = settled(run, type, settings, at)
      outcomes.push(outcome)
      return after
    })
    batches[index] = { ...batch, runs, isSplit }
  }
  return undefined
}

/** [D18] The member must hold every one of the offsets. */
function ownershipProblem(
  batch: InFlightBatch,
  from: number,
  to: number,
  memberId: string,
  types: readonly AcknowledgeType[],
  { renewEnabled }: DeliverySettings,
): string | undefined {
  for (let index = Math.max(0, indexAt(batch.runs, from)); index < batch.runs.length; index++) {
    const run = batch.runs[index]
    if (run === undefined || run.first > to) break
    if (run.state !== 'acquired') {
      return batch.isSplit
        ? 'The offset cannot be acknowledged. The offset is not acquired.'
        : 'The batch cannot be acknowledged. The batch is not in the acquired state.'
    }
    if (run.memberId !== memberId) {
      return batch.isSplit ? 'Member is not the owner of offset' : 'Member is not the owner of batch record'
    }
  }
  // [D19]
  if (types.includes('renew') && !renewEnabled) return 'Renewing acquisition locks is not enabled for the group.'
  return undefined
}

/** Neighbouring offsets with one type each, between `from` and `to`. */
function partsOf(
  first: number,
  types: readonly AcknowledgeType[],
  from: number,
  to: number,
): { readonly first: number; readonly last: number; readonly type: AcknowledgeType }[] {
  const [only] = types
  if (only === undefined) return []
  if (types.length === 1) return [{ first: from, last: to, type: only }]
  const parts = []
  let start = from
  for (let offset = from + 1; offset <= to + 1; offset++) {
    const type = types[start - first] ?? only
    if (offset <= to && types[offset - first] === type) continue
    parts.push({ first: start, last: offset - 1, type })
    start = offset
  }
  return parts
}

/** [D20] What an acknowledgement of each type makes of a run. */
function settled(run: Run, type: AcknowledgeType, settings: DeliverySettings, at: Millis): readonly [Run, Outcome] {
  switch (type) {
    case 'accept':
      return [ended(run, 'acknowledged'), outcomeOf(run, 'accepted')]
    case 'gap':
      return [ended(run, 'archived'), outcomeOf(run, 'gap')]
    case 'reject':
      return [ended(run, 'archived'), outcomeOf(run, 'rejected')]
    case 'renew':
      return [{ ...run, lockedUntil: at + settings.lockMs }, outcomeOf(run, 'renewed')]
    case 'release':
      return givenBack(run, settings)
  }
}

function ended(run: Run, state: 'acknowledged' | 'archived' | 'available'): Run {
  return { ...run, state, memberId: null, acquiredAt: null, lockedUntil: null }
}

function outcomeOf({ first, last, deliveryCount, memberId }: Run, kind: Outcome['kind']): Outcome {
  return { first, last, deliveryCount, memberId, kind }
}

/** [D21] Available again, or archived when it was handed out as often as the limit allows (InFlightState.tryUpdateState). */
function givenBack(run: Run, { deliveryCountLimit }: DeliverySettings): readonly [Run, Outcome] {
  return run.deliveryCount >= deliveryCountLimit
    ? [ended(run, 'archived'), outcomeOf(run, 'exhausted')]
    : [ended(run, 'available'), outcomeOf(run, 'released')]
}

/** [D22] Gives back all that a member holds: its share session ended (releaseAcquiredRecords). */
export function release(before: SharePartition, memberId: string, settings: DeliverySettings): Ended {
  return giveBack(before, (run) => run.memberId === memberId, settings)
}

/** [D23] Gives back what has been locked for too long. */
export function expireLocks(before: SharePartition, settings: DeliverySettings, at: Millis): Ended {
  return giveBack(before, ({ lockedUntil }) => lockedUntil !== null && lockedUntil <= at, settings)
}

/** [D23] The clock was set back to `at`: no lock holds for longer than a whole one from now. */
export function setBackLocks(before: SharePartition, { lockMs }: DeliverySettings, at: Millis): SharePartition {
  const latest = at + lockMs
  return {
    ...before,
    batches: before.batches.map((batch) => ({
      ...batch,
      runs: batch.runs.map((run) =>
        run.lockedUntil !== null && run.lockedUntil > latest ? { ...run, lockedUntil: latest } : run,
      ),
    })),
  }
}

function giveBack(before: SharePartition, isGivenBack: (run: Run) => boolean, settings: DeliverySettings): Ended {
  const outcomes: Outcome[] = []
  const applies = (run: Run) => run.state === 'acquired' && isGivenBack(run)
  const batches = before.batches.map((batch): InFlightBatch => {
    if (!batch.runs.some(applies)) return batch
    const runs = changedRuns(batch.runs, [batch], (run) => {
      if (!applies(run)) return run
      const [after, outcome] = givenBack(run, settings)
      outcomes.push(outcome)
      return after
    })
    return { ...batch, runs }
  })
  if (outcomes.length === 0) return { partition: before, outcomes }
  return { partition: withStartMoved({ ...before, batches }), outcomes }
}

/** [D24] The log was cut (DeleteRecords, retention): what lay below its new start is out of the window (updateCacheAndOffsets). */
export function logStartMoved(before: SharePartition, logStart: number): Ended {
  if (logStart <= before.startOffset) return { partition: before, outcomes: [] }
  const outcomes = before.batches.flatMap(({ runs }) =>
    runs
      .filter((run) => run.first < logStart && !isFinished(run))
      .map((run): Outcome => ({ ...outcomeOf(run, 'unreadable'), last: Math.min(run.last, logStart - 1) })),
  )
  const partition = startedAt(before, logStart)
  return { partition: withStartMoved({ ...partition, endOffset: Math.max(partition.endOffset, logStart) }), outcomes }
}
