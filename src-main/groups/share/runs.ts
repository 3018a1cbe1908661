import type { Millis } from '../../base/clock'

/** org.apache.kafka.server.share.fetch.RecordState; the broker writes dead letters in the commit that archives, so that there is no ARCHIVING. */
export type DeliveryState = 'available' | 'acquired' | 'acknowledged' | 'archived'

/** State of a record in flight. Records in the same state share one object, which never changes. */
export interface Delivery {
  readonly state: DeliveryState
  /** How often it was handed out; 0 for what was read along with others and never handed out. */
  readonly deliveryCount: number
  /** Who holds it; `null` unless it is acquired. */
  readonly memberId: string | null
  readonly acquiredAt: Millis | null
  readonly lockedUntil: Millis | null
}

interface Span {
  readonly first: number
  readonly last: number
}

/** Neighbouring records in the same state. */
export interface Run extends Delivery, Span {}

/**
 * Runs without holes between them, in two columns. A consumer may release every second record of a window, so that each record is a run of its
 * own: as an object it would take 110 bytes, and each acknowledgement would make ten thousand of them.
 */
export interface Runs {
  readonly first: number
  /** Last offset of each run, ascending: a run begins behind the one before it. */
  readonly lasts: readonly number[]
  /** State of each run; two neighbours are never alike. */
  readonly deliveries: readonly Delivery[]
}

type Columns = Pick<Runs, 'lasts' | 'deliveries'>

/** Records that nobody holds differ in their state and delivery count alone: one object for each pair. */
const unheld = {
  available: new Map<number, Delivery>(),
  acknowledged: new Map<number, Delivery>(),
  archived: new Map<number, Delivery>(),
}

/** State of a record that nobody holds. */
export function unheldDelivery(state: keyof typeof unheld, deliveryCount: number): Delivery {
  let delivery = unheld[state].get(deliveryCount)
  if (delivery === undefined) {
    delivery = { state, deliveryCount, memberId: null, acquiredAt: null, lockedUntil: null }
    unheld[state].set(deliveryCount, delivery)
  }
  return delivery
}

export function isFinished({ state }: Delivery): boolean {
  return state === 'acknowledged' || state === 'archived'
}

/** First offset of a run, by its index. */
export function firstOf({ first, lasts }: Runs, index: number): number {
  return index === 0 ? first : (lasts[index - 1] ?? first - 1) + 1
}

/** Index of the run that holds this offset: the first one that ends there or behind it; the number of runs when there is none. */
export function runIndexAt({ lasts }: Runs, offset: number): number {
  let [low, high] = [0, lasts.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((lasts[middle] ?? offset) < offset) low = middle + 1
    else high = middle
  }
  return low
}

export function eachRun(
  { first, lasts, deliveries }: Runs,
  visit: (delivery: Delivery, first: number, last: number) => void,
): void {
  let from = first
  lasts.forEach((last, index) => {
    const delivery = deliveries[index]
    if (delivery) visit(delivery, from, last)
    from = last + 1
  })
}

/** Runs from an offset on. */
export function runsFrom(runs: Runs, offset: number): Columns {
  const index = runIndexAt(runs, offset)
  return { lasts: runs.lasts.slice(index), deliveries: runs.deliveries.slice(index) }
}

/**
 * Runs of which `parts` were changed: a run that reaches over the end of a part is cut there, and neighbours that became alike are joined.
 * Only the runs that the parts touch are looked at; the others are copied as they are.
 *
 * @param parts ascending and disjoint
 * @param change is told the offsets, too, which lie in one run and one part
 */
export function changedRuns<P extends Span>(
  runs: Runs,
  parts: readonly P[],
  change: (delivery: Delivery, part: P, first: number, last: number) => Delivery,
): Columns {
  const [firstPart, lastPart] = [parts[0], parts.at(-1)]
  if (firstPart === undefined || lastPart === undefined) return runs
  const begin = runIndexAt(runs, firstPart.first)
  const end = runIndexAt(runs, lastPart.last) + 1
  const lasts = runs.lasts.slice(0, begin)
  const deliveries = runs.deliveries.slice(0, begin)
  const add = (last: number | undefined, delivery: Delivery | undefined) => {
    if (last === undefined || delivery === undefined) return
    const before = deliveries.at(-1)
    if (before && isAlike(before, delivery)) lasts[lasts.length - 1] = last
    else {
      lasts.push(last)
      deliveries.push(delivery)
    }
  }
  let at = 0
  let from = firstOf(runs, begin)
  for (let index = begin; index < end; index++) {
    const delivery = runs.deliveries[index]
    const last = runs.lasts[index]
    if (delivery === undefined || last === undefined) break
    for (let part = parts[at]; part !== undefined && part.first <= last; part = parts[++at]) {
      if (part.last < from) continue
      if (part.first > from) add(part.first - 1, delivery)
      const [changedFrom, changedTo] = [Math.max(part.first, from), Math.min(part.last, last)]
      add(changedTo, change(delivery, part, changedFrom, changedTo))
      from = changedTo + 1
      // The part goes on in the next run.
      if (part.last > last) break
    }
    if (from <= last) add(last, delivery)
    from = last + 1
  }
  // The first one behind the parts may be like the last one in them.
  add(runs.lasts[end], runs.deliveries[end])
  return {
    lasts: lasts.concat(runs.lasts.slice(end + 1)),
    deliveries: deliveries.concat(runs.deliveries.slice(end + 1)),
  }
}

export function isAlike(a: Delivery, b: Delivery): boolean {
  return (
    a === b ||
    (a.state === b.state &&
      a.deliveryCount === b.deliveryCount &&
      a.memberId === b.memberId &&
      a.lockedUntil === b.lockedUntil &&
      a.acquiredAt === b.acquiredAt)
  )
}
